"""Which stalls are tried, and how long each is watched."""

from collections.abc import Iterator
from typing import NamedTuple

from ..errors import StallsimError
from .possible import keepalive_stalls
from .spec import MAIN_STALLS, ProbeSpec, Watch
from .stalls import Stall, find_stall

_STEPS_S, _WATCHES = 180.0, 3.0


class Planned(NamedTuple):
    """One stall that will be tried."""

    stall: Stall
    watch: Watch

    @property
    def limit_s(self) -> float:
        """Every step has an end in time; this is what all of them together cannot take."""
        return _STEPS_S + _WATCHES * self.watch.seconds


def plan_of(spec: ProbeSpec, protocol: str) -> list[Planned]:
    """In their order. Raises UnknownVariant for a stall that is none, StallsimError where there is none."""
    plan = [*_stalls(spec), *_keepalive(spec, protocol)]
    if not plan:
        raise StallsimError("no stall was named")
    return plan


def _stalls(spec: ProbeSpec) -> Iterator[Planned]:
    """Of the main ones the first alone is looked at for long, of those that were named all."""
    for place, stall in enumerate(map(find_stall, spec.stalls)):
        brief = stall.vanishes or stall.reads_all or (place > 0 and spec.stalls == MAIN_STALLS)
        yield Planned(stall, spec.watch or (spec.short if brief else spec.horizon))


def _keepalive(spec: ProbeSpec, protocol: str) -> Iterator[Planned]:
    if spec.keepalive_s is not None:
        for name in keepalive_stalls(protocol):
            yield Planned(find_stall(name), Watch(seconds=spec.keepalive_s))
