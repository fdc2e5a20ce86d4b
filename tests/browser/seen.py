"""What is compared: one stall, as the server, the two kernels and the browser's inside show it."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from stallsim.clients._browser import Asleep
from stallsim.clients.sleeping_tab import Wake
from stallsim.kinds import Phase
from stallsim.phases import next_phase
from stallsim.timeline.sample import Sample


class Setup(NamedTuple):
    """What both of them are given."""

    frame_bytes: int
    """Of a message on the wire, before it is compressed."""
    deflate: bool
    interval_s: float
    ping_interval_s: float | None
    asleep: Asleep
    wake: Wake
    sleeps_after: int
    """Messages that the page had seen when it fell asleep: decides where among them the Pings fall."""
    asleep_s: float
    congestion: str
    sndbuf_bytes: int | None
    rcvbuf_bytes: int
    """The client's receive buffer as it fell asleep; more than the initial one where an earlier burst
    has made the kernel grow it."""

    @property
    def ping_ticks(self) -> int:
        """Messages from one Ping to the next."""
        return max(1, round((self.ping_interval_s or 0.0) / self.interval_s))


class Seen(NamedTuple):
    """What was seen. Seconds count from the first message that the page did not see; None: never."""

    options: dict[str, int]
    """Empty: not recorded."""
    message_bytes: int
    """Of a message on the wire; where messages are compressed, their mean."""
    held_bytes: int
    stopped_s: float | None
    """Reading stopped."""
    zero_window_s: float | None
    rcvq_bytes: int | None
    """The client's receive queue at the zero window."""
    refused_s: float | None
    """The first write that the server's kernel did not take whole."""
    absorbed_bytes: int | None
    """Written from the freeze to that refusal."""
    outq_bytes: int | None
    """The server's send queue at that refusal."""
    phases: tuple[str, ...]
    """While asleep, in the order in which they began."""
    pongs_asleep: int | None
    """Of the Pings sent while it was asleep: answered before it woke. None where none were sent."""
    pongs_late: str | None
    """Of the others: how many were answered after it woke."""
    ending: str
    last_read_bytes: int | None
    """Read after it woke, where it then closed instead of draining."""
    drain_bytes_per_s: float | None


DRAINED = "drained"


def phases_of(asleep: Iterable[Sample]) -> tuple[str, ...]:
    """The phases that our table finds in a sleep's samples, each at its first occurrence.

    Both begin as flowing, whatever a sample before the freeze may have caught on its way.
    """
    return tuple(dict.fromkeys(phase.value for phase in _walk(asleep)))


def _walk(samples: Iterable[Sample]) -> Iterator[Phase]:
    phase = Phase.FLOWING
    yield phase
    for before, now in pairwise(samples):
        phase = next_phase(phase, before, now) or phase
        yield phase


def all_of(answered: int, asked: int) -> str:
    """How many of how many, in a word where there is one."""
    return {asked: "all", 0: "none"}.get(answered, f"{answered} of {asked}")
