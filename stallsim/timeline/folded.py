"""Connections that ended long ago: their number, and those of each group on which a verdict depends.

A run fails on an extreme: the longest queue, the fewest bytes read, the fewest phases reached, a name that
occurred at all. The connection with such an extreme is kept with its tally, so judging these gives the
same verdict as judging all. Of the others only the number remains.
"""

from collections import Counter
from collections.abc import Iterator

from ..profile.expectation import OF_THE_RUN, Metric
from .tally import JudgedConnection

_QUEUED_MESSAGES = 2
"""From this number on, messages in the queue are judged differently from one message (``memory``)."""
Key = tuple[str, str, object]


class Folded:
    """Collects connections; iterates over those with extremes, in the order of their numbers."""

    def __init__(self) -> None:
        self.by_client: Counter[str] = Counter()
        """The number of connections in each group."""
        self._extremes: dict[Key, tuple[int, JudgedConnection]] = {}

    def __iter__(self) -> Iterator[JudgedConnection]:
        chosen = {judged.info.connection: judged for _, judged in self._extremes.values()}
        return (chosen[number] for number in sorted(chosen))

    def add(self, judged: JudgedConnection) -> None:
        """Add a connection, which is kept while one of its figures exceeds those of all before it."""
        client = judged.info.client
        self.by_client[client] += 1
        for what, of, how_far in _measures(judged):
            held = self._extremes.get((client, what, of))
            if held is None or how_far > held[0]:
                self._extremes[client, what, of] = how_far, judged


def _measures(judged: JudgedConnection) -> Iterator[tuple[str, object, int]]:
    """The figures that a verdict may use, each as a name, its subject, and its value."""
    info, tally = judged
    for metric in Metric:
        if metric not in OF_THE_RUN:
            value = tally.value(metric)
            yield "most", metric, value
            yield "least", metric, -value
    for index, reached in enumerate(tally.reached):
        yield "least reached", index, -reached
    for name in tally.seen:
        yield "seen", name, 0
    if tally.breach is not None:
        yield "not conserved", None, 0
    if tally.loss_probe_may_send:
        yield "loss probe", None, 0
    if not tally.confirmed:
        yield "not confirmed", (tally.meant_to, tally.cut_short), 0
    messages = tally.peak.queue_messages if tally.peak else 0
    yield "queue", (tally.drops, messages >= _QUEUED_MESSAGES), tally.queue_bytes_max
    if tally.waits:
        yield "waits", None, 0
    at_once = tally.received_at_once_bytes // max(1, info.snd_mss_bytes)
    yield "segments to a slow reader", None, at_once
    yield "segments at once", None, info.rcvbuf_bytes_effective // max(1, info.snd_mss_bytes)
