"""Computes numbers from an observation. Each number is a definition; none of them judges."""

from msgspec import Struct

from ...timeline.outside import Look
from ..observe.observation import Observation
from ..observe.pace import refused, usable_pace
from ..observe.silence import longest_silence, silent_s, withheld, withheld_between
from ..observe.slope import slope

_PRESSED_MIN_S = 0.3
_TAIL_S, _TAIL_GAPS = 1.5, 4
_QUIET_S, _QUIET_GAPS = 1.0, 2.5
_UNREAD_BYTES = 2**18
"""Unread bytes of the witness from which on this program counts as behind at a look."""
_BEHIND_SHARE = 0.3
"""The share of looks with that many unread bytes from which on it is no momentary lag."""
ENDED_SHARE = 0.05
"""A stream has ended if its rate after the wake is below this share of its rate before the stall."""
_SLOPE_S = 1.0
"""Seconds. Memory is read ten times per second, so a shorter series has too few readings for a slope."""
_MOSTLY = 0.5
"""If the machine withheld more than this share of a time, no rate is computed for it."""
_OWN_TIME_MIN = 0.1
"""A rate is computed for at least this share of a time, however much the machine withheld."""
_MEMORY_MIN_BYTES = 2**20
"""If fewer bytes than this were refused, the process's usual changes of memory hide their effect."""


class Facts(Struct, frozen=True, kw_only=True):
    """Numbers computed from one observation. None: the number is not known."""

    stalled_s: float
    """Seconds from the beginning of the stall to its end."""
    watched_s: float
    """The part of ``stalled_s`` in which the kernels accepted no more."""
    pressed_s: float
    """The part of ``stalled_s`` in which the client's kernel received nothing, or less than
    the witness's.
    """
    share: float | None
    """The witness's rate during ``pressed_s``, as a share of its rate in the baseline."""
    tail_share: float | None
    """The larger of ``share`` and ``net_share``, both for the last seconds of the stall only; also None if
    the machine withheld most of these seconds.
    """
    quiet: bool
    """Whether the witness, at the end of the stall, had received nothing for unusually long."""
    gap_s: float
    """The longest time during the stall in which the witness's kernel received nothing, in seconds. Bytes
    that had arrived, and that this program had not read, count as received. Time before the stall does not
    count.
    """
    withheld_s: float | None
    """Seconds of the stall in which a thread of the server or of this program was ready to run, but the
    machine ran others.
    """
    net_share: float | None
    """``share``, with each rate computed for the seconds that the machine did not withhold."""
    net_gap_s: float | None
    """``gap_s`` without the seconds that the machine withheld."""
    witness_behind: bool
    """Whether this program did not keep up with reading for the witness, since the stream is too fast."""
    stream_ended_s: float | None
    """When the witness received the last byte of a stream that did not go on after the wake either, in
    seconds since the stall began; None if the stream went on, or was not watched after the wake.
    """
    refused_per_s: float
    refused_messages: float
    memory_growth_bytes: int | None
    memory_peak_bytes: int | None
    amplification: float | None
    """Bytes of memory for each refused byte: a robust slope, or a ratio if the stall was too short for a
    slope.
    """
    late_amplification: float | None
    """The slope of memory over the second half of the refused bytes; None if it has too few readings."""


def facts_of(seen: Observation) -> Facts:
    """Compute the numbers of one observation."""
    samples = seen.samples
    first, last = samples[0], samples[-1]
    begin = _pressed_from(seen)
    pressed = [one for one in samples if one.at_s >= begin]
    seconds = last.at_s - pressed[0].at_s
    given = last.witness_bytes - pressed[0].witness_bytes
    usual = seen.record.baseline.bytes_per_s
    pace = usable_pace(seen.record.baseline.pace)
    over = [(one, refused(first, one, pace)) for one in samples]
    memory = [(over_bytes, one.memory_bytes) for one, over_bytes in over if one.memory_bytes is not None]
    growing = [(x, float(y)) for x, y in memory if x > 0]
    full = seen.record.full_after_s
    silence = longest_silence(samples)
    share = given / seconds / usual if seconds >= _PRESSED_MIN_S and usual else None
    return Facts(
        stalled_s=last.at_s,
        watched_s=0.0 if full is None else last.at_s - full,
        pressed_s=seconds,
        share=share,
        tail_share=_tail_share(seen),
        quiet=is_quiet(seen),
        stream_ended_s=_stream_ended_s(seen),
        gap_s=silence.seconds,
        withheld_s=withheld_between(first, last),
        net_share=_net_share(seen, share, begin),
        net_gap_s=silence.net_s,
        witness_behind=_behind(samples),
        refused_per_s=slope([(one.at_s, x) for one, x in over if full is not None and one.at_s >= full])
        or 0.0,
        refused_messages=seen.refused_bytes / max(1.0, seen.record.comparison.message_bytes),
        memory_growth_bytes=_growth(samples),
        memory_peak_bytes=max((y for _, y in memory), default=None),
        amplification=_amplification(seen, growing),
        late_amplification=slope([one for one in growing if one[0] >= growing[-1][0] / 2]),
    )


