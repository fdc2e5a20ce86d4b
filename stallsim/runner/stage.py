"""Everything that takes part in one run, and the steps that both paces have in common."""

import trio

from ..kernel.tcp_memory import tcp_memory
from ..records import Event, EventKind
from ..scenario import Scenario
from ..server.broadcast import Broadcast
from ..timeline import Timeline
from .connection import Connection
from .resources import ResourceProbe

_ROUNDING = 1e-9
"""Pings are counted from the start, since a sum of intervals would drift."""
_TCP_MEMORY_TICKS = 100
"""How often the machine's TCP memory is looked at."""


class Stage:
    """The connections, their one stream, and the timeline that they are written to."""

    def __init__(self, scenario: Scenario, timeline: Timeline, connections: list[Connection]) -> None:
        self.scenario, self.timeline, self.connections = scenario, timeline, connections
        self.broadcast = Broadcast(
            scenario.stream.frame,
            [connection.session for connection in connections],
            scenario.stream.keys,
        )
        self.now = 0.0
        """Scenario time of the current tick, in seconds."""
        self.over = False
        self._pressed = False
        self._tick_s, self._ping_interval = scenario.tick_s, scenario.server.ping_interval
        self._pings = 0
        self._resources = ResourceProbe(scenario, timeline)
        self._resources.look(0, connections)

    def produce(self, tick: int) -> None:
        """The tick's message, and a Ping where one is due."""
        self.now = tick * self._tick_s
        self.broadcast.produce(self.now)
        due = int(self.now / self._ping_interval + _ROUNDING) if self._ping_interval else 0
        if due > self._pings:
            self._pings = due
            for connection in self.connections:
                if not connection.session.ended:
                    connection.session.ping(self.now)

    def abort_doomed(self, tick: int) -> None:
        """Abort what the policy has given up, after both ends have been read."""
        for connection in self.connections:
            session = connection.session
            if session.doomed and not session.ended:
                sample = connection.sample(tick, settled=False)
                connection.observer.see(sample)
                detail: dict[str, int | float | str] = {"queue_bytes": sample.queue_bytes}
                self._event(tick, EventKind.ABORTED, connection.number, detail)
                trio.lowlevel.notify_closing(session.sock)
                session.abort()

    def observe(self, tick: int, settled: bool) -> None:
        """Sample every connection that goes on, note those that ended, check the ceiling.

        ``settled``: the pace has made sure that nothing is in flight.
        """
        queued, open_ = 0, False
        for connection in self.connections:
            self._observe(connection, tick, settled)
            queued += connection.session.queue.total_bytes
            open_ = open_ or not connection.session.ended
        if queued > self.scenario.server.memory_ceiling:
            self._event(tick, EventKind.MEMORY_CEILING, None, {"queue_bytes": queued})
            self.over = True
        if not open_:
            self.over = True
        self._resources.look(tick, self.connections, over=self.over)
        if tick % _TCP_MEMORY_TICKS == 0 and not self._pressed:
            self._check_tcp_memory(tick)

    def _check_tcp_memory(self, tick: int) -> None:
        memory = tcp_memory()
        if memory is not None and memory.pressed:
            self._pressed = True
            self._event(tick, EventKind.TCP_MEMORY_PRESSURE, None, memory._asdict())

    def close(self, tick: int) -> None:
        """The run is over: note how the connections ended that their clients closed."""
        for connection in self.connections:
            if connection.session.ended:
                self._observe(connection, tick, settled=True)

    def _observe(self, connection: Connection, tick: int, settled: bool) -> None:
        observer, ended = connection.observer, connection.session.ended
        if ended is None:
            observer.see(connection.sample(tick, settled))
        elif observer.phase is not ended:
            observer.end(ended, connection.last_sample(tick))

    def _event(
        self,
        tick: int,
        kind: EventKind,
        connection: int | None,
        detail: dict[str, int | float | str],
    ) -> None:
        self.timeline.append(Event(tick=tick, kind=kind, connection=connection, detail=detail))
