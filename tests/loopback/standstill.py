"""A lockstep run on a machine that stops once, for longer than the persist timer waits."""

import time
from collections.abc import Callable
from enum import StrEnum
from unittest.mock import patch

from stallsim.kernel.tcp_info import read_tcp_info
from stallsim.profile.load import load_profile
from stallsim.runner.execute import Execution
from stallsim.server.session import Session
from stallsim.timeline.ledger import Ledger, make_ledger
from stallsim.timeline.records import Record
from stallsim.timeline.sample import Sample

from .running import private_digest

STALLED_TICK = 90
PROFILE = ("stream.frame=6700", "clients.sleeper.wake-tick=120", "ticks=200")
"""With frames of this size the sleeper's window stays open for less than its next segment."""
LEFT_OPEN_BYTES = 1074


class Where(StrEnum):
    BETWEEN_STEPS = "between two steps"
    WITHIN_A_STEP = "within a step"


class _StandsStill:
    def __init__(self, where: Where) -> None:
        self._where, self._tick, self._stood = where, 0, False

    def on_record(self, record: Record) -> None:
        if isinstance(record, Sample):
            self._tick = record.tick
            self._stand(Where.BETWEEN_STEPS)

    def writing(self, write: Callable[[Session, float], int]) -> Callable[[Session, float], int]:
        def write_late(session: Session, now: float) -> int:
            if read_tcp_info(session.sock).notsent_bytes:
                self._stand(Where.WITHIN_A_STEP)
            return write(session, now)

        return write_late

    def _stand(self, where: Where) -> None:
        if where is self._where and self._tick == STALLED_TICK and not self._stood:
            self._stood = True
            time.sleep(0.3)


def stand_still(where: Where, *overrides: str) -> tuple[int, Ledger]:
    """How many attempts it took, and the ledger."""
    still = _StandsStill(where)
    execution = Execution(load_profile("sleeping-tab", [*PROFILE, *overrides]))
    execution.prepare()
    with patch.object(Session, "write", still.writing(Session.write)):
        timeline = execution.execute(listener=still.on_record)
    assert timeline.end is not None
    ledger = make_ledger(timeline)
    if ledger.pinned:
        window = {one.snd_wnd_bytes for one in timeline.samples[1] if one.tick == STALLED_TICK + 1}
        assert window == {LEFT_OPEN_BYTES}, "nothing was pushed into it"
    return timeline.end.attempts, ledger


def undisturbed() -> str:
    """The digest of the same run on a machine that goes on."""
    return private_digest("sleeping-tab", *PROFILE)
