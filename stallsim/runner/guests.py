"""Guests: clients outside this program, such as a browser, that connect to the run's server themselves."""

import errno
import socket
from collections import deque
from contextlib import suppress

import trio
from msgspec.structs import replace

from ..errors import EnvironmentUnfit, OptionError
from ..profile.scenario import ClientGroup, Pace, Scenario, Stack
from ..server import listener
from ..server.guest_request import asks_for_websocket

GUEST = "guest"
_ASKED_MAX = 64
"""Connections of which it is not known yet what they ask for. For a new one above that the oldest is ended,
so that strangers that send nothing cost few descriptors and keep no guest out.
"""
_LONGEST_S = 3600.0
"""Seconds. A run with guests ends when they have left, or after this time unless the user sets another."""


class Guests:
    """A listener on loopback that stays open for ``count`` guests, and the guests that wait to be
    admitted.

    Raises OptionError if the profile cannot have guests, EnvironmentUnfit if the port is taken.
    """

    def __init__(self, scenario: Scenario, port: int, count: int, duration_s: float | None = None) -> None:
        if scenario.server.tls:
            raise OptionError(
                "serve", "a browser does not trust the certificate of a run; use server.tls=false"
            )
        try:
            self.listening = listener.listen(scenario.server, port)
        except OSError as error:
            reason = "the port is in use" if error.errno == errno.EADDRINUSE else error.strerror
            raise EnvironmentUnfit(f"`serve=` {port}: cannot listen there: {reason}") from None
        self._count, self._awaited, self._duration_s = count, count, duration_s or _LONGEST_S
        self._waiting: deque[socket.socket] = deque()
        self._asked: dict[trio.CancelScope, None] = {}
        """The oldest first."""

    @property
    def url(self) -> str:
        """The address of the page that opens the guest's WebSocket."""
        host, port = self.listening.getsockname()
        return f"http://{host}:{port}/"

    @property
    def complete(self) -> bool:
        """Whether all ``count`` guests have come."""
        return self._awaited == 0

    def scenario(self, own: Scenario) -> Scenario:
        """The profile's server and stream, with guests instead of its clients."""
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
        """Accept connections: one that asks for a WebSocket waits for the next tick; any other gets the
        page and is closed.
        """
        async with trio.open_nursery() as nursery:
            accepting = trio.socket.from_stdlib_socket(self.listening)
            with suppress(trio.ClosedResourceError):
                while not self.complete:
                    with suppress(ConnectionAbortedError):  # closed before it was accepted (accept(2))
                        connection, _ = await accepting.accept()
                        nursery.start_soon(self._see, socket.socket(fileno=connection.detach()))

    def take(self) -> list[socket.socket]:
        """The guests that have come since the last call; those above ``count`` are closed."""
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
        wanted, patience = False, trio.CancelScope()
        self._asked[patience] = None
        if len(self._asked) > _ASKED_MAX:
            oldest = next(iter(self._asked))
            del self._asked[oldest]
            oldest.cancel()
        try:
            # what trio raises if the peer has gone before it had the answer is no OSError
            with patience, suppress(OSError, trio.BrokenResourceError):
                wanted = await asks_for_websocket(sock)
        finally:
            self._asked.pop(patience, None)
            if wanted:
                self._waiting.append(sock)
            else:
                sock.close()
