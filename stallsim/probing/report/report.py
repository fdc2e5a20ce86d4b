"""Makes a stall's report, for people and machines, from an observation and its judgement."""

from collections.abc import Iterator

from ...timeline.probed.comparison import Comparison
from ...timeline.probed.measures import Healthy
from ...timeline.probed.outcomes import Finding, Outcome
from ...timeline.probed.result import Figure, StallReport
from ...units import format_seconds, format_size
from ..judging.cut import cut_words, healthy_cuts
from ..judging.facts import Facts, facts_of
from ..judging.judgement import Judgement
from ..judging.reactions import reactions_of
from ..judging.share import share_if_known
from ..observe.observation import Observation
from .advice import LEAKS, advise
from .ending import end_lines
from .figures import with_witness_figures
from .forecast import forecast, growth_per_s
from .held import held_by
from .left import left_lines
from .looked import KERNEL_BYTES, SHARE_AT_THE_END, STREAM_ENDED
from .others import (
    UNTOLD,
    keepalive_words,
    memory_lines,
    others_lines,
    returned_bytes,
    starvation_line,
)
from .pauses import pause_lines
from .rhythm import lag_lines, rhythm_words
from .sentence import summary
from .shown_bound import bound_lines
from .waiting import waited


def report_of(seen: Observation, judged: Judgement) -> StallReport:
    """The report of one stall."""
    facts = facts_of(seen)
    reactions = reactions_of(seen, facts, judged)
    compared = seen.record.comparison
    end = seen.record.end
    growing = judged.outcome in (Outcome.UNBOUNDED_GROWTH, Outcome.GROWTH)
    held = held_by(seen, facts, judged)
    return StallReport(
        stall=seen.stall.name,
        does=seen.stall.in_words(),
        outcome=judged.outcome,
        confidence=judged.confidence,
        summary=summary(seen, facts, judged, reactions),
        evidence=tuple(_evidence(seen, facts, judged)),
        advice=tuple(_advice(seen, judged)),
        findings=judged.findings,
        dropped=judged.dropped,
        verified=seen.verified,
        stalled_s=round(facts.stalled_s, 3),
        watched_s=round(facts.watched_s, 3),
        fills_in_s=judged.fills_in_s,
        reactions=reactions,
        waited=waited(seen),
        refused_bytes=seen.refused_bytes,
        growth_bytes_per_s=round(growth_per_s(seen, facts).bytes_per_s, 1) if growing else 0.0,
        amplification=None if facts.amplification is None else round(facts.amplification, 3),
        held_bytes=held.number,
        held_bytes_min=held.at_least,
        held_bytes_max=held.at_most,
        missing_messages=compared.missing,
        closed_after_s=None
        if end is None or end.decided_after_s is None
        else round(end.decided_after_s, 3),
        close_code=None if end is None else end.code,
        ended_by=None if end is None else end.how,
        ending=seen.record.ending,
        cuts=healthy_cuts(seen),
        others_known=judged.others_known,
        periods=seen.record.periods,
        memory_returned_bytes=returned_bytes(seen, facts),
        figures=tuple(_figures(seen, facts, compared)),
    )


def _advice(seen: Observation, judged: Judgement) -> Iterator[str]:
    leaks = Finding.LEAKS_AFTER_CLOSE in judged.findings
    if leaks:
        yield from LEAKS
    if judged.change and not leaks:
        yield judged.change
    yield from advise(judged.outcome, seen.record.server, healthy=seen.stall.healthy)


