"""Everything in a snapshot except its connections: processes, the machine's TCP memory, siblings, notes,
the verdict.
"""

import time
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from ..kernel.tcp_memory import tcp_memory
from ..kinds import Word
from ..timeline.watched import (
    PortTotals,
    Process,
    Siblings,
    Snapshot,
    Totals,
    WatchedConnection,
    WatchedServer,
)
from .blind_spots import above_tcp, blind_spots, far_away
from .memory import ProcessMemory
from .remedies import remedies
from .sentence import sentence
from .servers import FoundServers, servers_at
from .witness import fits, siblings_of


class Moment(NamedTuple):
    """The number of a look, and its time in seconds of the monotonic clock."""

    number: int
    at_s: float
    elapsed_s: float


class Surroundings:
    """Reads and stores what one watch needs besides its connections."""

    def __init__(self, found: FoundServers, *, anonymous: bool) -> None:
        self._found, self._anonymous = found, anonymous
        self._servers = found.servers
        self._memory = ProcessMemory(_pids(found.servers))
        self._ended: list[str] = []

    def tcp_memory_share(self) -> float | None:
        """The share in use of the limit beyond which the kernel gives sockets no more memory."""
        memory = tcp_memory()
        return None if memory is None else round(memory.used_pages / memory.limit_pages, 4)

    def snapshot(
        self,
        moment: Moment,
        totals: Totals,
        ports: tuple[PortTotals, ...],
        rows: list[WatchedConnection],
        rates: dict[int, list[float]],
        hosts: Counter[str],
    ) -> Snapshot:
        """The whole snapshot: the connections and everything else."""
        siblings = [one for port in rates if (one := siblings_of(port, rates[port])) is not None]
        rows = [_with_due(one, siblings) for one in rows]
        process = self._process(moment.at_s, rows, siblings)
        if process is None and _pids(self._servers):
            self._look_for_servers()
        source = self._found.source
        missing = (source.missing,) if source.missing else ()
        return Snapshot(
            look=moment.number,
            unix_s=round(time.time(), 3),
            elapsed_s=round(moment.elapsed_s, 3),
            took_ms=round((time.monotonic() - moment.at_s) * 1000, 2),
            source=source.words,
            notes=(
                *self._ended,
                *missing,
                *far_away(rows),
                *above_tcp(rows),
                *blind_spots(rates, hosts, totals.connections),
            ),
            verdict=sentence(totals, rows, siblings, process),
            servers=self._servers,
            totals=totals,
            ports=ports,
            siblings=tuple(siblings),
            process=process,
            connections=tuple(rows),
            left_out=totals.connections - len(rows),
            remedies=() if self._anonymous else remedies(rows),
        )

    def _look_for_servers(self) -> None:
        """Find the servers again after their processes have ended: the server may have been restarted."""
        ports = tuple(self._found.families)
        gone = " ".join(map(str, _pids(self._servers)))
        self._servers = servers_at(self._found.source, ports)
        if pids := _pids(self._servers):
            self._memory = ProcessMemory(pids)
            self._ended = [f"the server was restarted: process {gone} has ended"]
        else:
            listening = ", ".join(f":{port}" for port in ports)
            self._ended = [f"process {gone} has ended, and no process is seen to listen on {listening}"]

    def _process(
        self, at_s: float, rows: Sequence[WatchedConnection], siblings: Sequence[Siblings]
    ) -> Process | None:
        rss_bytes = self._memory.read(at_s)
        if rss_bytes is None:
            return None
        rate_of = {one.port: one.median_rate for one in siblings}
        due_rates = [rate_of.get(one.port, 0.0) for one in rows if one.word == Word.STALLED.value]
        slope = self._memory.slope
        return Process(
            rss_bytes=rss_bytes,
            slope=None if slope is None else round(slope, 1),
            ends_s=self._memory.ends_s(),
            fits=fits(slope, due_rates),
        )


def _pids(servers: Sequence[WatchedServer]) -> tuple[int, ...]:
    return tuple(sorted({pid for server in servers for pid in server.pids}))


def _with_due(one: WatchedConnection, siblings: Sequence[Siblings]) -> WatchedConnection:
    rate = next((each.median_rate for each in siblings if each.port == one.port), None)
    if one.word != Word.STALLED.value or rate is None or one.for_s is None:
        return one
    return replace(one, due_bytes=round(rate * one.for_s))
