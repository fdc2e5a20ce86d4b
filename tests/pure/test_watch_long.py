"""A long watch uses no more memory than its present connections need."""

from collections.abc import Sequence

import pytest

from stallsim.kernel.diag_socket import DiagSocket
from stallsim.timeline.watched import WatchedServer
from stallsim.watching.servers import FoundServers
from stallsim.watching.sources._base import Raw
from stallsim.watching.watch import Watch

from .watched import reading, shut

CROWD = 40


class Comings:
    """At each look other connections than at the last, a quarter of them stalled, and one that stays."""

    words, missing = "made up", ""

    def __init__(self) -> None:
        self.number = 0

    def listeners(self) -> list[DiagSocket]:
        return []

    def connections(self, port: int, families: tuple[int, ...]) -> Sequence[Raw]:
        self.number += 1
        first = self.number * CROWD
        new = [(shut if one % 4 == 0 else reading)(cookie=first + one) for one in range(CROWD)]
        return [*new, *new[:3], shut(cookie=1, last_data_sent=60_000)]

    def peer(self, end: DiagSocket) -> DiagSocket | None:
        return None

    def close(self) -> None:
        pass


def test_hundreds_of_looks_at_comings_and_goings_remember_no_more_than_a_few(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter(range(0, 10**6, 2))
    monkeypatch.setattr("stallsim.watching.watch.time.monotonic", lambda: float(next(clock)))
    server = WatchedServer(port=8000, name="", pids=(), uid=0)
    watch = Watch(FoundServers(Comings(), (server,), {8000: (2,)}))
    for number in range(1, 301):
        snapshot = watch.look()
        assert snapshot.look == number
        assert snapshot.totals.connections == CROWD + 1, "one that is told twice is one"
        assert snapshot.totals.words["stalled"] == 1
        assert len(watch._tracks) <= CROWD + 1
        assert len(watch._looks._looks) <= 4
        assert len(watch.changes) <= CROWD + 1
    watch.close()
