"""Checks that the system is Linux, since stallsim reads Linux's TCP queues and has no other source. Also
checks that the process may have the memory that every command needs.
"""

import sys
from pathlib import Path

from .errors import EnvironmentUnfit

_ADDRESS_SPACE_MIN = 64 * 2**20
"""Bytes. A probe needs 54 MB. With a little less, memory is refused to a thread that has just been started,
and CPython waits for ever for that thread to say that it runs.
"""


def require_linux() -> None:
    """Raises EnvironmentUnfit on any other system, before anything of Linux is imported, and without
    /proc.
    """
    if sys.platform != "linux":
        raise EnvironmentUnfit(f"stallsim reads Linux's TCP queues and cannot run on {sys.platform}")
    if not Path("/proc/self/fd").exists():
        raise EnvironmentUnfit("stallsim reads /proc, and no proc file system is mounted there")


def require_address_space() -> None:
    """Raises EnvironmentUnfit if the limit is so low (``ulimit -v``) that a command may hang."""
    import resource  # noqa: PLC0415 - Windows has none

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < _ADDRESS_SPACE_MIN:
        raise EnvironmentUnfit(
            f"a command needs {_ADDRESS_SPACE_MIN >> 10:,} KiB of address space, and this process may have "
            f"{limit >> 10:,} KiB: raise this limit (ulimit -v)"
        )
