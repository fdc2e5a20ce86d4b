"""One watch: looks at the server's connections, and makes a snapshot of each look.

Every connection is read. Most are calm, and finding the word of one costs about 2 us; those in which
anything waits are read in full. The CPU time of a look, the kernel's included, is measured for ``pause_s``.
"""

import time
from collections import Counter
from typing import NamedTuple

from ..kernel.diag_socket import DiagSocket
from ..kinds import CALM, Word
from ..timeline.changes import Change
from ..timeline.watched import Snapshot, WatchedConnection
from .calm import calm_word
from .connection import watched_connection
from .looks import Mark, ReadingsByCookie, RecentReadings, cookie_of, full, glance, id_of
from .pair import Pair
from .peers import PeerNames
from .servers import FoundServers
from .sources._base import Raw
from .surroundings import Moment, Surroundings
from .totals import all_totals, port_totals
from .track import ConnectionTrack

_ROWS_MAX = 500
"""The most connections that are listed."""
_CALM_MAX = 100
"""The most listed connections in which nothing waits."""
_PEERS_MAX = 500
"""The most stalled connections whose peers' ends are looked up, at 15 us each."""
_PORTS_APART = 3
"""With more ports than this, one dump of all sockets costs less than a dump for each port."""
_WORST = list(Word)


class _Judged(NamedTuple):
    pair: Pair
    word: Word
    track: ConnectionTrack


