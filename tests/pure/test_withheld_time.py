"""The time that the machine withheld from a server and from this program, and its effect on a verdict."""

import os
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from stallsim.kernel.run_delay import run_delays
from stallsim.probing.judging.judge import judge_stall
from stallsim.probing.observe import withheld
from stallsim.probing.observe.observation import Observation
from stallsim.probing.observe.silence import longest_silence
from stallsim.probing.observe.withheld import WithheldTime
from stallsim.timeline.outside import Look
from stallsim.timeline.probed.outcomes import Assessment, Dropped, Finding, Outcome

from .observations import RATE, blocked, changed, closed, comparison, observation, samples
from .test_probe_report import probed

SERVER, OWN = 70, os.getpid()
MS = 10**6


def test_the_kernel_says_how_long_each_thread_has_waited() -> None:
    first, later = run_delays(os.getpid()), run_delays(os.getpid())
    assert 0 <= first[os.getpid()] <= later[os.getpid()]


def test_a_process_that_has_ended_has_no_threads() -> None:
    assert run_delays(2**22) == {}


def read(
    monkeypatch: pytest.MonkeyPatch, readings: Sequence[dict[int, dict[int, int]]]
) -> list[float | None]:
    """What is added up where the kernel says so much at each reading, by process and thread."""
    waited, found = WithheldTime(), []
    for reading in readings:
        monkeypatch.setattr(withheld, "run_delays", lambda pid, now=reading: now.get(pid, {}))
        found.append(waited.read([SERVER]))
    return found


def test_the_thread_that_waited_longest_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    readings = [
        {SERVER: {70: 500 * MS, 71: 0}, OWN: {1: 0}},
        {SERVER: {70: 520 * MS, 71: 60 * MS}, OWN: {1: 10 * MS}},
        {SERVER: {70: 530 * MS, 71: 60 * MS}, OWN: {1: 50 * MS}},
    ]
    assert read(monkeypatch, readings) == [0.0, 0.06, 0.1]


def test_a_thread_that_appears_has_waited_since_the_reading_before(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, [{SERVER: {70: 0}}, {SERVER: {70: 0, 72: 30 * MS}}]) == [0.0, 0.03]


def test_of_a_server_that_cannot_be_read_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, [{OWN: {1: 0}}, {OWN: {1: 90 * MS}}]) == [None, None]


def held_up(seen: Observation, from_s: float, to_s: float, known: bool = True) -> Observation:
    """The machine withheld all the time between these two moments; it is told of a little later."""

    def look(one: Look) -> Look:
        told_s = one.at_s - 0.1
        withheld_s = min(max(0.0, told_s - from_s), to_s - from_s)
        return replace(one, withheld_s=withheld_s if known else None)

    return changed(
        seen,
        samples=tuple(map(look, seen.samples)),
        baseline=replace(seen.record.baseline, withheld_s=0.0 if known else None),
        drain_net_gap_s=seen.record.drain_gap_s if known else None,
        after_withheld_s=0.0 if known else None,
    )


PAUSES = tuple(
    replace(one, witness_idle_s=min(1.5, one.at_s - 1.0)) if 1.0 < one.at_s <= 2.5 else one
    for one in samples(growth=1.0)
)


def test_a_silence_of_the_machine_is_nobody_s() -> None:
    seen = observation(samples=PAUSES)
    for from_s, to_s, net_s in ((3.0, 3.5, 1.5), (1.2, 2.2, 0.5), (1.0, 2.5, 0.0)):
        silence = longest_silence(held_up(seen, from_s, to_s).samples)
        assert silence.seconds == pytest.approx(1.5, abs=0.05)
        assert silence.net_s == pytest.approx(net_s, abs=0.1)
    assert longest_silence(PAUSES).net_s is None


@pytest.mark.parametrize(
    ("from_s", "to_s", "starves"), [(3.0, 3.5, True), (1.2, 2.05, True), (1.2, 2.3, False)]
)
def test_who_is_given_nothing_while_the_server_could_not_run_is_not_starved(
    from_s: float, to_s: float, starves: bool
) -> None:
    seen = changed(held_up(observation(samples=PAUSES), from_s, to_s), stall_lag_s=0.6)
    assert (Finding.STARVES_OTHERS in judge_stall(seen).findings) is starves


@pytest.mark.parametrize(("seconds", "starves"), [(0.2, True), (1.9, True), (3.0, False)])
def test_a_rate_counts_in_the_time_that_the_server_had(seconds: float, starves: bool) -> None:
    seen = held_up(observation(samples=samples(share=0.2, growth=1.0)), 0.5, 0.5 + seconds)
    assert (Finding.STARVES_OTHERS in judge_stall(seen).findings) is starves


def test_rates_do_not_compare_where_most_of_the_time_was_withheld() -> None:
    """Before the stall a server caught up in the fifth of the time that it had; in it, no more."""
    seen = held_up(observation(samples=samples(share=0.45, growth=1.0)), 0.2, 3.5)
    before = seen.record.baseline
    hasty = changed(seen, baseline=replace(before, withheld_s=0.8 * before.seconds))
    assert judge_stall(hasty).findings == ()


