"""Guard sets by name: none, each guard alone, and guards joined with ``+``."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from ..errors import StallsimError, UnknownVariant
from ..profile.validation import convert, keys_of
from ..server.guards import GUARDS, Guard
from . import scaled

NONE = "none"
_CLOSE = "-close"
_COMBINED = (
    "ping-timeout-close+close-timeout",
    "ping-timeout+handshake-timeout",
    "tcp-keepalive+tcp-user-timeout",
)
Tables = dict[str, dict[str, Any]]
"""``[server.guards.GUARD]`` tables."""


def guard_set_names() -> list[str]:
    """The sets that the matrix tries. A guard that can end by an abort or by a Close gives two sets."""
    return [NONE, *_singles(), *_COMBINED]


def guard_set_of(name: str) -> Tables:
    """The tables of a set, scaled; any guards may be joined with ``+``. Raises UnknownVariant."""
    if name == NONE:
        return {}
    singles, tables = _singles(), {}
    for part in name.split("+"):
        if part == NONE:
            raise StallsimError(
                f"guard set {name!r}: none is a set of its own, which cannot be joined with a guard"
            )
        if part not in singles:
            raise UnknownVariant("guard set", part, guard_set_names())
        ((guard, options),) = singles[part].items()
        if guard in tables:
            raise StallsimError(f"guard set {name!r}: the set contains {guard} twice; name each guard once")
        tables[guard] = options
    return tables


def guards(name: str) -> Iterator[Guard]:
    """The guards of a set."""
    for guard, options in guard_set_of(name).items():
        yield convert(options, GUARDS.find(guard))


@cache
def probes_the_peer(name: str) -> bool:
    """Whether a guard of the set, or its kernel timer, probes for the peer; such a set is tried at two
    rates.
    """
    return any(guard.kernel_timer or guard.ping_interval_s is not None for guard in guards(name))


@cache
def on_the_kernels_clock(name: str) -> bool:
    """Whether a guard of the set needs realtime."""
    return any(guard.kernel_timer for guard in guards(name))


def _singles() -> dict[str, Tables]:
    made: dict[str, Tables] = {}
    for name in GUARDS.names():
        spec = GUARDS.find(name)
        options = scaled.options(spec)
        made[name] = {name: options}
        if "end" in keys_of(spec):
            made[name + _CLOSE] = {name: {**options, "end": "close"}}
    return made
