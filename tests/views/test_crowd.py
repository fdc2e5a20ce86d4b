"""If clients come and go, the dashboard follows one that is present, and shows totals."""

from msgspec.structs import replace

from stallsim.kinds import Phase
from stallsim.profile.load import load_profile
from stallsim.timeline.records import PhaseEvent
from stallsim.timeline.timeline import Timeline
from stallsim.views.drawing.crowd import crowd_rows, order
from stallsim.views.drawing.moments import Moments
from stallsim.views.drawing.palette import ASCII
from tests.pure.builders import header, info, sample


def coming_and_going() -> Moments:
    """Three clients of a soak: the first leaves at tick 5, and 1,000 bytes wait for each of the others."""
    timeline = Timeline()
    timeline.append(header(load_profile("soak-mixed").scenario))
    for number in range(3):
        timeline.append(replace(info(), connection=number, client="sleeper"))
    for number in range(3):
        for tick in range(5 if number == 0 else 10):
            now = sample(tick, connection=number, queue_bytes=1_000, produced_bytes=1_000)
            timeline.append(now)
            if tick == 0:
                timeline.append(PhaseEvent(tick=0, phase=Phase.FLOWING, sample=now))
    gone = sample(5, connection=0)
    timeline.append(PhaseEvent(tick=5, phase=Phase.CLOSED, sample=gone))
    moments = Moments(timeline)
    moments.catch_up()
    return moments


def test_those_that_are_there_come_first() -> None:
    moments = coming_and_going()
    assert order(moments, 4) == [0, 1, 2]
    assert order(moments, 9) == [1, 2, 0]


def test_the_last_row_has_totals() -> None:
    moments = coming_and_going()
    *_, last = crowd_rows(moments, 1, 9, 120, 3, ASCII)
    text = "".join(words for words, _ in last)
    assert "2 more" in text
    assert "3 opened, 2 open, 2.0 kB queued for all" in text
