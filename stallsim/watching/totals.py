"""Sums over the connections of a look: for each port, and for all. Pure."""

from collections import Counter
from collections.abc import Sequence

from ..kinds import CALM, Word
from ..probing.server.process_tree import sum_if_known
from ..timeline.watched import PortTotals, Totals, WatchedConnection

_CALM = {word.value for word in CALM}


def port_totals(
    port: int, counts: Counter[tuple[int, Word]], described: Sequence[WatchedConnection]
) -> PortTotals:
    """The totals of one port.

    ``counts`` counts every connection by port and word; ``described`` holds those in which anything waits.
    """
    here = [one for one in described if one.port == port]
    words = {word.value: counts[port, word] for word in Word if counts[port, word]}
    oldest: dict[str, float] = {}
    for one in here:
        if one.word not in _CALM:
            oldest[one.word] = max(oldest.get(one.word, 0.0), one.for_s or 0.0)
    return PortTotals(
        port=port,
        connections=sum(words.values()),
        words=words,
        oldest_s=oldest,
        unsent_bytes=sum_if_known(one.unsent_bytes for one in here),
        queued_bytes=sum(one.queued_bytes for one in here),
        pinned_bytes=sum_if_known(one.pinned_bytes for one in here),
    )


def all_totals(
    ports: Sequence[PortTotals], described: Sequence[WatchedConnection], tcp_memory_share: float | None
) -> Totals:
    """The totals of all ports together."""
    orphans = (one.pinned_bytes or 0 for one in described if one.word == Word.ORPHAN.value)
    return Totals(
        connections=sum(one.connections for one in ports),
        words={word.value: sum(one.words.get(word.value, 0) for one in ports) for word in Word},
        unsent_bytes=sum_if_known(one.unsent_bytes for one in ports),
        queued_bytes=sum(one.queued_bytes for one in ports),
        pinned_bytes=sum_if_known(one.pinned_bytes for one in ports),
        orphans_pinned_bytes=sum(orphans),
        tcp_memory_share=tcp_memory_share,
    )