class Watch:
    """One watch. ``look`` is called repeatedly, from one thread at a time. Must be closed."""

    def __init__(self, found: FoundServers, after_s: float = 10.0, *, anonymous: bool = False) -> None:
        self.found, self.after_s = found, after_s
        self.names = PeerNames(anonymous)
        self._looks = RecentReadings()
        self._tracks: dict[int, ConnectionTrack] = {}
        self._troubled: dict[int, WatchedConnection] = {}
        self._around = Surroundings(found, anonymous=anonymous)
        self.number = 0
        """The number of looks so far."""
        self._began_s = 0.0
        self.took_s = 0.0
        """The CPU time of the latest look, in seconds."""
        self.changes: list[Change] = []
        """The changes at the latest look: connections that came into trouble, left it, or ended in it."""

    def close(self) -> None:
        """Close the source of the readings."""
        self.found.source.close()

    def look(self) -> Snapshot:
        """Look at all connections now. Raises Unavailable if the source no longer answers."""
        cpu_s, at_s = time.thread_time(), time.monotonic()
        self.number += 1
        self._began_s = self._began_s or at_s
        base = self._looks.base(at_s)
        sockets: dict[int, Raw] = {}
        marks: dict[int, Mark] = {}
        counts: Counter[tuple[int, Word]] = Counter()
        rates: dict[int, list[float]] = {port: [] for port in self.found.families}
        judged: list[_Judged] = []
        calm: list[tuple[Raw, Word]] = []
        self.changes = []
        for port, raw in self._read():
            seen = glance(raw)
            cookie = cookie_of(raw, seen)
            if cookie in sockets:
                continue
            sockets[cookie] = raw
            word = None
            if seen is not None:
                marks[cookie] = (seen.bytes_acked, seen.snd_wnd)
                if cookie not in self._tracks:
                    mark = base.marks.get(cookie) if base is not None else None
                    word = calm_word(mark, seen)
                    if word is Word.KEEPS_UP and mark is not None and base is not None:
                        rates[port].append((seen.bytes_acked - mark[0]) / (at_s - base.at_s))
            if word is None:
                before = base.sockets.get(cookie) if base is not None else None
                one = self._judge(cookie, full(raw), before, base, at_s, len(judged))
                judged.append(one)
                word = one.word
                if word in (Word.KEEPS_UP, Word.SENDING) and one.pair.acked_bytes > 0:
                    rates[port].append(one.pair.acked_rate)
            elif len(calm) < _CALM_MAX:
                calm.append((raw, word))
            counts[port, word] += 1
        self._looks.add(ReadingsByCookie(at_s, sockets, marks))
        self._forget(sockets)
        self.took_s = time.thread_time() - cpu_s
        return self._snapshot(at_s, base, counts, rates, judged, calm, sockets)

    def _read(self) -> list[tuple[int, Raw]]:
        source, families = self.found.source, self.found.families
        if len(families) > _PORTS_APART:
            every = tuple(sorted({family for one in families.values() for family in one}))
            ported = ((_own_port(raw), raw) for raw in source.connections(0, every))
            return [(port, raw) for port, raw in ported if port in families]
        return [(port, raw) for port in families for raw in source.connections(port, families[port])]

    def _judge(
        self,
        cookie: int,
        now: DiagSocket,
        before: Raw | None,
        base: ReadingsByCookie | None,
        at_s: float,
        so_far: int,
    ) -> _Judged:
        track = self._tracks.get(cookie)
        first = track is None
        if track is None:
            track = ConnectionTrack(Word.NEW, at_s, found_so=before is None, still_since_s=at_s)
            self._tracks[cookie] = track
        earlier = None if before is None else full(before)
        seconds = at_s - base.at_s if base is not None and earlier is not None else 0.0
        shut = now.info is not None and now.info.notsent_bytes and now.info.snd_wnd < now.info.snd_mss
        peer = self.found.source.peer(now) if shut and so_far < _PEERS_MAX else None
        was = track.word
        pair = track.pair(now, earlier, at_s, seconds, self.after_s, peer)
        word = track.settle(pair, at_s)
        if word is not was and not (word in CALM and was in CALM):
            row = self._describe(_Judged(pair, word, track), at_s)
            self.changes.append(Change(None if first else was, row))
        return _Judged(pair, word, track)

    def _describe(self, one: _Judged, at_s: float) -> WatchedConnection:
        name = self.names.name(one.pair.now.id)
        return watched_connection(one.pair, one.word, name, at_s - one.track.since_s, one.track.found_so)

    def _forget(self, sockets: dict[int, Raw]) -> None:
        """Forget connections that have ended, and those in which nothing has waited for a while."""
        for cookie in [cookie for cookie in self._tracks if cookie not in sockets]:
            track = self._tracks.pop(cookie)
            if track.word not in CALM and cookie in self._troubled:
                self.changes.append(Change(track.word, self._troubled[cookie], ended=True))
        for cookie in [cookie for cookie, track in self._tracks.items() if track.quiet]:
            del self._tracks[cookie]

    def _snapshot(
        self,
        at_s: float,
        base: ReadingsByCookie | None,
        counts: Counter[tuple[int, Word]],
        rates: dict[int, list[float]],
        judged: list[_Judged],
        calm: list[tuple[Raw, Word]],
        sockets: dict[int, Raw],
    ) -> Snapshot:
        judged.sort(key=lambda one: (_WORST.index(one.word), -one.pair.quiet_s, -one.pair.now.wqueue))
        every = [self._describe(one, at_s) for one in judged]
        rows = every[:_ROWS_MAX]
        self._troubled = {row.cookie: row for row in rows}
        for raw, word in calm[: _ROWS_MAX - len(rows)]:
            now = full(raw)
            before = base.sockets.get(now.id.cookie) if base is not None else None
            seconds = at_s - base.at_s if base is not None and before is not None else 0.0
            pair = Pair(now, None if before is None else full(before), seconds, self.after_s)
            rows.append(watched_connection(pair, word, self.names.name(now.id), at_s - self._began_s, True))
        ports = tuple(port_totals(port, counts, every) for port in self.found.families)
        totals = all_totals(ports, every, self._around.tcp_memory_share())
        hosts = Counter(self.names.host(id_of(raw)) for raw, _ in calm)
        hosts.update(self.names.host(one.pair.now.id) for one in judged[:_ROWS_MAX])
        return self._around.snapshot(
            Moment(self.number, at_s, at_s - self._began_s), totals, ports, rows, rates, hosts
        )


def _own_port(raw: Raw) -> int:
    return int.from_bytes(raw[4:6]) if isinstance(raw, bytes) else raw.id.own_port
