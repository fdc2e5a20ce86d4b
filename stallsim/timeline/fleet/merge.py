"""Merges readings of a fleet: of all workers at one time, or of successive periods."""

from collections.abc import Iterable, Sequence
from heapq import nlargest
from typing import TypeVar

from ...kinds import ParkedEnding
from ..histogram import Histogram, added
from .clients import Ends, HeldCount
from .looks import ChargedEnds, FleetLook, KernelMemory
from .reading import Reading
from .witnessed import Witnessed

Number = TypeVar("Number", int, float)
PONGS_MIN = 20
"""The least Pongs from which percentiles are computed."""
WORST_MAX = 5


def together(readings: Sequence[Reading]) -> Reading:
    """Merge one reading of each worker: counts and histograms add up; of values that several workers may
    have read on one machine, the largest counts. At least one reading is required.
    """
    witnessed = [one.witnessed for one in readings if one.witnessed is not None]
    looks = [one.look for one in readings if one.look is not None]
    return Reading(
        tick=max(one.tick for one in readings),
        tally=total([one.tally for one in readings]),
        witnessed=side_by_side(witnessed) if witnessed else None,
        look=_looks(looks) if looks else None,
        rss_bytes=_most(one.rss_bytes for one in readings),
        cpu_s=_most(one.cpu_s for one in readings),
        tcp_memory_bytes=_most(one.tcp_memory_bytes for one in readings),
        kernel_memory=_kernel_memory([one.kernel_memory for one in readings if one.kernel_memory]),
    )


def total(tallies: Sequence[HeldCount]) -> HeldCount:
    """The sums of the tallies; the time of opening is the longest, since all open at the same time."""
    return HeldCount(
        wanted=sum(one.wanted for one in tallies),
        connecting=sum(one.connecting for one in tallies),
        parked=sum(one.parked for one in tallies),
        awake=sum(one.awake for one in tallies),
        refused=_sums(one.refused for one in tallies),
        unanswered=_sums(one.unanswered for one in tallies),
        ended=_ends([one.ended for one in tallies]),
        lost=sum(one.lost for one in tallies),
        read_bytes=sum(one.read_bytes for one in tallies),
        handshakes=sum(one.handshakes for one in tallies),
        opening_s=max((one.opening_s for one in tallies), default=0.0),
        memory_bytes=sum(one.memory_bytes for one in tallies),
    )


def side_by_side(parts: Sequence[Witnessed]) -> Witnessed:
    """Merge measurements of different witnesses at the same time. At least one part is required."""
    witnesses = sum(one.witnesses for one in parts)
    return witnessed(
        witnesses=witnesses,
        seconds=max(one.seconds for one in parts),
        given_bytes=sum(one.given_bytes for one in parts),
        bytes_per_s=sum(one.bytes_per_s * one.witnesses for one in parts) / max(1, witnesses),
        waits_us=added(one.waits_us for one in parts),
        worst_s=max(one.worst_s for one in parts),
        own_lag_s=max(one.own_lag_s for one in parts),
        silent_s=max(one.silent_s for one in parts),
        waiting_s=tuple(wait_s for one in parts for wait_s in one.waiting_s),
        ended=sum(one.ended for one in parts),
    )


def one_after_another(parts: Sequence[Witnessed]) -> Witnessed:
    """Merge measurements of the same witnesses in successive periods. At least one part is required."""
    seconds = sum(one.seconds for one in parts)
    return witnessed(
        witnesses=parts[-1].witnesses,
        seconds=seconds,
        given_bytes=sum(one.given_bytes for one in parts),
        bytes_per_s=sum(one.bytes_per_s * one.seconds for one in parts) / max(seconds, 1e-6),
        waits_us=added(one.waits_us for one in parts),
        worst_s=max(one.worst_s for one in parts),
        own_lag_s=max(one.own_lag_s for one in parts),
        silent_s=max(one.silent_s for one in parts),
        waiting_s=parts[-1].waiting_s,
        ended=parts[-1].ended,
    )


def witnessed(
    *,
    witnesses: int,
    seconds: float,
    bytes_per_s: float,
    waits_us: Histogram,
    worst_s: float,
    own_lag_s: float,
    ended: int,
    silent_s: float = 0.0,
    waiting_s: tuple[float, ...] = (),
    given_bytes: int = 0,
) -> Witnessed:
    """The measurements, with the percentiles of the histogram if there are enough Pongs."""
    pongs = waits_us.total
    enough = pongs >= PONGS_MIN
    p50_us, p99_us = waits_us.at(0.5), waits_us.at(0.99)
    return Witnessed(
        witnesses=witnesses,
        seconds=round(seconds, 3),
        bytes_per_s=round(bytes_per_s),
        pongs=pongs,
        p50_s=round(min(p50_us / 1e6, worst_s), 6) if enough and p50_us is not None else None,
        p99_s=round(min(p99_us / 1e6, worst_s), 6) if enough and p99_us is not None else None,
        worst_s=round(worst_s, 6),
        own_lag_s=round(own_lag_s, 6),
        ended=ended,
        waits_us=waits_us,
        waiting_s=waiting_s,
        silent_s=round(silent_s, 6),
        given_bytes=given_bytes,
    )


def _kernel_memory(parts: Sequence[KernelMemory]) -> KernelMemory | None:
    """The kernel memory of several machines, each of which reads its own sockets."""
    if not parts:
        return None
    servers = [one.server for one in parts if one.server is not None]
    return KernelMemory(
        clients=_ends_together([one.clients for one in parts]),
        server=_ends_together(servers) if servers else None,
        took_s=max(one.took_s for one in parts),
    )


def _ends_together(parts: Sequence[ChargedEnds]) -> ChargedEnds:
    return ChargedEnds(sum(one.sockets for one in parts), sum(one.charged_bytes for one in parts))


def _looks(looks: Sequence[FleetLook]) -> FleetLook:
    worst = nlargest(WORST_MAX, (one for look in looks for one in look.worst), lambda one: one.queue_bytes)
    return FleetLook(
        connections=sum(one.connections for one in looks),
        by_state=_sums(one.by_state for one in looks),
        stalled=sum(one.stalled for one in looks),
        outq_bytes=sum(one.outq_bytes for one in looks),
        queues=added(one.queues for one in looks),
        ended_unseen=sum(one.ended_unseen for one in looks),
        worst=tuple(worst),
        of_clients=all(one.of_clients for one in looks),
        took_s=max(one.took_s for one in looks),
    )


def _ends(parts: Sequence[dict[ParkedEnding, Ends]]) -> dict[ParkedEnding, Ends]:
    ways = [way for way in ParkedEnding if any(way in part for part in parts)]
    return {
        way: Ends(
            count=sum(part[way].count for part in parts if way in part),
            open_ms=added(part[way].open_ms for part in parts if way in part),
        )
        for way in ways
    }


def _sums(parts: Iterable[dict[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for part in parts:
        for name, count in part.items():
            sums[name] = sums.get(name, 0) + count
    return sums


def _most(values: Iterable[Number | None]) -> Number | None:
    return max((one for one in values if one is not None), default=None)
