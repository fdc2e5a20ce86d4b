"""Whole runs, observed: which phases and events begin, in which order, at which ticks."""

from typing import Any

import pytest

from stallsim.kinds import Phase
from stallsim.runner.observer import ConnectionObserver
from stallsim.timeline.records import PhaseEvent
from stallsim.timeline.sample import Refusal
from stallsim.timeline.timeline import Timeline

from .builders import header, info, sample

FRAME = 6680
READ = {"read_bytes": FRAME, "received_bytes": FRAME, "acked_bytes": FRAME, "accepted_bytes": FRAME}


def told(*changes: dict[str, Any]) -> list[str]:
    """What the observer appends, one sample a tick, each sample the one before with changes."""
    timeline = Timeline()
    timeline.append(header())
    timeline.append(info())
    observer = ConnectionObserver(timeline)
    fields: dict[str, Any] = {}
    for tick, change in enumerate(changes):
        fields |= change
        observer.see(sample(tick, **fields))
    words = []
    for happening in timeline.happenings:
        if isinstance(happening, PhaseEvent):
            words.append(f"{happening.tick} {happening.phase.value}")
        else:
            evidence = getattr(happening.what, "evidence", None)
            kind = happening.kind.value
            words.append(
                f"{happening.tick} {kind} ({evidence})" if evidence else f"{happening.tick} {kind}"
            )
    return words


def test_the_report_that_started_it() -> None:
    shut = {"snd_wnd_bytes": 0, "notsent_bytes": 8000, "outq_bytes": 8000}
    assert told(
        READ,
        {"received_bytes": 30_000, "rcvq_bytes": 23_320, "acked_bytes": 30_000, "snd_wnd_bytes": 20_000},
        {"received_bytes": 50_000, "rcvq_bytes": 43_320, "acked_bytes": 50_000, **shut},
        {"outq_bytes": 99_000, "notsent_bytes": 99_000, "refusal": Refusal.EAGAIN, "queue_bytes": 100},
        {"queue_bytes": 6780},
        {"queue_bytes": 13_460, "produced_bytes": 162_460},
        {"read_bytes": 90_000, "rcvq_bytes": 10_000, "queue_bytes": 5000},
        {"queue_bytes": 0, "outq_bytes": 0, "notsent_bytes": 0, "rcvq_bytes": 0, "read_bytes": 162_460,
         "snd_wnd_bytes": 65_536, "refusal": Refusal.NONE},
    ) == [
        "0 flowing",
        "1 receiver-filling",
        "2 stalled (window shut)",
        "2 zero-window",
        "2 sender-filling",
        "3 write-blocked",
        "4 userspace-growth",
        "6 draining",
        "7 recovered",
    ]  # fmt: skip


def test_a_tiny_window_goes_straight_to_the_sender() -> None:
    first = {"received_bytes": 1000, "acked_bytes": 1000, "rcvq_bytes": 1000, "snd_wnd_bytes": 0}
    assert told(
        {},
        first | {"accepted_bytes": FRAME, "outq_bytes": 5680, "notsent_bytes": 5680},
        {"accepted_bytes": 2 * FRAME, "outq_bytes": 12_360, "notsent_bytes": 12_360},
    ) == ["0 flowing", "1 zero-window", "1 sender-filling", "2 stalled (window shut)"]


def test_half_open_is_unacknowledged_and_never_receiver_filling() -> None:
    def lost(accepted: int, notsent: int, **more: Any) -> dict[str, Any]:
        outq = {"outq_bytes": accepted - FRAME, "notsent_bytes": notsent}
        return {"accepted_bytes": accepted, **outq, **more}

    assert told(
        READ,
        lost(2 * FRAME, 0),
        lost(3 * FRAME, 0),
        lost(9 * FRAME, 4 * FRAME),
        lost(10 * FRAME, 5 * FRAME, refusal=Refusal.EAGAIN, queue_bytes=100),
        {"queue_bytes": 6780},
    ) == [
        "0 flowing",
        "1 unacknowledged",
        "2 stalled (nothing acknowledged)",
        "3 sender-filling",
        "4 write-blocked",
        "5 userspace-growth",
    ]


def test_a_limit_that_aborts() -> None:
    grown = {"rcvq_bytes": 9000, "outq_bytes": 99_000, "queue_bytes": 50, "refusal": Refusal.EAGAIN}
    shut = {"notsent_bytes": 99_000, "snd_wnd_bytes": 0}
    steps: tuple[dict[str, Any], ...] = (
        {},
        grown | shut,
        {"queue_bytes": 6000},
        {"dropped_bytes": FRAME},
        {"discarded_bytes": 6000},
    )
    assert told(*steps)[-3:] == ["2 stalled (window shut)", "2 userspace-growth", "3 policy-acted"]


def test_a_relapse_after_draining() -> None:
    full = {"rcvq_bytes": 20_000, "produced_bytes": 20_000, "received_bytes": 20_000}
    half = {"rcvq_bytes": 10_000, "read_bytes": 10_000}
    assert told({}, full, half, {"produced_bytes": 20_001}, {"rcvq_bytes": 11_000}) == [
        "0 flowing",
        "1 receiver-filling",
        "2 draining",
        "3 receiver-filling",
    ]


@pytest.mark.parametrize("how", [Phase.CLOSED, Phase.RESET, Phase.TIMED_OUT])
def test_an_end_is_entered_from_outside(how: Phase) -> None:
    timeline = Timeline()
    timeline.append(header())
    timeline.append(info())
    observer = ConnectionObserver(timeline)
    observer.see(sample(0))
    observer.end(how, sample(1, settled=False))
    assert [event.phase for event in timeline.phases(0)] == [Phase.FLOWING, how]
    assert [one.tick for one in timeline.samples[0]] == [0, 1]
