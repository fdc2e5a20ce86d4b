"""Passes capabilities on to the programs that a process executes (capabilities(7), ambient set).

In a user namespace of its own a process has every capability, and loses them all when it executes another
program, unless its user is 0 there.
"""

import ctypes
import struct

from .libc import call

CAP_NET_ADMIN = 12
_VERSION_3, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 0x20080522, 47, 2
_SETS = struct.Struct("=6I")
"""The effective, permitted and inheritable sets of the first 32 capabilities, then of the others
(capget(2)).
"""


def keep_over_exec(capability: int) -> None:
    """Keep a capability of this process for all programs that it and its children execute from now on.

    Raises OSError.
    """
    head = struct.pack("=Ii", _VERSION_3, 0)
    sets = ctypes.create_string_buffer(_SETS.size)
    call("capget", head, sets)
    effective, permitted, inheritable, *others = _SETS.unpack(sets.raw)
    call("capset", head, _SETS.pack(effective, permitted, inheritable | 1 << capability, *others))
    call("prctl", _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0)
