"""A server that ignores a FIN goes on sending, and does not read the end of the stream repeatedly."""

import pytest

from stallsim.kinds import Phase
from stallsim.server.session import Session

from .running import run

pytestmark = [pytest.mark.loopback, pytest.mark.realtime]


def test_in_realtime_a_fin_that_is_ignored_is_not_read_in_a_busy_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reads, receive = 0, Session.receive

    def count(session: Session, now: float, broken: OSError | None = None) -> None:
        nonlocal reads
        reads += 1
        receive(session, now, broken)

    monkeypatch.setattr(Session, "receive", count)
    timeline = run("half-closed", "pace=realtime", "ticks=60", "stream.interval=10ms")
    assert reads <= 3 * timeline.scenario.ticks


def test_a_policy_ends_the_connection_between_two_looks() -> None:
    realtime = ("pace=realtime", "ticks=100", "stream.interval=10ms", "server.sndbuf=16KiB")
    cut = ("server.policy=disconnect", "server.disconnect.limit-bytes=50kB")
    timeline = run("half-closed", *realtime, *cut)
    assert Phase.RESET in {one.phase for one in timeline.phases(0)}
