"""Plans which stalls a probe tries, and how long each is watched."""

from collections.abc import Iterator
from typing import NamedTuple

from ..errors import StallsimError
from .possible import keepalive_stalls
from .spec import MAIN_STALLS, ProbeSpec, WatchUntil
from .stalls import Stall, at_rate, find_stall

_STEPS_S, _WATCHES = 180.0, 3.0


class Planned(NamedTuple):
    """One stall that will be tried."""

    stall: Stall
    watch: WatchUntil
    keepalive: bool = False
    """Whether this stall tests if a client that answers no Ping is disconnected within the watch."""

    @property
    def limit_s(self) -> float:
        """Seconds that the whole stall cannot exceed, since each of its steps has a time limit."""
        return _STEPS_S + _WATCHES * self.watch.seconds


def plan_of(spec: ProbeSpec, protocol: str) -> list[Planned]:
    """The stalls, in the order in which they begin and are reported.

    Raises UnknownVariant for an unknown stall, StallsimError if none is named.
    """
    plan = [*_stalls(spec), *_keepalive(spec, protocol)]
    if not plan:
        raise StallsimError("no stall was named")
    return plan


def _stalls(spec: ProbeSpec) -> Iterator[Planned]:
    """The named stalls. All are watched for long; but of the main stalls only the first."""
    for place, stall in enumerate(_named(spec)):
        brief = stall.aside or (place > 0 and spec.stalls == MAIN_STALLS)
        yield Planned(stall, spec.watch or (spec.short if brief else spec.horizon))


def _named(spec: ProbeSpec) -> Iterator[Stall]:
    """The named stalls; with ``rate``, those that read slowly read at that rate. Raises StallsimError if
    there is none.
    """
    stalls = [find_stall(name) for name in spec.stalls]
    slow = [stall for stall in stalls if stall.reads_slowly] or stalls[:1]
    for stall in stalls:
        yield at_rate(stall, spec.rate_per_s) if spec.rate_per_s and stall in slow else stall


def _keepalive(spec: ProbeSpec, protocol: str) -> Iterator[Planned]:
    if spec.keepalive_s is not None:
        for name in keepalive_stalls(protocol):
            yield Planned(find_stall(name), WatchUntil(seconds=spec.keepalive_s), keepalive=True)
