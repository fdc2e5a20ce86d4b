"""The state of one run, and the steps that both paces share."""

import trio

from ..profile.scenario import Pace, Scenario
from ..server.broadcast import Broadcast
from ..server.frames import Frames
from ..timeline.events.kernel import SocketGone, TicksLate
from ..timeline.events.server import Aborted, MemoryCeiling
from ..timeline.events.what import What
from ..timeline.records import Event
from ..timeline.timeline import Timeline
from .connection import Connection
from .guests import Guests
from .machine_memory import MachineMemory
from .opening import ClientOpener
from .population import Population
from .resolve import Participants
from .resources import ResourceProbe

_ROUNDING = 1e-9
"""Tolerance for rounding. Pings are counted from the start, since a sum of intervals would drift."""


class RunState:
    """The connections of a run, their common stream, and the timeline in which they are recorded."""

    def __init__(
        self,
        scenario: Scenario,
        timeline: Timeline,
        participants: Participants,
        opening: ClientOpener,
        guests: Guests | None = None,
    ) -> None:
        self.scenario, self.timeline = scenario, timeline
        self.connections: list[Connection] = []
        defence = participants.defence
        frames = Frames(scenario.stream.frame, scenario.stream.keys, scenario.stream.content)
        self.broadcast = Broadcast(frames, own_producers=defence.policy.own_producer)
        self.now = 0.0
        """Scenario time of the current tick, in seconds."""
        self.over = False
        self._held_up, self._short = 0, False
        self._guests = guests
        self._population, self._opening = Population(participants, scenario), opening
        self.arrivals_open = True
        """Whether further clients may arrive."""
        self._leave_ticks: set[int] = set()
        self._memory = MachineMemory(lockstep=scenario.pace is Pace.LOCKSTEP)
        self._tick_s = scenario.tick_s
        self._ping_interval_s = scenario.server.ping_interval or defence.ping_interval_s
        self._pings = 0
        self._resources = ResourceProbe(scenario, timeline)

    async def admit(self, tick: int) -> list[Connection]:
        """Open the connections of the clients that arrive at this tick; after the last one, close the
        listening socket.
        """
        arrived: list[Connection] = []
        if not self.arrivals_open:
            return arrived
        for arrival in self._population.arriving(tick):
            connection = await self._opening.open(arrival)
            self.connections.append(connection)
            self.broadcast.join(connection.session)
            arrived.append(connection)
            self._leave_ticks.add(arrival.leave_tick)
        for sock in self._guests.take() if self._guests else ():
            guest = await self._opening.welcome(sock)
            if guest is not None:
                self.connections.append(guest)
                self.broadcast.join(guest.session)
                arrived.append(guest)
        if self._population.complete and (self._guests is None or self._guests.complete):
            self._opening.close()
            self.arrivals_open = False
        return arrived

    def begin(self) -> None:
        """Read the resources before the first tick, when the tasks of the whole run exist."""
        self._resources.look(0, self.connections)

    def leaving(self, tick: int) -> list[Connection]:
        """The connections whose clients must leave at this tick and have not left by themselves."""
        if tick not in self._leave_ticks:
            return []
        self._leave_ticks.remove(tick)
        return [one for one in self.connections if one.arrival.leave_tick == tick and not one.end.left]

    def produce(self, tick: int) -> None:
        """Produce the tick's messages, a Ping if one is due, and the server's Close at its tick."""
        self.now = tick * self._tick_s
        if tick == self.scenario.server.close_tick:
            for connection in self.connections:
                connection.session.close(self.now)
        if tick % self.scenario.stream.every == 0:
            self.broadcast.produce(self.now)
        else:
            self.broadcast.resume(self.now)
        interval = self._ping_interval_s
        due = int(self.now / interval + _ROUNDING) if interval else 0
        if due > self._pings:
            self._pings = due
            for connection in self.connections:
                connection.session.ping(self.now)

    def apply_guards(self, tick: int) -> None:
        """Apply the guards, and abort connections that they have given up, after both ends
        have been read.
        """
        for connection in self.connections:
            session = connection.session
            session.check(self.now)
            if session.doomed and not session.ended:
                sample = connection.sample(tick, settled=False)
                connection.observer.see(sample)
                self._event(tick, connection.number, Aborted(queue_bytes=sample.queue_bytes))
                trio.lowlevel.notify_closing(session.sock)
                session.abort()

    def observe(self, tick: int, settled: bool, late_s: float = 0.0) -> None:
        """Sample every open connection, record those that ended, and check the memory ceiling.

        ``settled``: the pace has ensured that nothing is in flight. ``late_s``: the delay after the tick's
        end.
        """
        late_us = round(late_s * 1e6)
        queued, ended = 0, not self.connections
        for connection in self.connections:
            self._observe(connection, tick, settled, late_us)
            session = connection.session
            queued += session.sending.queue.total_bytes
            ended = ended or session.ended is not None
        if queued > self.scenario.server.memory_ceiling:
            self._event(tick, None, MemoryCeiling(queue_bytes=queued))
            self.over = True
        if ended:
            self.over |= not self.arrivals_open and all(one.socket_gone for one in self.connections)
            self._retire()
        self._resources.look(tick, self.connections, over=self.over)
        self._look_at_memory(tick, last=self.over)

    @property
    def held_up(self) -> int:
        """How often the kernels may have acted by their clocks without a counter, on all connections of
        the run.
        """
        return self._held_up + sum(one.held_up for one in self.connections)

    def _retire(self) -> None:
        """Remove the connections of which nothing is left."""
        for connection in [one for one in self.connections if one.over]:
            self.connections.remove(connection)
            self._held_up += connection.held_up
            self._short |= connection.short
            self.broadcast.leave(connection.session)
            self._opening.release(connection)
            self._population.gone(connection.arrival.group.name)

    def _look_at_memory(self, tick: int, *, last: bool) -> None:
        short = last and (self._short or any(one.short for one in self.connections))
        for shortage in self._memory.look(last=last, short=short):
            self._event(tick, None, shortage)

    def note_late(self, tick: int, late: TicksLate | None) -> None:
        """Record that a stretch of late ticks is over."""
        if late is not None:
            self._event(tick, None, late)

    def close(self, tick: int) -> None:
        """End the run: record how the connections ended that their clients closed."""
        self._look_at_memory(tick, last=True)
        for connection in self.connections:
            if connection.session.ended:
                self._observe(connection, tick, settled=True)

    def _observe(self, connection: Connection, tick: int, settled: bool, late_us: int = 0) -> None:
        observer, ended = connection.observer, connection.session.ended
        if ended is None:
            observer.see(connection.sample(tick, settled, late_us))
        elif observer.phase is not ended:
            observer.end(ended, connection.last_sample(tick))
        if ended and connection.has_lost_its_socket():
            self._event(tick, connection.number, SocketGone())

    def release(self) -> None:
        """Release all connections, whatever is queued."""
        for connection in self.connections:
            connection.release()
        self._opening.end()

    def _event(self, tick: int, connection: int | None, what: What) -> None:
        self.timeline.append(Event(tick=tick, connection=connection, what=what))
