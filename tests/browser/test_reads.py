"""How ours reads on waking, as strace has seen a browser do it: 131,000, 1,000 at a time, then 131,000.

So the window opens at once, shuts once more within milliseconds, and opens again: in a capture of ours to
109,568, after 1.2 ms to 0, after 0.8 ms more to 109,568; of browsers the same, with 0.5 to 2.1 ms.
"""

from itertools import groupby
from pathlib import Path

import pytest

from stallsim.clients._end import ClientEnd
from stallsim.kernel import private_stack
from stallsim.kinds import EventKind
from stallsim.timeline.records import Event, Record
from tests.loopback.nobody import forked
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

    def on_record(record: Record) -> None:
        if isinstance(record, Event) and record.kind is EventKind.WAKES:
            limits.clear()

    monkeypatch.setattr(ClientEnd, "recv", recv)
    run("sleeping-tab", *AS_THE_TRACE, on_record=on_record)
    stretches = [(limit, len(list(reads))) for limit, reads in groupby(limits)][:3]
    assert stretches[0] == (131_000, 1)
    assert stretches[1] == (1_000, 99)
    assert stretches[2][0] == 131_000


def test_the_window_shuts_on_waking() -> None:
    def shut() -> int:
        """How often a zero window was announced (TcpExt's TCPToZeroWindowAdv), in this stack."""
        lines = Path("/proc/net/netstat").read_text().splitlines()
        names, counts = (line.split() for line in lines if line.startswith("TcpExt:"))
        return int(dict(zip(names, counts, strict=True))["TCPToZeroWindowAdv"])

    def work() -> str:
        private_stack.enter({})
        at_wake: list[int] = []

        def on_record(record: Record) -> None:
            if isinstance(record, Event) and record.kind is EventKind.WAKES:
                at_wake.append(shut())

        run("sleeping-tab", *AS_THE_TRACE, "stack.private=false", on_record=on_record)
        # before the wake 592 bytes of window are left, which only the persist timer fills, after 200 ms
        return f"shuts {'more' if shut() > at_wake[0] else 'no more'} than before"

    assert forked(work) == "shuts more than before"
