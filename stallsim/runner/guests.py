"""Guests: clients that are not ours, a browser above all, who connect to the lab's server themselves."""

import errno
import socket
from collections import deque
from contextlib import suppress

import trio
from msgspec.structs import replace

from ..errors import EnvironmentUnfit, OptionError
from ..profile.scenario import ClientGroup, Pace, Scenario, Stack
from ..server import listener
from ..server.front_door import asks_for_websocket

GUEST = "guest"
_LONGEST_S = 3600.0
"""A run with guests ends when they have left, and after an hour at the latest unless told otherwise."""


class Guests:
    """A listener on loopback that stays open for so many guests, and those of them who wait to be let in.

    Raises OptionError where the profile can have none, EnvironmentUnfit where the port is taken.
    """

    def __init__(self, scenario: Scenario, port: int, count: int, duration_s: float | None = None) -> None:
        if scenario.server.tls:
            raise OptionError("serve", "a browser trusts no run's certificate; use server.tls=false")
        try:
            self.listening = listener.listen(scenario.server, port)
        except OSError as error:
            reason = "it is taken" if error.errno == errno.EADDRINUSE else error.strerror
            raise EnvironmentUnfit(f"`serve=` {port}: cannot listen there: {reason}") from None
        self._count, self._awaited, self._duration_s = count, count, duration_s or _LONGEST_S
        self._waiting: deque[socket.socket] = deque()

    @property
    def url(self) -> str:
        """The address of the page that opens the guest's WebSocket."""
        host, port = self.listening.getsockname()
        return f"http://{host}:{port}/"

    @property
    def complete(self) -> bool:
        """Whether as many guests have come as were invited."""
        return self._awaited == 0

    def scenario(self, own: Scenario) -> Scenario:
        """The profile's server and stream, with guests in the place of its clients."""
        return replace(
            own,
            title=f"{own.title}: open {self.url}",
            pace=Pace.REALTIME,
            ticks=max(1, round(self._duration_s / own.tick_s)),
            clients=[ClientGroup(kind=GUEST, name=GUEST, count=self._count)],
            stack=Stack(private=False),
            expect=[],
        )

    async def receive(self) -> None:
        """Let whoever speaks WebSocket wait for the next tick; the others get the page, and are gone."""
        async with trio.open_nursery() as nursery:
            accepting = trio.socket.from_stdlib_socket(self.listening)
            with suppress(trio.ClosedResourceError):
                while not self.complete:
                    with suppress(ConnectionAbortedError):  # gone before it was accepted (accept(2))
                        connection, _ = await accepting.accept()
                        nursery.start_soon(self._see, socket.socket(fileno=connection.detach()))

    def take(self) -> list[socket.socket]:
        """Those who have come since it was last asked; who is too many is turned away."""
        here = []
        while self._waiting:
            sock = self._waiting.popleft()
            if self._awaited:
                self._awaited -= 1
                here.append(sock)
            else:
                sock.close()
        return here

    async def _see(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        wanted = False
        try:
            with suppress(OSError):
                wanted = await asks_for_websocket(sock)
        finally:
            if wanted:
                self._waiting.append(sock)
            else:
                sock.close()
