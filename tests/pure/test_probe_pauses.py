"""A pause that a server makes by itself, whatever its clients do, is no effect of a stall."""

import pytest
from msgspec.structs import replace

from stallsim.probing.judging.doubt import doubt_of, with_all_controls
from stallsim.probing.judging.judge import judge_stall
from stallsim.probing.observe.observation import Observation
from stallsim.probing.observe.silence import pauses
from stallsim.probing.report.together import reports_of
from stallsim.timeline.outside import Look
from stallsim.timeline.probed.outcomes import Finding, Outcome
from stallsim.timeline.probed.stall_record import Unstalled

from .observations import KERNEL, RATE, USUAL_MEMORY, blocked, changed, observation, sample, samples

PAUSE_S = 1.2
STARVES, FREEZES = (Finding.STARVES_OTHERS,), (Finding.FREEZES_ON_RESUME,)


def paused(seconds: float, *begins: float) -> Observation:
    """A stall of so many seconds, with a pause of the witness's stream at each of these moments."""

    def look(at_s: float) -> Look:
        silent = [min(PAUSE_S, at_s - begin_s) for begin_s in begins if begin_s < at_s]
        given = KERNEL + round((at_s - sum(silent)) * RATE)
        idle = [at_s - begin_s for begin_s in begins if begin_s < at_s < begin_s + PAUSE_S]
        return sample(
            at_s,
            witness_bytes=given,
            witness_idle_s=max(idle, default=0.004),
            memory_bytes=USUAL_MEMORY + given,
        )

    first = samples()[0]
    return observation(samples=(first, *(look(step / 50) for step in range(1, round(seconds * 50) + 1))))


def control(gap_s: float, seconds: float = 31.5) -> Unstalled:
    return Unstalled(seconds=seconds, gap_s=gap_s, net_gap_s=gap_s)


def with_control(seen: Observation, unstalled: Unstalled | None) -> Observation:
    return changed(seen, unstalled=unstalled)


def test_each_pause_is_found_with_its_begin_and_its_end() -> None:
    found = pauses(paused(10.0, 2.0, 6.0).samples, 0.5)
    assert [pytest.approx(one, abs=0.05) for one in found] == [(2.0, 3.2), (6.0, 7.2)]
    assert pauses(paused(10.0, 2.0).samples, 1.5) == []


@pytest.mark.parametrize(
    ("unstalled", "starves"),
    [(None, True), (control(0.01), True), (control(0.6), True), (control(1.2), False)],
    ids=["no control", "no pause", "a shorter pause", "such a pause"],
)
@pytest.mark.parametrize("seconds", [2.2, 31.0], ids=["a short stall", "a long one"])
def test_a_pause_that_is_made_without_a_stalled_client_starves_nobody(
    unstalled: Unstalled | None, starves: bool, seconds: float
) -> None:
    """In the short stall the witness has less than half of its stream, too."""
    seen = with_control(paused(seconds, 0.9), unstalled)
    assert judge_stall(seen).findings == STARVES * starves


def test_a_witness_that_has_little_between_the_pauses_is_starved_all_the_same() -> None:
    slow = paused(4.0, 0.9)
    looks = tuple(replace(one, witness_bytes=one.witness_bytes // 4) for one in slow.samples)
    seen = with_control(changed(slow, samples=looks), control(PAUSE_S))
    assert judge_stall(seen).findings == STARVES


def test_a_pause_after_the_wake_that_is_made_at_other_times_too_is_no_freeze() -> None:
    seen = observation(drain_gap_s=PAUSE_S)
    assert judge_stall(seen).findings == FREEZES
    assert judge_stall(with_control(seen, control(PAUSE_S))).findings == ()


def test_a_pause_in_which_the_stall_ended_blocks_nobody() -> None:
    looks = samples(growth=1.0)
    seen = observation(samples=(*looks[:-1], replace(looks[-1], witness_idle_s=1.7)))
    assert judge_stall(seen).outcome is Outcome.BLOCKS_EVERYONE
    paused_itself = judge_stall(with_control(seen, control(1.7)))
    assert (paused_itself.outcome, paused_itself.findings) == (Outcome.GROWTH, ())


@pytest.mark.parametrize(
    ("seen", "pause_s", "watch_s"),
    [
        (paused(31.0, 12.0), 0.8, 31.0),
        (paused(2.2, 0.9), 0.8, 15.0),
        (observation(drain_gap_s=PAUSE_S), 0.8, 15.0),
    ],
    ids=["a long stall", "a short one", "after the wake"],
)
def test_what_a_pause_of_the_server_would_explain_is_in_doubt(
    seen: Observation, pause_s: float, watch_s: float
) -> None:
    doubt = doubt_of(seen)
    assert doubt is not None
    assert doubt.pause_s == pytest.approx(pause_s, abs=0.1)
    assert doubt.watch_s == pytest.approx(watch_s)
    assert doubt_of(with_control(seen, control(0.01, watch_s))) is None, "it was looked for"
    assert doubt_of(with_control(seen, control(PAUSE_S, 1.0))) is None, "it was found"


@pytest.mark.parametrize(
    "seen",
    [observation(), observation(samples=samples(share=0.3, growth=1.0)), blocked()],
    ids=["no harm", "a slow witness without a pause", "one that waits for the client"],
)
def test_what_no_pause_would_explain_is_not_in_doubt(seen: Observation) -> None:
    assert doubt_of(seen) is None


def test_a_pause_that_the_control_after_one_stall_shows_explains_those_of_all_stalls() -> None:
    long, short = with_control(paused(31.0, 12.0), control(PAUSE_S)), paused(2.2, 0.9)
    assert [one.findings for one in reports_of([long, short])] == [(), ()]
    assert [one.findings for one in reports_of([paused(31.0, 12.0), short])] == [STARVES, STARVES]
    both = with_all_controls(
        [with_control(long, control(0.1, 31.0)), with_control(short, control(0.7, 15.0))]
    )
    assert [one.control for one in both] == [control(0.7, 31.0)] * 2


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (paused(31.0, 12.0), "paused once; the longest pause was 1.18 s, and began 12 s into the stall"),
        (paused(31.0, 12.0), "whether the server makes such pauses by itself"),
        (paused(31.0, 2.0, 12.0), "paused 2 times"),
        (
            with_control(paused(31.0, 12.0), control(0.01)),
            "watched while every client read, a client that reads everything had no such pause",
        ),
        (
            with_control(paused(31.0, 12.0), control(PAUSE_S)),
            "a client that reads everything received nothing for 1.2 s: the server pauses by itself, too",
        ),
    ],
)
def test_of_a_pause_is_said_what_was_watched(seen: Observation, words: str) -> None:
    (report,) = reports_of([seen])
    assert words in " ".join(report.evidence)


def test_of_a_stream_without_pauses_nothing_is_said() -> None:
    assert "pause" not in " ".join(reports_of([observation()])[0].evidence)
