"""The account of a run: its verdict, its stalled clients, its ledger, its profile."""

from collections.abc import Iterator

from ...kinds import Stalls
from ...timeline.ledger import Ledger, make_ledger
from ...timeline.records import Header
from ...timeline.tally import ENDED, JudgedConnection
from ...timeline.timeline import Timeline
from ...units import format_count, format_seconds
from ...verdict.expectations import describe, unmet_by
from ...verdict.memory import judge_queue
from ...verdict.verdict import Verdict, VerdictKind
from ..account import Account, Check, CheckStatus, Section, Table
from .machine import at_second, machine_facts

_ROWS_MAX = 12
_ENTRIES_MAX = 40
_BOUND = {True: "bounded", False: "no bound seen", None: "not tested"}


def account_of_run(timeline: Timeline, verdict: Verdict) -> Account:
    """The account of a run. Raises LookupError if the timeline has no header."""
    header, scenario = timeline.header, timeline.scenario
    if header is None:
        raise LookupError("the timeline has no header")
    ledger = make_ledger(timeline)
    return Account(
        kind="run",
        title=f"{scenario.profile}: {scenario.title}",
        outcome=verdict.outcome.name,
        bad=verdict.outcome is VerdictKind.FAIL,
        words=(*verdict.reasons, f"memory {verdict.memory}"),
        tables=(_clients(timeline), _ledger(ledger)),
        advice=tuple(_advice(verdict)),
        evidence=tuple(_evidence(timeline)),
        facts=(*machine_facts(header), *_profile(header, ledger, timeline)),
        checks=tuple(_checks(timeline, verdict)),
        seconds=timeline.end.wall_s if timeline.end else 0.0,
    )


def _clients(timeline: Timeline) -> Table:
    """The clients that were meant to stall, the longest queue first; all clients if none was meant to."""
    judged = list(timeline.judged())
    stalled = [one for one in judged if one.tally.meant_to or one.info.stalls is Stalls.MUST]
    shown = sorted(stalled or judged, key=lambda one: -one.tally.queue_bytes_max)
    rows = [_client(one, timeline) for one in shown[:_ROWS_MAX]]
    if len(shown) > _ROWS_MAX:
        rows.append((f"and {len(shown) - _ROWS_MAX} more", "", "", "", ""))
    who = "stalled client" if stalled else "client"
    columns = (who, "outcome", "server's queue", "longest queue", "end")
    return Table("Clients", columns, tuple(rows))


def _client(judged: JudgedConnection, timeline: Timeline) -> tuple[str, ...]:
    info, tally = judged
    tick_s = timeline.scenario.tick_s
    queue = judge_queue(judged, timeline)
    bound = _BOUND[queue.bounded] if queue else "never used"
    longest = "0 bytes"
    if tally.peak is not None and tally.peak.queue_bytes:
        longest = f"{format_count(tally.peak.queue_bytes)} bytes at {at_second(tally.peak.tick, tick_s)}"
    outcome = "stalled" if tally.confirmed else "stall not confirmed" if tally.meant_to else "kept reading"
    last = tally.phase.value if tally.phase else "never sampled"
    end = f"{last} at {at_second(tally.last.tick, tick_s)}" if tally.last else last
    return f"{info.client} (#{info.connection})", outcome, bound, longest, end


def _ledger(ledger: Ledger) -> Table:
    """Every phase as it began; the middle of a long ledger is left out."""
    columns = (
        "tick",
        "client",
        "phase",
        "read",
        "receive queue",
        "send queue",
        "server's queue",
        "dropped",
    )
    rows = [
        (
            format_count(one.tick), f"{one.client} (#{one.connection})", one.phase,
            *(format_count(n) for n in
              (one.read_bytes, one.rcvq_bytes, one.outq_bytes, one.queue_bytes, one.dropped_bytes)),
        )
        for one in ledger.entries
    ]  # fmt: skip
    if len(rows) > _ENTRIES_MAX:
        left_out = len(rows) - _ENTRIES_MAX
        gap = ("...", f"{format_count(left_out)} entries are left out", *[""] * (len(columns) - 2))
        rows[_ENTRIES_MAX // 2 : -_ENTRIES_MAX // 2] = [gap]
    return Table("Ledger: every phase, with the bytes in each queue as it began", columns, tuple(rows))


def _advice(verdict: Verdict) -> Iterator[str]:
    if verdict.memory_bounded is False:
        yield (
            "limit the bytes that may wait for one client: beyond the limit drop the oldest message, keep "
            "only the newest of each key, or disconnect (policies drop-oldest, conflate, disconnect)"
        )
        yield "a guard such as ping-timeout ends the stall, but does not limit the queue before that"
    elif verdict.memory_bounded is None:
        yield "the server's queue did not fill: to test its limit, use a longer stall or a faster stream"


def _evidence(timeline: Timeline) -> Iterator[Section]:
    scenario = timeline.scenario
    for title, text in (
        ("What was done", scenario.description),
        ("What the profile expects", scenario.expectation),
    ):
        paragraphs = (" ".join(one.split()) for one in text.split("\n\n"))
        yield Section(title, tuple(filter(None, paragraphs)))


def _profile(header: Header, ledger: Ledger, timeline: Timeline) -> Iterator[tuple[str, str]]:
    scenario = header.scenario
    duration = format_seconds(scenario.ticks * scenario.tick_s)
    yield (
        "pace",
        f"{scenario.pace.value}, {format_count(scenario.ticks)} ticks, {duration} of scenario time",
    )
    yield "stream", f"a frame of {format_count(scenario.stream.frame)} bytes on the wire"
    yield "server", f"policy {scenario.server.policy}, writes {scenario.server.write.value}"
    yield "connections", format_count(timeline.connections.opened)
    pinned = "pinned" if ledger.pinned else f"not pinned: {', '.join(ledger.not_pinned)}"
    yield "digest", f"{ledger.digest} ({pinned})"
    if timeline.end is not None and timeline.end.attempts > 1:
        yield "attempts", f"{timeline.end.attempts}: {timeline.end.why_again}"


def _checks(timeline: Timeline, verdict: Verdict) -> Iterator[Check]:
    """A check for each expectation, and one for what must hold in every run."""
    interrupted = timeline.interrupted
    unmet_all: list[str] = []
    for expectation in timeline.scenario.expect:
        unmet = list(unmet_by(expectation, timeline))
        unmet_all += unmet
        status = (
            CheckStatus.NOT_KNOWN if interrupted else CheckStatus.FAILED if unmet else CheckStatus.PASSED
        )
        words = "the run was interrupted" if interrupted else "; ".join(unmet)
        yield Check(describe(expectation), status, words, (verdict.memory,))
    faults = [reason for reason in verdict.reasons if reason not in unmet_all]
    unsound = verdict.outcome is VerdictKind.FAIL and bool(faults)
    status = CheckStatus.FAILED if unsound else CheckStatus.NOT_KNOWN if interrupted else CheckStatus.PASSED
    ended = sum(tally.phase in ENDED for _, tally in timeline.judged())
    yield Check(
        "the run is sound: bytes are conserved, stalls are confirmed, memory stays below the ceiling",
        status,
        "; ".join(faults) if unsound else "",
        (f"{format_count(ended)} of {format_count(timeline.connections.opened)} connections ended",),
        timeline.end.wall_s if timeline.end else 0.0,
    )
