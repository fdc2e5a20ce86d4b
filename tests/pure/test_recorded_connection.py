"""A connection in the recording of a probe: nothing counts on once the server has ended it."""

from types import SimpleNamespace
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from stallsim.kernel.diag_socket import TcpState
from stallsim.kinds import EventKind, Phase, Stalls
from stallsim.probing.observe.connection_reading import ConnectionReading
from stallsim.probing.observe.step import Step
from stallsim.probing.recording.connection import RecordedConnection
from stallsim.probing.recording.phases import PhaseTracker
from stallsim.probing.stalls import find_stall
from stallsim.timeline.records import Event
from stallsim.timeline.sample import Refusal, Sample
from stallsim.timeline.timeline import Timeline

from .builders import header, info, sample


class Line:
    """What both kernels say of a connection that the server ends after some looks."""

    visible, read_bytes = True, 0

    def __init__(self) -> None:
        self.stream_client = SimpleNamespace(ended=None)
        self.server = SimpleNamespace(state=TcpState.ESTABLISHED)

    def ends(self) -> None:
        self.server.state = TcpState.FIN_WAIT1

    def sample(self, number: int, tick: int, refused: int, refusal: Refusal, held: int) -> Sample:
        return sample(tick, connection=number, queue_bytes=refused, refusal=refusal, held_bytes=held)


@given(st.integers(2, 20), st.lists(st.integers(0, 10**9), min_size=1, max_size=9))
def test_the_count_is_frozen_and_the_moment_is_marked(end_tick: int, later: list[int]) -> None:
    timeline, line = Timeline(), Line()
    timeline.append(header())
    timeline.append(info(0, "stop-reading", Stalls.MUST))
    story = PhaseTracker(find_stall("stop-reading"))
    recorded = RecordedConnection(timeline, 0, cast("ConnectionReading", line), story)
    for tick in range(1, end_tick):
        recorded.look(Step.FULL, tick, 1000 * tick)
    line.ends()
    for tick, refused in enumerate([1000 * end_tick, *later], start=end_tick):
        recorded.look(Step.FULL, tick, refused)
    after = [one for one in timeline.samples[0] if one.tick >= end_tick]
    assert len(after) == len(later) + 1
    assert {one.queue_bytes for one in after} == {1000 * end_tick}
    assert {one.refusal for one in after[1:]} == {Refusal.NONE}
    ends = [
        one for one in timeline.happenings if isinstance(one, Event) and one.kind is EventKind.SERVER_ENDS
    ]
    assert [one.tick for one in ends] == [end_tick]
    assert Phase.USERSPACE_GROWTH not in {one.phase for one in timeline.phases(0)}
