"""How ours reads on waking, as strace has seen a browser do it: 131,000, 1,000 at a time, then 131,000."""

from itertools import groupby

import pytest

from stallsim.clients._end import ClientEnd
from stallsim.kinds import EventKind
from stallsim.timeline.records import Event, Record
from tests.loopback.running import run

pytestmark = pytest.mark.loopback
AS_THE_TRACE = ("clients.sleeper.rcvbuf=256KiB", "clients.sleeper.maxseg=16396", "ticks=600")


def test_the_first_read_after_a_sleep_is_as_large_as_those_before_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits: list[int] = []
    received = ClientEnd.recv

    def recv(end: ClientEnd, limit: int) -> bytes | None:
        if limit in (1_000, 131_000):  # the browser's own sizes
            limits.append(limit)
        return received(end, limit)

    def hear(record: Record) -> None:
        if isinstance(record, Event) and record.kind is EventKind.WAKES:
            limits.clear()

    monkeypatch.setattr(ClientEnd, "recv", recv)
    run("sleeping-tab", *AS_THE_TRACE, hear=hear)
    stretches = [(limit, len(list(reads))) for limit, reads in groupby(limits)][:3]
    assert stretches[0] == (131_000, 1)
    assert stretches[1] == (1_000, 99)
    assert stretches[2][0] == 131_000
