"""The rules by which a probe judges, each from an observation made by hand."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from stallsim.probing.judging.amounts import HIGH_FROM_BYTES, LOW_BELOW_BYTES
from stallsim.probing.judging.judge import judge_stall
from stallsim.probing.observe.observation import Observation
from stallsim.probing.report.report import report_of
from stallsim.timeline.probed.comparison import ComparedBy
from stallsim.timeline.probed.measures import Cut, Healthy, Latency, Period, Periods
from stallsim.timeline.probed.outcomes import Confidence, Dropped, Finding, Outcome

from .observations import MB, RATE, blocked, changed, closed, comparison, observation, samples

WAITED: dict[str, Any] = {"lag_end": 12_000}
GROWTH, UNBOUNDED = Outcome.GROWTH, Outcome.UNBOUNDED_GROWTH
WAITS = Outcome.BACKPRESSURE_ISOLATED
UNKNOWN, DROPS = Outcome.INCONCLUSIVE, Outcome.BOUNDED_DROPS
DISCONNECTS = Outcome.DISCONNECTS
FLAT = samples()
ANSWERED = Period(seconds=0.6, latency=Latency(pongs=10, p50_s=0.001, max_s=0.002, own_lag_s=0.0))
UNANSWERED = Period(seconds=2.0, latency=Latency(pongs=0, p50_s=None, max_s=1.9, own_lag_s=0.0))
KEPT_FROM_LOOKING = Periods(
    wake=Period(seconds=2.0, latency=Latency(pongs=3, p50_s=0.1, max_s=0.9, own_lag_s=0.4))
)
DEAD = Periods(baseline=ANSWERED, stall=UNANSWERED, wake=UNANSWERED)
WORDS = "client is too slow"
CUT = Cut(who=Healthy.WITNESS, alone=True, after_s=0.2, how="close", code=1013, reason=WORDS)
SILENT = replace(CUT, who=Healthy.SILENT_CONTROL, alone=False, after_s=2.0)
BEFORE = replace(CUT, who=Healthy.BEFORE_ITS_STALL, alone=False, after_s=1.5)
GROWING = samples(growth=1.0)
HALF = samples(growth=0.5)
PAUSED = (*GROWING[:50], replace(GROWING[50], witness_idle_s=1.5), *GROWING[51:])


def baseline(**fields: Any) -> dict[str, Any]:
    return {"baseline": replace(observation().record.baseline, **fields)}


@pytest.mark.parametrize(
    ("seen", "outcome", "confidence"),
    [
        (observation(), GROWTH, Confidence.MEDIUM),
        (observation(refused_bytes=LOW_BELOW_BYTES - 1), GROWTH, Confidence.LOW),
        (observation(refused_bytes=HIGH_FROM_BYTES - 1), GROWTH, Confidence.MEDIUM),
        (observation(refused_bytes=HIGH_FROM_BYTES), UNBOUNDED, Confidence.HIGH),
        (observation(comparison=comparison(ComparedBy.NUMBERED)), GROWTH, Confidence.MEDIUM),
        (observation(comparison=comparison(ComparedBy.COUNTED)), GROWTH, Confidence.LOW),
        (observation(comparison=comparison(draining=True, lag_end=9000)), GROWTH, Confidence.LOW),
        (
            observation(samples=FLAT, fresh=True, comparison=comparison(draining=True, lag_end=9000)),
            UNKNOWN,
            Confidence.LOW,
        ),
        (observation(comparison=comparison(draining=True, lag_end=11_500)), GROWTH, Confidence.LOW),
        (
            observation(comparison=comparison(draining=True, lag_end=11_500), samples=HALF),
            UNKNOWN,
            Confidence.LOW,
        ),
        (observation(samples=FLAT), GROWTH, Confidence.LOW),
        (observation(samples=FLAT, fresh=True), GROWTH, Confidence.LOW),
        (
            observation(samples=FLAT, fresh=True, comparison=comparison(ComparedBy.BYTES)),
            GROWTH,
            Confidence.LOW,
        ),
        (
            observation(samples=FLAT, fresh=True, comparison=comparison(ComparedBy.NUMBERED)),
            WAITS,
            Confidence.LOW,
        ),
        (
            observation(samples=FLAT, fresh=True, comparison=comparison(ComparedBy.COUNTED)),
            WAITS,
            Confidence.LOW,
        ),
        (observation(samples=FLAT, fresh=True, refused_bytes=2 * MB), GROWTH, Confidence.LOW),
        (observation(fresh=True), GROWTH, Confidence.MEDIUM),
        (observation(comparison=comparison(ComparedBy.NUMBERED, **WAITED)), WAITS, Confidence.MEDIUM),
        (observation(comparison=comparison(**WAITED), samples=FLAT), UNKNOWN, Confidence.LOW),
        (observation(comparison=comparison(**WAITED)), GROWTH, Confidence.LOW),
        (
            observation(comparison=comparison(**WAITED), samples=samples(growth=0.4)),
            UNKNOWN,
            Confidence.LOW,
        ),
        (observation(comparison=comparison(**WAITED), samples=samples(0.5)), UNKNOWN, Confidence.LOW),
        (
            observation(comparison=comparison(own=True, **WAITED), samples=samples(0.5)),
            WAITS,
            Confidence.MEDIUM,
        ),
        (observation(comparison=comparison(ComparedBy.COUNTED, **WAITED)), UNKNOWN, Confidence.LOW),
        (observation(comparison=comparison(ComparedBy.NUMBERED, lag_end=6000)), WAITS, Confidence.MEDIUM),
        (observation(comparison=comparison(ComparedBy.COUNTED, lag_end=6000)), UNKNOWN, Confidence.LOW),
        (
            observation(comparison=comparison(ComparedBy.COUNTED, distinct=False, **WAITED)),
            UNKNOWN,
            Confidence.LOW,
        ),
        (observation(comparison=comparison(ComparedBy.COUNTED, distinct=False)), GROWTH, Confidence.LOW),
        (
            observation(comparison=comparison(**WAITED), forgotten=True, samples=samples()),
            DROPS,
            Confidence.MEDIUM,
        ),
        (
            observation(comparison=comparison(ComparedBy.COUNTED, **WAITED), forgotten=True),
            DROPS,
            Confidence.LOW,
        ),
        (observation(comparison=comparison(draining=True, **WAITED)), GROWTH, Confidence.LOW),
        (blocked(), Outcome.BLOCKS_EVERYONE, Confidence.HIGH),
        (blocked(witness_after_per_s=0.0), UNKNOWN, Confidence.LOW),
        (blocked(witness_after_per_s=0.0, periods=DEAD), Outcome.BLOCKS_EVERYONE, Confidence.MEDIUM),
        (blocked(witness_after_per_s=0.0, beyond_bytes=0), UNKNOWN, Confidence.LOW),
        (blocked(resumed_after_s=1.1), Outcome.BLOCKS_EVERYONE, Confidence.MEDIUM),
        (blocked(refused_bytes=4 * MB, full_after_s=0.0), Outcome.BLOCKS_EVERYONE, Confidence.MEDIUM),
        (blocked(refused_bytes=4 * MB, full_after_s=0.0, resumed_after_s=1.1), GROWTH, Confidence.LOW),
        (blocked(**baseline(worst_gap_s=0.7)), Outcome.BLOCKS_EVERYONE, Confidence.HIGH),
        (blocked(**baseline(worst_gap_s=1.4)), UNKNOWN, Confidence.LOW),
        (blocked(witness_after_per_s=0.0, visible=False), UNKNOWN, Confidence.LOW),
        (blocked(witness_after_per_s=0.0, refused_bytes=MB, full_after_s=0.0), GROWTH, Confidence.LOW),
        (blocked(verified=False), UNKNOWN, Confidence.LOW),
        (observation(end=closed()), Outcome.DISCONNECTS, Confidence.HIGH),
        (observation(end=closed(None, "rst", None)), Outcome.DISCONNECTS, Confidence.MEDIUM),
        (observation(end=closed(how="protocol-error")), UNKNOWN, Confidence.LOW),
        (observation(end=closed(), witness_ended=True), UNKNOWN, Confidence.LOW),
        (observation(server_gone=True), UNKNOWN, Confidence.LOW),
        (observation(full_after_s=None, refused_bytes=0), UNKNOWN, Confidence.LOW),
        (observation(verified=False), UNKNOWN, Confidence.LOW),
        (observation(**baseline(messages=2)), UNKNOWN, Confidence.LOW),
        (observation(**baseline(messages=0), witness_ended=True), UNKNOWN, Confidence.LOW),
        (observation(apart=True), GROWTH, Confidence.LOW),
        (observation(apart=True, comparison=comparison(**WAITED), samples=FLAT), UNKNOWN, Confidence.LOW),
        (observation("no-pong"), UNKNOWN, Confidence.LOW),
        (observation("no-pong", end=closed()), Outcome.DISCONNECTS, Confidence.HIGH),
        (observation("vanishing"), UNKNOWN, Confidence.LOW),
        (observation("vanishing", end=closed(None, "rst", None)), UNKNOWN, Confidence.LOW),
        (observation("vanishing", end=closed()), Outcome.DISCONNECTS, Confidence.HIGH),
    ],
    ids=[
        "it holds 12 MB and gives all of it",
        "it holds too little for more than low confidence",
        "it holds a byte less than unbounded growth takes",
        "it holds as much as unbounded growth takes",
        "messages are compared by their numbers",
        "messages are only counted",
        "all has not come when the watch ends",
        "all has not come when the watch ends and memory is flat in a fresh process",
        "hardly anything has come when the watch ends and memory grew",
        "hardly anything has come when the watch ends and memory grew by half",
        "memory is flat in a process with a past",
        "memory is flat in a fresh process",
        "memory is flat and bytes are compared",
        "memory is flat and messages are numbered",
        "memory is flat and messages are counted",
        "memory is flat and little was refused",
        "memory grows in a fresh process",
        "numbered messages were never made",
        "a shared stream lacks messages and memory is flat",
        "a shared stream lacks messages and memory grows",
        "a shared stream lacks messages and memory grows by half",
        "a shared stream lacks messages while the witness has half its rate",
        "a stream of its own lacks messages while the witness has half its rate",
        "counted messages lack and memory grows",
        "half of the numbered messages were never made",
        "half of the counted messages lack",
        "counted messages that are alike lack",
        "counted messages that are alike all come",
        "the client is given nothing more",
        "the client is given nothing more and messages are counted",
        "a client that lacked messages still catches up",
        "everybody waits until the stalled one reads",
        "the witness gets nothing after the wake either",
        "the witness gets nothing and its Pings are unanswered",
        "the witness gets nothing and nothing came late",
        "the witness goes on late",
        "everybody waits and little was refused",
        "the witness goes on late and little was refused",
        "the stream has short pauses of its own",
        "the stream has pauses as long as the stall",
        "the witness gets nothing and the server is not visible",
        "the witness gets nothing and a little was refused",
        "everybody waits and the kernel confirms no stall",
        "the server ends the connection during the stall",
        "the end shows only after the wake",
        "the server breaks the protocol",
        "the witness is ended as well",
        "the server's process ends",
        "the kernels accept everything",
        "the kernel confirms no stall",
        "there are too few messages for a baseline",
        "there is no stream and the witness is ended",
        "the clients are served by different processes",
        "the clients have different processes and messages lack",
        "a client without Pongs is not disconnected",
        "a client without Pongs is disconnected",
        "a client has vanished and nothing is known",
        "a client has vanished and its end shows late",
        "a client has vanished and the server ends it",
    ],
)
def test_each_outcome(seen: Observation, outcome: Outcome, confidence: Confidence) -> None:
    judged = judge_stall(seen)
    assert (judged.outcome, judged.confidence) == (outcome, confidence), judged.because


@pytest.mark.parametrize("which", list(Dropped))
def test_drops(which: Dropped) -> None:
    judged = judge_stall(observation(comparison=comparison(missing=9000, dropped=which), samples=FLAT))
    assert judged.outcome is Outcome.BOUNDED_DROPS
    assert judged.confidence is Confidence.HIGH
    assert judged.dropped is which
    assert judged.findings == (Finding.DROPS_SILENTLY,)


def test_with_nothing_queued_which_end_was_dropped_cannot_be_told() -> None:
    for which, told in ((Dropped.NEWEST, None), (Dropped.CONFLATED, Dropped.CONFLATED)):
        seen = observation(comparison=comparison(missing=11_995, dropped=which), samples=FLAT)
        assert judge_stall(seen).dropped is told


def test_where_most_had_waited_the_latest_alone_was_not_kept() -> None:
    for missing, told in ((4_000, None), (9_000, Dropped.CONFLATED)):
        seen = observation(comparison=comparison(missing=missing, dropped=Dropped.CONFLATED), samples=FLAT)
        assert judge_stall(seen).dropped is told


def test_who_reads_slowly_is_given_parts_whichever_end_is_dropped() -> None:
    seen = observation("slow-reader", comparison=comparison(missing=9000, dropped=Dropped.CONFLATED))
    assert (judge_stall(seen).outcome, judge_stall(seen).dropped) == (DROPS, None)


def test_a_slow_reader_that_has_caught_up_shows_no_bound() -> None:
    """A burst waited for it, and then the stream paused until it had read all of that."""
    judged = judge_stall(observation("slow-reader", refused_bytes=0, comparison=comparison(lag_wake=0)))
    assert (judged.outcome, judged.confidence) == (UNKNOWN, Confidence.LOW)
    assert "had read what the kernels had refused" in judged.because


def test_a_notice_makes_drops_less_silent() -> None:
    told = comparison(missing=9000, dropped=Dropped.OLDEST, notices=1)
    assert judge_stall(observation(comparison=told, samples=FLAT)).findings == ()


def test_a_stream_with_gaps_of_its_own_is_no_drop() -> None:
    lossy = comparison(missing=1200, missing_usual=0.1)
    assert judge_stall(observation(comparison=lossy)).outcome is GROWTH
    nothing_kept = replace(lossy, missing=9000, missing_usual=0.4)
    assert judge_stall(observation(comparison=nothing_kept)).outcome is DROPS


@pytest.mark.parametrize("kind", [ComparedBy.COUNTED, ComparedBy.NUMBERED])
def test_who_is_given_as_much_as_it_can_take_and_never_less_behind_is_judged_by_memory(
    kind: ComparedBy,
) -> None:
    flood = comparison(kind, draining=True, **WAITED)
    dropped_or_waited = UNKNOWN if kind is ComparedBy.COUNTED else WAITS
    assert judge_stall(observation(comparison=flood, samples=FLAT)).outcome is dropped_or_waited
    assert judge_stall(observation(comparison=flood)).outcome is GROWTH


def test_memory_is_measured_by_its_two_ends_where_there_was_no_time_for_a_slope() -> None:
    late = [replace(one, memory_bytes=30 * MB) for one in samples(0.3)]
    late[-1] = replace(late[-1], memory_bytes=42 * MB)
    assert judge_stall(observation(samples=tuple(late), fresh=True)).outcome is GROWTH


@pytest.mark.parametrize("kind", [ComparedBy.COUNTED, ComparedBy.NUMBERED])
@pytest.mark.parametrize(
    ("growth", "outcome"), [(0.0, WAITS), (0.1, UNKNOWN), (0.6, UNKNOWN), (1.0, GROWTH)]
)
def test_streams_at_paces_of_their_own_are_judged_by_memory(
    kind: ComparedBy, growth: float, outcome: Outcome
) -> None:
    own = observation(comparison=comparison(kind), samples=samples(growth=growth), **baseline(pace=0.3))
    if kind is ComparedBy.COUNTED and outcome is WAITS:
        outcome = UNKNOWN  # what was not kept may have been dropped as well
    assert (judge_stall(own).outcome, judge_stall(own).confidence) == (outcome, Confidence.LOW)


@pytest.mark.parametrize(
    ("seen", "finding"),
    [
        (observation(samples=samples(share=0.3, growth=1.0)), Finding.STARVES_OTHERS),
        (observation(samples=PAUSED), Finding.STARVES_OTHERS),
        (observation(drain_gap_s=2.0), Finding.FREEZES_ON_RESUME),
        (observation(pings=4, ping_interval_s=1.0), Finding.KEEPALIVE_BLIND),
    ],
    ids=[
        "the witness slows down",
        "the witness pauses",
        "the witness freezes at the wake",
        "Pings go unanswered",
    ],
)
def test_each_finding_is_found_alone(seen: Observation, finding: Finding) -> None:
    assert judge_stall(seen).findings == (finding,)


@pytest.mark.parametrize(
    "seen",
    [
        observation(),
        observation(drain_gap_s=2.0, own_lag_s=1.9),
        observation(drain_gap_s=2.0, own_lag_s=0.6),
        observation(drain_gap_s=2.0, periods=Periods(stall=UNANSWERED)),
        observation("vanishing", growth_after_close_per_s=9e6, periods=KEPT_FROM_LOOKING),
        observation(drain_gap_s=1.6, own_lag_s=1.5, samples=PAUSED),
        observation(drain_gap_s=0.9, samples=samples(growth=1.0, idle_s=0.7)),
        observation(drain_gap_s=2.0, comparison=comparison(ComparedBy.NUMBERED, **WAITED), samples=FLAT),
        observation("vanishing", growth_after_close_per_s=0.1 * RATE),
        observation(pings=4, ping_interval_s=3.0),
        observation(pings=2, ping_interval_s=0.1),
        observation(end=closed(), pings=4, ping_interval_s=1.0),
        observation(end=closed(), samples=samples(share=0.0, idle_s=4.0), **baseline(ended=True)),
        observation(
            "no-pong", end=closed(), samples=samples(share=0.0, idle_s=4.0), **baseline(messages=0)
        ),
        blocked(drain_gap_s=2.0),
        blocked(witness_after_per_s=0.0, refused_bytes=MB, full_after_s=0.0),
    ],
    ids=[
        "all is held",
        "a gap that was almost all our own lag",
        "a gap with a lag of ours in it",
        "a gap no longer than what a Ping waited for before the wake",
        "memory that grew while we did not look",
        "a gap of our own and a pause in the looks",
        "a pause that is no longer than usual",
        "a gap in a stream that waits",
        "memory that grows little after the client has vanished",
        "Pings that are too rare to decide",
        "Pings that are too few to decide",
        "an end after unanswered Pings",
        "nobody is given anything where there is no stream",
        "nobody is given anything and the client answers no Ping",
        "everybody waits",
        "everybody waits and little was refused",
    ],
)
def test_no_finding_without_its_cause(seen: Observation) -> None:
    assert judge_stall(seen).findings == ()


@given(
    refused=st.integers(0, 600 * MB),
    lag=st.integers(0, 10**6),
    missing=st.none() | st.integers(0, 10**6),
    share=st.floats(0, 1.2),
    verified=st.booleans(),
    kind=st.sampled_from(ComparedBy),
    full=st.none() | st.just(0.0),
)
def test_what_bears_little_never_has_much_confidence(
    refused: int,
    lag: int,
    missing: int | None,
    share: float,
    verified: bool,
    kind: ComparedBy,
    full: float | None,
) -> None:
    judged = judge_stall(
        observation(
            refused_bytes=refused,
            comparison=comparison(
                kind, lag_end=lag, missing=None if kind is ComparedBy.COUNTED else missing
            ),
            samples=samples(share=share),
            verified=verified,
            full_after_s=full,
        )
    )
    if judged.outcome is UNKNOWN or (judged.outcome in (GROWTH, WAITS) and refused < LOW_BELOW_BYTES):
        assert judged.confidence is Confidence.LOW
    if judged.outcome is UNKNOWN:
        assert judged.change
    if not verified:
        assert judged.outcome is UNKNOWN
    if kind is ComparedBy.COUNTED:
        assert judged.outcome is not DROPS


def cut(after_s: float, waiting_bytes: int, stall: str = "zero-window") -> Observation:
    """Of a server that ends the connection so soon, with so much that waits for the client."""
    first, last = (replace(samples()[0], at_s=at_s, rcvq_bytes=waiting_bytes) for at_s in (0.0, after_s))
    return observation(stall, end=closed(), samples=(first, last), full_after_s=None)


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (observation(end=closed()), Outcome.DISCONNECTS),
        (observation(end=closed(), ended_before=True), UNKNOWN),
        (cut(0.02, 5000), UNKNOWN),
        (cut(0.02, 400_000), Outcome.DISCONNECTS),
        (cut(0.06, 31_000, "stop-reading"), Outcome.DISCONNECTS),
        (cut(1.5, 5000), Outcome.DISCONNECTS),
        (cut(0.02, 0, "no-pong"), Outcome.DISCONNECTS),
        (changed(cut(0.0, 29_377), ended_before=True), Outcome.DISCONNECTS),
        (changed(cut(0.0, 5000), ended_before=True), UNKNOWN),
    ],
    ids=[
        "stalled",
        "before",
        "at once",
        "at once, and full",
        "small kernels",
        "later",
        "for a Pong",
        "who never read, before the first look, and full",
        "who never read, before the first look",
    ],
)
def test_who_is_sent_away_is_not_cut_off_for_a_stall(seen: Observation, outcome: Outcome) -> None:
    judgement = judge_stall(seen)
    assert judgement.outcome is outcome
    assert ("two connections at once" in judgement.change) == (outcome is UNKNOWN)


def test_a_server_that_ends_whoever_reads_is_told_of_in_its_own_words() -> None:
    seen = observation(witness_ended=True, cuts=(CUT,), end=closed(0.2, code=1013))
    judged = judge_stall(seen)
    assert (judged.outcome, judged.findings) == (UNKNOWN, (Finding.CUTS_HEALTHY_CLIENTS,))
    assert '1013 "client is too slow"' in judged.because
    beside = changed(seen, cuts=(replace(CUT, alone=False),))
    assert "two connections at once" in judge_stall(beside).change
    assert judge_stall(beside).findings == ()


def test_where_there_is_no_stream_nobody_freezes_and_what_came_on_joining_is_told() -> None:
    before = replace(
        observation().record.baseline, messages=0, bytes_per_s=0.0, ended=True, earlier_messages=200
    )
    judged = judge_stall(observation(baseline=before, drain_gap_s=2.0))
    assert (judged.outcome, judged.findings) == (UNKNOWN, ())
    assert "200 messages on joining, and 0 messages in" in judged.because
    assert "it has ended" in judged.because


def test_a_snapshot_that_waits_is_held_however_slow_the_stream_is() -> None:
    """A message a second after 40 MB: 'the kernels took everything' was said of it."""
    seen = observation(
        refused_bytes=0, joining_bytes=40 * MB, comparison=comparison(lag_wake=4, message_bytes=200.0)
    )
    judged = judge_stall(seen)
    report = report_of(seen, judged)
    assert (judged.outcome, judged.confidence, report.held_bytes) == (GROWTH, Confidence.LOW, 40 * MB)
    assert "no bound below 40.0 MB" in report.summary


def test_of_who_is_given_up_no_more_was_held_than_came() -> None:
    """Home Assistant: 61 MB had been refused when its end came, behind what its socket still held."""
    gone = comparison(lag_wake=8800, lag_end=8815, message_bytes=6900.0)
    seen = observation(
        refused_bytes=61 * MB,
        beyond_bytes=187_000,
        comparison=gone,
        end=closed(None, "fin"),
        samples=samples(growth=0.0),
    )
    judged = judge_stall(seen)
    assert (judged.outcome, judged.findings) == (DROPS, (Finding.CLOSE_WAITS,))
    report = report_of(seen, judged)
    assert report.held_bytes == 187_000
    assert "its FIN, which waited behind these bytes or was sent" in report.summary
    flat = samples(growth=0.0)
    forgotten = observation(comparison=comparison(**WAITED), forgotten=True, samples=flat)
    assert judge_stall(forgotten).given_up
    assert not judge_stall(changed(forgotten, own_lag_s=1.2)).given_up, "this program did not look"


@pytest.mark.parametrize(
    ("grows", "refused_bytes", "outcome", "confidence"),
    [
        (1.0, 69 * MB, Outcome.UNBOUNDED_GROWTH, Confidence.LOW),
        (1.0, 12 * MB, DROPS, Confidence.LOW),
        (1.0, 7 * MB, DROPS, Confidence.HIGH),
        (0.4, 69 * MB, DROPS, Confidence.HIGH),
        (9.0, 69 * MB, DROPS, Confidence.HIGH),
    ],
)
def test_who_is_given_up_while_memory_grows_to_the_end_is_no_bound(
    grows: float, refused_bytes: int, outcome: Outcome, confidence: Confidence
) -> None:
    """Uvicorn closes a client that answers no Ping after 40 s, and the application's queue for it grew on
    until the client read the Close: this was "bounded-drops (high)", with 64 MB in memory.
    """
    gone = comparison(lag_wake=18_560, lag_end=18_373, message_bytes=refused_bytes / 18_560)
    seen = observation(
        refused_bytes=refused_bytes,
        beyond_bytes=67_000,
        comparison=gone,
        end=closed(None, "close"),
        samples=samples(growth=grows),
    )
    judged = judge_stall(seen)
    assert (judged.outcome, judged.confidence) == (outcome, confidence)
    assert judged.findings == (Finding.CLOSE_WAITS,)


def test_growth_is_claimed_no_further_than_what_came() -> None:
    """Behind what had not come when the watch ended, a gap may follow."""
    late = comparison(draining=True, lag_wake=80_000, lag_end=45_000)
    seen = observation(refused_bytes=80 * MB, comparison=late)
    judged = judge_stall(seen)
    assert (judged.outcome, judged.kept_bytes) == (GROWTH, 35 * MB)
    assert report_of(seen, judged).held_bytes == 35 * MB
    assert "no bound below 35.0 MB" in report_of(seen, judged).summary
    whole = judge_stall(observation(refused_bytes=80 * MB))
    assert (whole.outcome, whole.kept_bytes) == (UNBOUNDED, 80 * MB)


def test_what_was_made_after_the_wake_takes_nothing_from_what_had_come_by_then() -> None:
    """The backlog came in order while the stream went on: the client is as far behind as before."""
    late = comparison(draining=True, lag_wake=80_000, lag_end=78_000)
    seen = observation(refused_bytes=80 * MB, beyond_bytes=30 * MB, comparison=late)
    assert (judge_stall(seen).outcome, judge_stall(seen).kept_bytes) == (GROWTH, 30 * MB)
    of_its_own = changed(seen, comparison=replace(late, kind=ComparedBy.NUMBERED))
    assert judge_stall(of_its_own).kept_bytes != 30 * MB, "it may have been made after the wake"
    snapshot = changed(seen, joining_bytes=25 * MB)
    assert judge_stall(snapshot).outcome is not UNBOUNDED
    assert judge_stall(snapshot).kept_bytes == 80 * MB, "too little came: only memory had grown with it"


LATE = [{"own_lag_s": 0.6}, {"own_lag_s": 0.1, "bytes_per_s": 3e6}, {"unread_bytes": 336_000}]


@pytest.mark.parametrize("late", LATE, ids=["for long", "while much came", "with much unread"])
def test_who_may_have_been_cut_for_our_own_lag_is_no_finding(late: dict[str, float]) -> None:
    witness = replace(CUT, **late)
    judged = judge_stall(observation(witness_ended=True, cuts=(witness,), end=closed(0.2, code=1013)))
    assert (judged.outcome, judged.findings) == (UNKNOWN, ())
    assert "just before, stallsim itself did not run" in judged.because
    before = replace(BEFORE, **late)
    assert judge_stall(observation(cuts=(before, before))).findings == ()


def test_who_is_cut_before_its_stall_again_and_again_is_the_finding_though_a_later_one_stalls() -> None:
    assert judge_stall(observation(cuts=(BEFORE,))).findings == (), "once is an accident"
    again = judge_stall(observation(cuts=(BEFORE, BEFORE)))
    assert (again.outcome, again.findings) == (GROWTH, (Finding.CUTS_HEALTHY_CLIENTS,))
    full = replace(BEFORE, unread_bytes=5000)
    assert judge_stall(observation(cuts=(full, full))).findings == (), "its receive buffer is small"
    soon = replace(BEFORE, after_s=0.3)
    assert judge_stall(observation(cuts=(soon, soon))).findings == (), "it may have been one too many"


def test_the_end_of_who_sends_nothing_is_no_end_for_a_stall() -> None:
    both = judge_stall(observation(cuts=(SILENT,), end=closed()))
    assert (both.outcome, both.findings) == (UNKNOWN, (Finding.CUTS_HEALTHY_CLIENTS,))
    alone = judge_stall(observation(cuts=(SILENT,)))
    assert (alone.outcome, alone.findings) == (GROWTH, (Finding.CUTS_HEALTHY_CLIENTS,))
    assert judge_stall(observation(cuts=(SILENT,), server_gone=True)).findings == ()


@pytest.mark.parametrize("stall", ["slow-reader", "weak-network"])
def test_who_is_slow_and_alive_is_a_healthy_client_that_is_cut(stall: str) -> None:
    judged = judge_stall(observation(stall, end=closed(code=1013)))
    assert (judged.outcome, judged.findings) == (Outcome.DISCONNECTS, (Finding.CUTS_HEALTHY_CLIENTS,))
    assert "alive" in judged.because
    asked = observation(stall, pings=4, ping_interval_s=1.0)
    assert Finding.KEEPALIVE_BLIND not in judge_stall(asked).findings


def test_a_weak_network_that_misses_nothing_was_served() -> None:
    served = judge_stall(observation("weak-network", full_after_s=None, verified=False))
    assert (served.outcome, served.confidence) == (Outcome.SERVED, Confidence.HIGH)
    lost = judge_stall(observation("weak-network", full_after_s=None, comparison=comparison(missing=9000)))
    assert lost.outcome is DROPS


def test_a_server_that_never_asks_is_blind_where_nothing_else_shows_who_is_gone() -> None:
    idle = baseline(messages=0, bytes_per_s=0.0)
    for stall in ("no-pong", "stop-reading"):
        judged = judge_stall(observation(stall, keepalive_s=4.0, full_after_s=None, **idle))
        assert (judged.outcome, judged.findings) == (UNKNOWN, (Finding.KEEPALIVE_BLIND,))
    assert judge_stall(observation("no-pong", keepalive_s=4.0)).findings == ()
    assert judge_stall(observation("no-pong", keepalive_s=8.0, **idle)).findings == ()
    assert judge_stall(observation("no-pong", keepalive_s=4.0, end=closed(), **idle)).outcome is DISCONNECTS


def test_which_end_is_dropped_is_not_said_where_the_witness_was_late_itself() -> None:
    seen = observation(comparison=comparison(missing=9000, dropped=Dropped.OLDEST))
    assert judge_stall(seen).dropped is Dropped.OLDEST
    late = judge_stall(changed(seen, stall_lag_s=1.9))
    assert (late.outcome, late.dropped) == (DROPS, None)


@pytest.mark.parametrize(
    ("kind", "lag_end", "outcome"),
    [
        (ComparedBy.NUMBERED, 11_700, Outcome.BACKPRESSURE_ISOLATED),
        (ComparedBy.NUMBERED, 6_000, Outcome.GROWTH),
        (ComparedBy.COUNTED, 11_700, Outcome.GROWTH),
    ],
    ids=["next to nothing came", "half of it came", "counts alone"],
)
def test_at_a_pace_of_its_own_what_came_decides_before_memory(
    kind: ComparedBy, lag_end: int, outcome: Outcome
) -> None:
    """Of a thread for each client, under Java: its heap grew by what nobody kept."""
    seen = observation(comparison=comparison(kind, draining=False, lag_end=lag_end))
    judged = judge_stall(changed(seen, baseline=replace(seen.record.baseline, pace=0.7)))
    assert judged.outcome is outcome
    assert judged.confidence is Confidence.LOW


@pytest.mark.parametrize(("growth", "outcome"), [(1.2, Outcome.GROWTH), (9.0, Outcome.INCONCLUSIVE)])
def test_a_heap_that_grows_by_more_than_what_was_refused_can_take_shows_nothing(
    growth: float, outcome: Outcome
) -> None:
    own = comparison(ComparedBy.NUMBERED, draining=False, lag_end=6_000)
    seen = observation(comparison=own, samples=samples(growth=growth))
    assert judge_stall(changed(seen, baseline=replace(seen.record.baseline, pace=0.7))).outcome is outcome


def test_memory_that_stopped_growing_halfway_does_not_show_that_the_rest_was_kept() -> None:
    """Of a thread for each client, under Java: its heap had its size after 36 of 84 MB."""
    looks = samples(growth=2.6)
    grown = looks[: len(looks) // 3][-1].memory_bytes
    assert grown is not None
    late = tuple(replace(one, memory_bytes=min(grown, one.memory_bytes or 0)) for one in looks)
    own = comparison(ComparedBy.NUMBERED, draining=True, lag_end=12_000)
    for seen, outcome in ((looks, Outcome.GROWTH), (late, Outcome.INCONCLUSIVE)):
        assert judge_stall(observation(comparison=own, samples=seen)).outcome is outcome


def test_memory_that_grew_as_fast_before_the_stall_is_no_leak() -> None:
    seen = observation("vanishing", growth_after_close_per_s=5e6)
    assert judge_stall(seen).findings == (Finding.LEAKS_AFTER_CLOSE,)
    growing = changed(seen, baseline=replace(seen.record.baseline, memory_per_s=4.9e6))
    assert judge_stall(growing).findings == ()


@pytest.mark.parametrize(
    ("seconds", "memory_per_s", "after", "leaks"),
    [
        (2.0, 0.6e6, 1.0, False),
        (2.0, 0.6e6, 0.5, False),
        (2.0, 0.3e6, 2.0, False),
        (0.5, 0.6e6, 1.0, True),
        (2.0, 0.0, 1.0, True),
    ],
    ids=["as fast", "less is sent", "twice is sent", "too short a look", "it did not grow"],
)
def test_a_log_of_all_messages_that_grows_without_a_stalled_client_is_no_leak(
    seconds: float, memory_per_s: float, after: float, leaks: bool
) -> None:
    seen = observation("vanishing", growth_after_close_per_s=0.6e6)
    before = replace(
        seen.record.baseline, bytes_per_s=0.6e6, messages=600, seconds=seconds, memory_per_s=memory_per_s
    )
    seen = changed(seen, baseline=before, witness_after_per_s=after * before.bytes_per_s)
    assert (Finding.LEAKS_AFTER_CLOSE in judge_stall(seen).findings) is leaks


@pytest.mark.parametrize(
    ("stall_growth", "watched_s", "words"),
    [
        (3e6, 5.0, "went on growing, by 3.0 MB/s, in the 5 s that were watched"),
        (3e6, 5.0, "so that it can resume, looks the same until its time for that is over"),
        (3e6, 31.5, "went on growing, by 3.0 MB/s, in the 31.5 s that were watched"),
        (10e3, 1.5, "grew by 10.0 kB/s, in the 1.5 s that were watched"),
        (10e3, 11.5, "grew for some time, and no more when the watch ended, 11.5 s after that end"),
    ],
)
def test_what_is_said_of_a_leak_is_no_more_than_was_watched(
    stall_growth: float, watched_s: float, words: str
) -> None:
    seen = observation("vanishing", growth_after_close_per_s=stall_growth, gone_s=watched_s)
    evidence = " ".join(report_of(seen, judge_stall(seen)).evidence)
    assert words in evidence
    assert ("so that it can resume" in evidence) is (watched_s == 5.0)


@pytest.mark.parametrize(
    ("pace", "joining", "leaks"),
    [(0.39, False, True), (0.5, False, True), (1.0, False, False), (1.0, True, True)],
)
def test_what_was_kept_before_the_stall_for_a_client_that_fell_behind_is_no_growth_of_the_servers_own(
    pace: float, joining: bool, leaks: bool
) -> None:
    """As seen on a busy machine, where a client with a receive buffer of 4 KiB reads half of 1.45 MB/s."""
    seen = observation("vanishing", growth_after_close_per_s=1.59e6)
    before = replace(
        seen.record.baseline, bytes_per_s=1.45e6, messages=1100, seconds=5.0, memory_per_s=1.0e6, pace=pace
    )
    seen = changed(seen, baseline=before, still_joining=joining)
    assert judge_stall(seen).findings == (Finding.LEAKS_AFTER_CLOSE,) * leaks


@pytest.mark.parametrize(("growth", "leaks"), [(3.0, True), (7.2, False)])
def test_a_heap_that_grew_by_more_than_was_refused_is_not_collected_yet_and_no_leak(
    growth: float, leaks: bool
) -> None:
    """Of Java on a busy machine: 60 MB for 8.4 MB refused, and 4.5 MB/s after the client had gone."""
    seen = observation("vanishing", samples=samples(growth=growth), growth_after_close_per_s=4.5e6)
    assert judge_stall(seen).findings == (Finding.LEAKS_AFTER_CLOSE,) * leaks


def test_a_stream_of_which_no_payload_came_before_the_stall_is_judged_for_a_leak() -> None:
    seen = observation("vanishing", growth_after_close_per_s=5e6)
    empty = changed(seen, baseline=replace(seen.record.baseline, bytes_per_s=0.0))
    assert judge_stall(empty).findings == (Finding.LEAKS_AFTER_CLOSE,)


@pytest.mark.parametrize(
    ("bytes_per_s", "messages", "seconds", "growth_per_s", "leaks"),
    [
        (2.8e6, 204, 0.5, 20.6e6, False),
        (2.9e6, 203, 0.48, 21.1e6, False),
        (2.6e6, 206, 0.51, 2.6e6, True),
        (2.6e6, 206, 0.51, 7.5e6, True),
        (10e3, 1000, 1.0, 0.9e6, True),
    ],
    ids=["Java", "Java again", "a queue of texts", "Node.js", "messages of ten bytes, kept in objects"],
)
def test_a_heap_that_grows_faster_than_the_stream_could_be_kept_is_no_leak(
    bytes_per_s: float, messages: int, seconds: float, growth_per_s: float, leaks: bool
) -> None:
    seen = observation("vanishing", growth_after_close_per_s=growth_per_s)
    before = replace(seen.record.baseline, bytes_per_s=bytes_per_s, messages=messages, seconds=seconds)
    found = judge_stall(changed(seen, baseline=before)).findings
    assert found == ((Finding.LEAKS_AFTER_CLOSE,) if leaks else ())


def test_an_end_that_waits_in_the_program_is_none_where_that_can_be_seen() -> None:
    gone = comparison(lag_end=9000)
    waited = observation(end=closed(None, "fin", None), comparison=gone)
    assert (judge_stall(waited).outcome, judge_stall(waited).findings) == (DROPS, (Finding.CLOSE_WAITS,))
    assert judge_stall(changed(waited, visible=False)).outcome is DISCONNECTS
    after_the_wake = judge_stall(changed(waited, beyond_bytes=0))
    assert (after_the_wake.outcome, after_the_wake.confidence) == (DISCONNECTS, Confidence.MEDIUM)
    assert after_the_wake.findings == ()


def test_a_baseline_in_which_this_program_caught_up_is_no_measure_of_starving() -> None:
    slow = observation(samples=samples(share=0.3, growth=1.0))
    assert Finding.STARVES_OTHERS in judge_stall(slow).findings
    latency = Latency(pongs=3, p50_s=None, max_s=2.0, own_lag_s=0.6 * slow.record.baseline.seconds)
    late = Period(seconds=1.0, latency=latency)
    assert judge_stall(changed(slow, periods=Periods(baseline=late))).findings == ()


def test_own_lag_starves_nobody() -> None:
    slow = observation(samples=samples(share=0.5, growth=1.0))
    assert Finding.STARVES_OTHERS in judge_stall(slow).findings
    assert judge_stall(changed(slow, stall_lag_s=1.04)).findings == ()
    late = samples(growth=1.0, idle_s=0.9)
    assert Finding.STARVES_OTHERS in judge_stall(observation(samples=late)).findings
    assert judge_stall(observation(samples=late, stall_lag_s=0.8)).findings == ()
    behind = tuple(replace(one, witness_rcvq_bytes=2**20) for one in blocked().samples)
    assert judge_stall(blocked(samples=behind)).outcome is not Outcome.BLOCKS_EVERYONE


@pytest.mark.parametrize(("gap_s", "blocks"), [(0.1, False), (0.6, True)])
def test_who_gets_less_and_less_beside_a_growing_queue_is_starved_and_not_blocked(
    gap_s: float, blocks: bool
) -> None:
    """Of Mongoose, which moves all that waits for each message: 9 % at 18 MB, and no pause above 97 ms."""
    slow = samples(share=0.09, growth=1.8)
    looks = (*slow[:-2], replace(slow[-2], witness_idle_s=gap_s), slow[-1])
    seen = changed(observation(samples=looks), resumed_after_s=0.05, witness_after_per_s=RATE)
    judged = judge_stall(seen)
    assert (judged.outcome is Outcome.BLOCKS_EVERYONE) is blocks
    assert blocks or Finding.STARVES_OTHERS in judged.findings


@pytest.mark.parametrize(("unread", "blocks"), [(0, True), (5879, False)])
def test_a_silence_at_whose_end_this_program_had_not_read_everything_blocks_nobody(
    unread: int, blocks: bool
) -> None:
    """Of ws's `send()`: after 43 s and 65 MB this program did not run for 4 s, and then woke the client."""
    late = samples(growth=3.3)
    last = replace(late[-1], witness_idle_s=4.0, witness_rcvq_bytes=unread)
    seen = changed(observation(samples=(*late[:-1], last)), witness_after_per_s=RATE, resumed_after_s=0.1)
    assert (judge_stall(seen).outcome is Outcome.BLOCKS_EVERYONE) is blocks


def test_a_gap_before_the_stall_and_one_that_this_program_made_starve_nobody() -> None:
    looks = samples(growth=1.0)
    before = (replace(looks[0], witness_idle_s=12.0), *looks[1:])
    assert judge_stall(observation(samples=before)).findings == ()
    idle = samples(growth=1.0, idle_s=0.9)
    unread = tuple(replace(one, witness_rcvq_bytes=1000) for one in idle)
    assert judge_stall(observation(samples=unread)).findings == ()


def test_as_little_as_afterwards_is_the_usual_pace() -> None:
    slow = samples(share=0.2)
    assert Finding.STARVES_OTHERS in judge_stall(observation(samples=slow)).findings
    assert judge_stall(observation(samples=slow, witness_after_per_s=0.2 * RATE)).findings == ()
