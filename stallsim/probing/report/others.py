"""Sentences about the witness's Pings and the server's CPU time, compared with the baseline."""

from collections.abc import Iterator

from ...timeline.probed.measures import GROWN_MIN_BYTES, Latency, Period
from ...units import format_seconds, format_size
from ..judging.facts import Facts
from ..observe.observation import Observation

_OWN_SHARE = 0.5
_NOTABLE_S = 0.1
_SHARED_SHARE = 0.2
_BUSY_SHARE, _BUSIER = 0.3, 2.0

UNTOLD = (
    "whether the server starved the witness is not known: the machine or stallsim was too busy to compare "
    "its rate with that before the stall"
)


def others_lines(seen: Observation) -> Iterator[str]:
    """One sentence for each measure, with its values before, during and after the stall."""
    periods = seen.record.periods
    named = [
        (name, period)
        for name, period in (
            ("before the stall", periods.baseline),
            ("during it", periods.stall),
            ("after the client had gone" if seen.stall.vanishes else "after the wake", periods.wake),
        )
        if period is not None
    ]
    waits = [f"{_wait(period.latency)} {name}" for name, period in named if period.latency]
    if waits:
        yield "a Ping of the witness was answered after " + ", ".join(waits)
    elif named and seen.record.has_ping:
        yield "the server answered no Ping of the witness: the witness's latency is not known"
    late_s = max((_own_lag_s(period) for _, period in named), default=0.0)
    if late_s:
        yield (
            f"up to {format_seconds(late_s)} of this may be a delay of stallsim itself, which did not get "
            "CPU time"
        )
    used = [f"{period.cpu_share:.0%} {name}" for name, period in named if period.cpu_share is not None]
    if used:
        yield "the server's use of one CPU was " + ", ".join(used)


def starvation_line(seen: Observation) -> str:
    """A sentence if the server's CPU time explains why the others receive less; else empty."""
    before, during = seen.record.periods.baseline, seen.record.periods.stall
    if before is None or during is None or before.cpu_share is None or during.cpu_share is None:
        return ""
    if during.cpu_share < max(_BUSY_SHARE, _BUSIER * before.cpu_share):
        return ""
    return (
        f"the stalled client costs the server CPU time, {during.cpu_share:.0%} of one CPU during the stall "
        f"and {before.cpu_share:.0%} before: the other clients lack this time (inferred)"
    )


def memory_lines(seen: Observation, facts: Facts) -> Iterator[str]:
    """Lines on how much of its growth in memory the server had given back at the end; for several
    processes, also their PSS.
    """
    after, grown = (
        seen.record.memory_after,
        (facts.memory_peak_bytes or 0) - (seen.samples[0].memory_bytes or 0),
    )
    pss, rss = after.pss_growth_bytes, facts.memory_growth_bytes or 0
    if pss is not None and abs(rss - pss) > max(GROWN_MIN_BYTES, _SHARED_SHARE * rss):
        yield (
            "the server's processes share memory: if each shared page is counted once, the memory changed "
            f"by {format_size(pss)} during the stall (PSS)"
        )
    returned = returned_bytes(seen, facts)
    if returned is not None and grown >= GROWN_MIN_BYTES:
        since = "the client had gone" if seen.stall.vanishes else "the wake"
        back = "all" if returned >= grown else format_size(returned)
        yield (
            f"{format_seconds(max(after.end_after_s, 1e-3))} after {since} the server had returned {back} "
            f"of the {format_size(grown)} by which its memory had grown at most"
        )


def keepalive_words(seen: Observation) -> str:
    """For how long a client that answers nothing was not disconnected. A longer timeout is not seen."""
    pings, every_s = seen.record.pings, seen.record.ping_interval_s
    sent = "no Ping"
    if pings:
        each = "" if every_s is None else f", one each {format_seconds(max(every_s, 1e-3))},"
        sent = f"{pings:,} Pings{each}"
    return (
        f"the server sent {sent} in the stall, the client answered nothing, and it was not disconnected "
        f"within {format_seconds(max(seen.samples[-1].at_s, 1e-3))}: a later timeout would not be seen"
    )


def returned_bytes(seen: Observation, facts: Facts) -> int | None:
    """Bytes of memory that the server gave back from the peak in the stall to the end of the watch; None
    if memory cannot be read.
    """
    peak, end = facts.memory_peak_bytes, seen.record.memory_after.end_bytes
    return None if peak is None or end is None else max(0, peak - end)


def _wait(latency: Latency) -> str:
    most = format_seconds(max(latency.max_s, 1e-6))
    if latency.p50_s is None:
        return f"at most {most}"
    return f"{format_seconds(max(latency.p50_s, 1e-6))} (at most {most})"


def _own_lag_s(period: Period) -> float:
    """Seconds by which this program was late, if they explain the measured latency; else 0."""
    latency = period.latency
    if latency is None or latency.max_s < _NOTABLE_S or latency.own_lag_s <= _OWN_SHARE * latency.max_s:
        return 0.0
    return latency.own_lag_s
