"""Clients that flap, vanish or half-close, and networks that fail for moments."""

import pytest
from msgspec.structs import asdict

from stallsim.errors import ProfileError
from stallsim.kernel import black_hole
from stallsim.kinds import EventKind, Phase
from stallsim.timeline.records import Event, PhaseEvent
from stallsim.timeline.timeline import Timeline
from stallsim.verdict.verdict import VerdictKind, judge_run

from .running import run

pytestmark = pytest.mark.loopback
CLOSED, RESET = Phase.CLOSED, Phase.RESET


def told(timeline: Timeline, kind: EventKind) -> list[Event]:
    return [one for one in timeline.happenings if isinstance(one, Event) and one.kind is kind]


@pytest.mark.parametrize("asleep", ["tab", "script", "process"])
def test_every_stall_of_a_flapping_client_is_confirmed(asleep: str) -> None:
    timeline = run("flapping", f"clients.flapper.asleep={asleep}")
    stops = [one.tick for one in told(timeline, EventKind.STOPS_READING)]
    wakes = [one.tick for one in told(timeline, EventKind.WAKES)]
    stalls = [one.tick for one in told(timeline, EventKind.STALLED)]
    assert len(stops) >= 3
    for stop, wake in zip(stops, wakes, strict=False):
        assert [tick for tick in stalls if stop < tick < wake]


def test_the_cycles_of_a_flapper_are_drawn_from_the_seed() -> None:
    cycles = [
        [one.tick for one in told(run("flapping", f"seed={seed}"), EventKind.SLEEPS)] for seed in (1, 1, 2)
    ]
    assert cycles[0] == cycles[1] != cycles[2]


@pytest.mark.parametrize("asleep", [False, True])
@pytest.mark.parametrize(
    ("ending", "says_close", "awake_end"),
    [("closed-tab", True, CLOSED), ("killed-browser", False, RESET), ("exited-process", False, CLOSED)],
)
def test_an_ending_is_seen_as_measured(
    ending: str, says_close: bool, awake_end: Phase, asleep: bool
) -> None:
    sleep = ["clients.tab.sleep-tick=5"] if asleep else []
    timeline = run("vanishing", f"clients.tab.ending={ending}", "clients.tab.end-tick=100", *sleep)
    mine = timeline.about(0)
    last = [one for one in mine if isinstance(one, PhaseEvent)][-1]
    kinds = [one.kind for one in mine if isinstance(one, Event)]
    assert (last.tick, last.phase) == (100, RESET if asleep else awake_end)
    assert (EventKind.CLOSE_RECEIVED in kinds) is says_close
    assert (EventKind.STALLED in kinds) is asleep
    assert last.sample.queue_bytes == last.sample.outq_bytes == 0


def test_a_server_that_reads_a_fin_ends_at_once_and_the_run_passes() -> None:
    timeline = run("half-closed", "server.fin=ends")
    (fin,), (ended,) = (told(timeline, kind) for kind in (EventKind.HALF_CLOSES, EventKind.ENDED))
    assert (fin.tick, asdict(ended.what)["how"]) == (ended.tick, "closed")
    assert not [reason for reason in judge_run(timeline).reasons if "was not confirmed" in reason]


def test_a_lossy_network_is_refused_in_lockstep() -> None:
    with pytest.raises(ProfileError, match="needs pace"):
        run("lossy", "pace=lockstep")


@pytest.mark.slow
def test_what_a_lossy_network_drops_is_sent_again_and_read_in_order() -> None:
    if not black_hole.permitted():
        pytest.skip("needs CAP_NET_ADMIN in the stack of this process")
    timeline = run("lossy")
    assert judge_run(timeline).outcome is VerdictKind.PASS
    downs, ups = told(timeline, EventKind.NETWORK_DOWN), told(timeline, EventKind.NETWORK_UP)
    assert len(downs) >= len(ups) > 3
    samples = timeline.samples[0]
    assert samples[0].retrans_segments == 0
    assert max(sample.retrans_segments for sample in samples) > 0
    assert {sample.missing_messages for sample in samples} == {0}
    assert samples[-1].read_messages > samples[-1].produced_messages // 2


@pytest.mark.parametrize(
    ("profile", "overrides", "ends"),
    [
        ("half-closed", ["clients.half.finish-tick=0", "server.fin=ends"], 1),
        ("vanishing", ["clients.tab.end-tick=0", "clients.browser.end-tick=0"], 2),
    ],
)
def test_who_ends_within_the_first_tick_has_ended_as_any_other(
    profile: str, overrides: list[str], ends: int
) -> None:
    timeline = run(profile, *overrides)
    ended = [one for one in told(timeline, EventKind.ENDED) if one.tick == 0]
    assert len(ended) == ends
    lost = [one.unaccounted_bytes for series in timeline.samples for one in series if one.settled]
    assert lost
    assert set(lost) == {0}


def test_a_main_process_that_is_killed_awake_ends_with_close_1001_and_rst() -> None:
    timeline = run("vanishing", "clients.browser.ending=killed-main", "expect=[]")
    (close,) = (one for one in told(timeline, EventKind.CLOSE_RECEIVED) if one.connection == 2)
    assert "1001" in str(close.what)
    assert list(timeline.phases(2))[-1].phase is RESET