def _evidence(seen: Observation, facts: Facts, judged: Judgement) -> Iterator[str]:
    record = seen.record
    usual = record.baseline.bytes_per_s
    yield judged.because
    is_outcome = (
        judged.outcome is Outcome.DISCONNECTS
    )  # the outcome states the stalled client's end in the same words
    for one in healthy_cuts(seen):
        words = cut_words(one, has_ping=record.has_ping)
        if words not in judged.because and not (is_outcome and one.who is Healthy.SLOW_CLIENT):
            yield words
    worst = f", with gaps of up to {format_seconds(max(record.baseline.worst_gap_s, 1e-3))}"
    rate = f"{format_size(usual)}/s, " if record.baseline.messages != 1 else "one message: "
    yield (
        f"before the stall the witness received {rate}{rhythm_words(record.baseline)}"
        + (worst if record.baseline.has_stream else "")
    )
    if record.still_joining:
        yield (
            "this rate may be that of the messages that the server sends on joining, and not that of the "
            "stream: they were still being received"
        )
    yield from lag_lines(seen, facts)
    share = share_if_known(seen, facts)
    if share is not None:
        yield f"beside the stalled client the witness received {share:.0%} of this rate"
    if not judged.others_known:
        yield UNTOLD
    if facts.stream_ended_s is not None:
        yield (
            f"the stream ended {format_seconds(max(facts.stream_ended_s, 1e-3))} into the stall, also for "
            "the witness, and did not continue after the wake"
        )
    if facts.gap_s > 0.2 and record.baseline.has_stream:
        yield f"during the stall the witness received nothing for up to {format_seconds(facts.gap_s)}"
    if record.full_after_s is not None:
        yield (
            f"the kernels accepted no more after {format_seconds(max(record.full_after_s, 1e-3))}, when "
            f"they held {format_size(seen.kernel_bytes)}"
        )
    yield from pause_lines(seen, judged)
    yield from end_lines(seen)
    yield from others_lines(seen)
    if Finding.STARVES_OTHERS in judged.findings and (starved := starvation_line(seen)):
        yield starved
    if Finding.FREEZES_ON_RESUME in judged.findings or record.drain_gap_s > 0.5:
        yield f"after the wake the witness received nothing for {format_seconds(record.drain_gap_s)}"
    if facts.memory_growth_bytes is not None:
        ratio = "" if facts.amplification is None else f", {facts.amplification:.2g} for each refused byte"
        yield f"the server's memory changed by {format_size(facts.memory_growth_bytes)}{ratio}"
    yield from memory_lines(seen, facts)
    if judged.outcome in (Outcome.UNBOUNDED_GROWTH, Outcome.GROWTH):
        yield forecast(seen, facts)
    yield from bound_lines(seen, facts, judged, held_by(seen, facts, judged).number)
    yield from left_lines(seen, judged)
    if Finding.KEEPALIVE_BLIND in judged.findings:
        yield keepalive_words(seen)
    if not record.has_ping:
        yield (
            "the protocol of this stream has no Ping: the server cannot ask whether a client is alive, so "
            "keepalive was not tested, and the latency of other clients was not measured"
        )
    if record.memory_remedy:
        yield f"the server's memory could not be read: {record.memory_remedy}"
    if not record.visible:
        yield "the server's end of the connection could not be read: the bytes in its kernel are not known"


def _figures(seen: Observation, facts: Facts, compared: Comparison) -> Iterator[Figure]:
    def figure(name: str, value: float | None, unit: str, *, measured: bool = True) -> Figure:
        return Figure(
            name=name, value=None if value is None else round(value, 6), unit=unit, measured=measured
        )

    yield figure("baseline_bytes_per_s", seen.record.baseline.bytes_per_s, "B/s")
    yield figure("baseline_gap_s_max", seen.record.baseline.worst_gap_s, "s")
    yield figure("witness_share", share_if_known(seen, facts), "ratio")
    yield figure(SHARE_AT_THE_END, None if facts.quiet else facts.tail_share, "ratio")
    yield figure("witness_gap_s_max", facts.gap_s, "s")
    yield figure(STREAM_ENDED, facts.stream_ended_s, "s")
    yield figure("stalled_s", facts.stalled_s, "s")
    yield figure("withheld_s", facts.withheld_s, "s")
    yield figure(KERNEL_BYTES, seen.kernel_bytes, "B", measured=seen.record.visible)
    yield figure("refused_bytes", seen.refused_bytes, "B", measured=False)
    yield figure("joining_bytes", seen.record.joining_bytes, "B", measured=False)
    yield figure("refused_bytes_per_s", facts.refused_per_s, "B/s", measured=False)
    yield figure("memory_growth_bytes", facts.memory_growth_bytes, "B")
    yield figure("memory_peak_bytes", facts.memory_peak_bytes, "B")
    yield figure("amplification", facts.amplification, "ratio", measured=False)
    yield figure("lag_wake_messages", compared.lag_wake, "messages")
    yield figure("lag_end_messages", compared.lag_end, "messages")
    yield figure("missing_messages", compared.missing, "messages")
    yield figure("drain_s", seen.record.drain_s, "s")
    yield figure("drain_gap_s_max", seen.record.drain_gap_s, "s")
    yield figure("growth_after_close_bytes_per_s", seen.record.growth_after_close_per_s, "B/s")
    yield figure("watched_after_close_s", seen.record.gone_s or None, "s")
    for measured in with_witness_figures(seen, facts):
        yield figure(*measured)