def is_quiet(seen: Observation) -> bool:
    """Whether the witness had received nothing for unusually long when the stall ended."""
    return _net_idle_s(seen) >= _quiet_s(seen)


def _quiet_s(seen: Observation) -> float:
    return max(_QUIET_S, _QUIET_GAPS * seen.record.baseline.worst_gap_s)


def _stream_ended_s(seen: Observation) -> float | None:
    last, after = seen.samples[-1], seen.record.witness_after_per_s
    if after is None or after >= ENDED_SHARE * seen.record.baseline.bytes_per_s:
        return None
    since_s = _net_idle_s(seen) + (
        seen.record.drain_net_gap_s or 0.0
    )  # a busy machine delays the last bytes
    if since_s < _quiet_s(seen):
        return None
    return max(0.0, last.at_s - last.witness_idle_s)


def _net_idle_s(seen: Observation) -> float:
    """Seconds for which the witness had received nothing when the stall ended, without those withheld."""
    last = seen.samples[-1]
    idle_s = silent_s(last)
    begin_s = last.at_s - min(idle_s, last.at_s)
    return idle_s - (withheld(seen.samples, begin_s, last.at_s) or 0.0)


def _net_share(seen: Observation, share: float | None, begin_s: float) -> float | None:
    before, end_s = seen.record.baseline, seen.samples[-1].at_s
    withheld_s = withheld(seen.samples, begin_s, end_s)
    if share is None or withheld_s is None or before.withheld_share is None:
        return None
    now = 1 - withheld_s / (end_s - begin_s)
    then = 1 - before.withheld_share
    return share * max(_OWN_TIME_MIN, then) / max(_OWN_TIME_MIN, now)


def _amplification(seen: Observation, growing: list[tuple[float, float]]) -> float | None:
    """``growing``: refused bytes and memory of the looks at which bytes had been refused."""
    growth = _growth(seen.samples)
    if growth is None or seen.refused_bytes < _MEMORY_MIN_BYTES:
        return None
    if seen.samples[-1].at_s < _SLOPE_S:
        return growth / seen.refused_bytes
    return slope(growing)


def _behind(samples: tuple[Look, ...]) -> bool:
    late = sum(1 for one in samples if one.witness_rcvq_bytes >= _UNREAD_BYTES)
    return late >= _BEHIND_SHARE * len(samples)


def _pressed_from(seen: Observation) -> float:
    """When the kernels began to accept no more; if they never did, an estimate that
    depends on the stall.
    """
    if seen.record.full_after_s is not None:
        return seen.record.full_after_s
    last = seen.samples[-1]
    if seen.stall.healthy:
        return last.at_s / 4
    if not seen.record.visible:
        return max(0.0, last.at_s - last.witness_idle_s)
    return next(one.at_s for one in seen.samples if _taken(one) == _taken(last))


def _tail_share(seen: Observation) -> float | None:
    samples, usual = seen.samples, seen.record.baseline.bytes_per_s
    last = samples[-1]
    long_s = max(_TAIL_S, _TAIL_GAPS * seen.record.baseline.worst_gap_s)
    if seen.stall.healthy:  # the client reads in bursts
        long_s = max(long_s, last.at_s * 3 / 4)
    if last.at_s < long_s or not usual:
        return None
    begin = next(one for one in reversed(samples) if one.at_s <= last.at_s - long_s)
    seconds = last.at_s - begin.at_s
    if (withheld(samples, begin.at_s, last.at_s) or 0.0) > _MOSTLY * seconds:
        return None
    share = (last.witness_bytes - begin.witness_bytes) / seconds / usual
    return max(share, _net_share(seen, share, begin.at_s) or 0.0)


def _taken(sample: Look) -> int:
    """Bytes that both kernels have accepted for the stalled client."""
    return sample.received_bytes + (sample.outq_bytes or 0)


def _growth(samples: tuple[Look, ...]) -> int | None:
    first, last = samples[0].memory_bytes, samples[-1].memory_bytes
    return None if first is None or last is None else last - first
