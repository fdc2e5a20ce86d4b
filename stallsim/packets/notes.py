"""Stores, while packets are captured, which connection has which port, and what happened when."""

import time
from typing import NamedTuple

from ..kinds import EventKind
from ..timeline.records import ConnectionInfo, Event, Happening, Header, PhaseEvent, Record
from ..timeline.tally import ENDED

_HAPPENINGS_MAX = 100_000


class Note(NamedTuple):
    """A happening, and when the program knew of it."""

    unix_ns: int
    happening: Happening


class Owner(NamedTuple):
    """The connection that had a port; ``until_ns`` is None while the connection exists."""

    info: ConnectionInfo
    until_ns: int | None


class Notes:
    """A timeline's listener. A run that is executed again starts new notes."""

    def __init__(self) -> None:
        self.header: Header | None = None
        self.began_ns = 0
        self.happenings: list[Note] = []
        self.left_out = 0
        self.owners: dict[int, list[Owner]] = {}
        """The owners of each client's port in order of time, since a port may be used again."""
        self._ports: dict[int, int] = {}

    def note(self, record: Record) -> None:
        """Process a record, which happens now."""
        now_ns = time.time_ns()
        match record:
            case Header():
                self.header, self.began_ns, self.left_out = record, now_ns, 0
                self.happenings.clear()
                self.owners.clear()
                self._ports.clear()
            case ConnectionInfo():
                self.owners.setdefault(record.client_port, []).append(Owner(record, None))
                self._ports[record.connection] = record.client_port
            case PhaseEvent() | Event():
                if len(self.happenings) < _HAPPENINGS_MAX:
                    self.happenings.append(Note(now_ns, record))
                else:
                    self.left_out += 1
                if _is_over(record):
                    self._end(record.connection, now_ns)
            case _:
                pass

    def connection_at(self, port: int, unix_ns: int) -> ConnectionInfo | None:
        """The connection of a segment: the first that had the port and had not ended by then."""
        for owner in self.owners.get(port, ()):
            if owner.until_ns is None or unix_ns <= owner.until_ns:
                return owner.info
        return self.owners[port][-1].info if port in self.owners else None

    def _end(self, connection: int | None, now_ns: int) -> None:
        port = self._ports.get(connection) if connection is not None else None
        if port is not None:
            self.owners[port] = [
                owner._replace(until_ns=now_ns) if owner.info.connection == connection else owner
                for owner in self.owners[port]
            ]


def _is_over(happening: Happening) -> bool:
    if isinstance(happening, PhaseEvent):
        return happening.phase in ENDED
    return happening.kind is EventKind.SOCKET_GONE
