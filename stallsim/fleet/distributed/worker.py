"""One worker as it is seen from where the fleet began: its actor, its share, and what it has told."""

import time
from collections import Counter
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ...timeline.fleet.clients import HeldCount
from ...timeline.fleet.reading import Reading
from ...timeline.fleet.records import Worker
from ..recorded import TICK_S
from .clocks import ClockOffset
from .share import About, Read

if TYPE_CHECKING:
    from distributed import Actor


class SeenWorker:
    """Written by the coordinator's thread; what others read of it is replaced, never changed."""

    def __init__(self, name: str, address: str, actor: "Actor", about: About) -> None:
        self.name, self.address, self.actor, self.about = name, address, actor, about
        self.assigned: Counter[str] = Counter()
        """How many clients of each kind were ordered so far."""
        self.clock = ClockOffset()
        self.answered_s = time.monotonic()
        self.last: Read | None = None
        self.lost = False

    @property
    def held(self) -> int:
        """How many clients it is to hold by now: all that were ordered, but for unopened and ended ones."""
        tally = self.last.tally if self.last else HeldCount()
        return self.assigned.total() - tally.unopened_count - tally.ended_count

    @property
    def tally(self) -> HeldCount:
        """What the worker holds, which is nothing once it is lost."""
        tally = self.last.tally if self.last else HeldCount()
        if not self.lost:
            return replace(tally, wanted=self.assigned.total())
        return HeldCount(
            wanted=self.assigned.total(),
            refused=tally.refused,
            unanswered=tally.unanswered,
            ended=tally.ended,
            lost=self.held,
            read_bytes=tally.read_bytes,
            handshakes=tally.handshakes,
            opening_s=tally.opening_s,
        )

    def reading(self, own: Reading) -> Reading:
        """What it told last, at its place on our time axis, whatever its own clock says."""
        if self.last is None or self.lost:
            return Reading(tick=own.tick, worker=self.name, tally=self.tally)
        ago_s = time.time() - (self.last.at_s - self.clock.best.seconds)
        return Reading(
            tick=max(0, own.tick - round(max(0.0, ago_s) / TICK_S)),
            worker=self.name,
            tally=self.tally,
            look=self.last.look,
            tcp_memory_bytes=self.last.tcp_memory_bytes,
            kernel_memory=self.last.kernel_memory,
        )

    def record(self, tick: int) -> Worker:
        """The worker's record: its share, and how far its clock is off."""
        best = self.clock.best
        return Worker(
            tick=tick,
            name=self.name,
            host=self.about.host,
            clients=self.assigned.total(),
            clock_offset_s=round(best.seconds, 6),
            clock_error_s=round(best.error_s, 6),
        )