@pytest.mark.parametrize(
    ("share", "before", "after", "starves"),
    [(0.02, 0.85, 1.0, True), (0.02, 0.5, 1.0, False), (0.02, 0.85, 0.05, False), (0.4, 0.85, 1.0, False)],
    ids=["alike", "unlike", "as slow after the wake", "a little slower"],
)
def test_rates_compare_where_as_much_was_withheld_before_the_stall(
    share: float, before: float, after: float, starves: bool
) -> None:
    """On a machine with a load of 10 a server held a lock for 250 ms for each message of a stalled client:
    the witness received a fiftieth of its stream, and nothing was found.
    """
    seen = held_up(observation(samples=samples(share=share, growth=1.0)), 0.2, 3.6)
    usual = seen.record.baseline
    seen = changed(
        seen,
        baseline=replace(usual, withheld_s=before * usual.seconds),
        witness_after_per_s=after * RATE,
    )
    assert (Finding.STARVES_OTHERS in judge_stall(seen).findings) is starves


@pytest.mark.parametrize(
    ("share", "seconds", "standing"),
    [
        (0.1, 2.4, Assessment.OPEN),
        (0.2, 1.0, Assessment.FAULT),
        (0.9, 2.4, Assessment.DEFENDED),
        (0.5, 3.5, Assessment.DEFENDED),
    ],
    ids=["low on a busy machine", "low on its own", "as usual", "as usual in the time that was left"],
)
def test_a_low_rate_that_the_machine_may_explain_is_no_sign_that_others_were_served(
    share: float, seconds: float, standing: Assessment
) -> None:
    """The witness received 18 % of its stream for a minute, and the row had a check mark."""
    seen = observation(
        samples=samples(share=share), comparison=comparison(missing=9000, dropped=Dropped.NEWEST)
    )
    (report,) = probed(held_up(seen, 0.2, 0.2 + seconds)).stalls
    assert report.standing is standing
    assert report.others_known is (standing is not Assessment.OPEN)
    told = any("whether the server starved the witness is not known" in line for line in report.evidence)
    assert told is (standing is Assessment.OPEN)


@pytest.mark.parametrize(("net_s", "freezes"), [(1.9, True), (0.3, False)])
def test_a_freeze_is_what_is_left_of_the_silence(net_s: float, freezes: bool) -> None:
    seen = changed(held_up(observation(drain_gap_s=2.0), 0.0, 0.0), drain_net_gap_s=net_s, own_lag_s=0.9)
    assert (Finding.FREEZES_ON_RESUME in judge_stall(seen).findings) is freezes


@pytest.mark.parametrize(("seconds", "blocks"), [(0.2, True), (2.3, True), (3.8, False)])
def test_nobody_is_blocked_by_a_client_while_the_server_could_not_run(seconds: float, blocks: bool) -> None:
    judged = judge_stall(held_up(blocked(), 0.0, seconds))
    assert (judged.outcome is Outcome.BLOCKS_EVERYONE) is blocks
    assert judged.others_known is blocks


@pytest.mark.parametrize(
    ("gone_s", "withheld_s", "leaks"),
    [(2.0, 0.4, True), (2.0, 1.2, False), (5.0, 3.4, True), (5.0, 4.5, False)],
)
def test_a_server_that_could_not_run_has_not_seen_that_a_client_is_gone(
    gone_s: float, withheld_s: float, leaks: bool
) -> None:
    after = {
        "gone_s": gone_s,
        "after_withheld_s": withheld_s,
        "witness_after_per_s": 0.3 * RATE,
    }
    seen = observation("vanishing", growth_after_close_per_s=5e6, **after)
    assert (Finding.LEAKS_AFTER_CLOSE in judge_stall(seen).findings) is leaks


def test_a_server_whose_stream_goes_on_for_others_has_seen_it() -> None:
    after = {"gone_s": 5.0, "after_withheld_s": 4.5, "witness_after_per_s": 0.8 * RATE}
    seen = observation("vanishing", growth_after_close_per_s=9e6, **after)
    assert judge_stall(seen).findings == (Finding.LEAKS_AFTER_CLOSE,)


@pytest.mark.parametrize(("seconds", "cut"), [(0.5, True), (3.5, False)])
def test_a_client_is_not_called_slow_for_the_machine(seconds: float, cut: bool) -> None:
    """Beside a server that was given 2 % of a CPU, who read a tenth of the stream was cut by a timeout."""
    seen = held_up(observation("slow-reader", end=closed()), 0.0, seconds)
    assert (Finding.CUTS_HEALTHY_CLIENTS in judge_stall(seen).findings) is cut


@pytest.mark.parametrize(("seconds", "which"), [(0.5, Dropped.NEWEST), (3.5, None)])
def test_which_end_is_dropped_is_not_said_where_most_of_the_time_was_withheld(
    seconds: float, which: Dropped | None
) -> None:
    compared = comparison(missing=9000, dropped=Dropped.NEWEST)
    seen = held_up(observation(comparison=compared, samples=samples()), 0.0, seconds)
    assert judge_stall(seen).outcome is Outcome.BOUNDED_DROPS
    assert judge_stall(seen).dropped is which
