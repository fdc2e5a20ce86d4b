"""The server without a run: it accepts, does the opening handshake, and sends a stream on request.

For peers that are none of stallsim's own. ``Report`` is what the server said of one of them.
"""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from typing import NamedTuple

import trio

from stallsim.content import Content
from stallsim.kinds import EventKind
from stallsim.profile.scenario import ServerSpec
from stallsim.server import listener
from stallsim.server.broadcast import Broadcast
from stallsim.server.defence import Defence
from stallsim.server.frames import Frames
from stallsim.server.policies.unbounded import Unbounded
from stallsim.server.session import Session
from stallsim.timeline.events.what import What
from stallsim.timeline.sample import Refusal
from stallsim.tls import make_contexts

PLAIN = ServerSpec()


class Serving(NamedTuple):
    """A listener that is being served, and where the connections that it opened come out."""

    address: tuple[str, int]
    accepted: trio.MemoryReceiveChannel["Stream"]


@asynccontextmanager
async def serving(spec: ServerSpec = PLAIN) -> AsyncIterator[Serving]:
    if spec.tls:
        make_contexts(listener.LOOPBACK)  # before a peer's thread could make another authority
    with closing(listener.listen(spec)) as listening:
        async with trio.open_nursery() as nursery:
            send, receive = trio.open_memory_channel["Stream"](0)
            nursery.start_soon(_serve, listening, send, spec)
            yield Serving(listening.getsockname(), receive)
            nursery.cancel_scope.cancel()


async def _serve(
    listening: socket.socket, opened: trio.MemorySendChannel["Stream"], spec: ServerSpec
) -> None:
    async with trio.open_nursery() as nursery:
        while True:
            sock, _ = await trio.socket.from_stdlib_socket(listening).accept()
            stream = Stream(socket.socket(fileno=sock.detach()), spec)
            nursery.start_soon(stream.shake_hands, opened)


class Report:
    """What a session said of its peer."""

    def __init__(self) -> None:
        self.kinds: list[EventKind] = []
        self.whats: dict[EventKind, What] = {}

    def __call__(self, what: What) -> None:
        self.kinds.append(what.kind)
        self.whats[what.kind] = what


class Stream:
    """One accepted connection, served a stream until it ends."""

    def __init__(self, sock: socket.socket, spec: ServerSpec) -> None:
        sock.setblocking(False)
        self.report = Report()
        context = make_contexts(listener.LOOPBACK).server if spec.tls else None
        self.session = Session(sock, spec, Defence(Unbounded()), self.report, context=context)

    async def shake_hands(self, opened: trio.MemorySendChannel["Stream"]) -> None:
        """The opening handshake; who completes it comes out, and of the others the socket is closed."""
        sock = self.session.sock
        try:
            while not (self.session.open or self.session.ended):
                await trio.lowlevel.wait_readable(sock)
                self.session.receive(0.0)
            if self.session.open:
                await opened.send(self)
        finally:
            if not self.session.open:
                sock.close()

    async def send(self, messages: int, frame_bytes: int = 6680, content: Content = Content.RANDOM) -> None:
        """Produce that many messages and write until the kernel has taken them all."""
        broadcast = Broadcast(Frames(frame_bytes, content=content), own_producers=False)
        broadcast.join(self.session)
        for _ in range(messages):
            broadcast.produce(0.0)
            await self._flush()

    async def until_ended(self) -> None:
        """Hear the peer until the connection has ended, or is to be aborted; then it is closed."""
        await self._flush()  # what it said together with its request may have been answered
        while not (self.session.ended or self.session.doomed):
            await trio.lowlevel.wait_readable(self.session.sock)
            self.session.receive(0.0)
            await self._flush()
        trio.lowlevel.notify_closing(self.session.sock)
        if self.session.doomed:
            self.session.abort()
        self.session.sock.close()

    async def _flush(self) -> None:
        """Write until the kernel has all that there is."""
        while self.session.write(0.0) or self.session.sending.refusal is not Refusal.NONE:
            if self.session.sending.refusal is not Refusal.NONE:
                await trio.lowlevel.wait_writable(self.session.sock)


def connect(address: tuple[str, int]) -> socket.socket:
    """A raw TCP connection."""
    return socket.create_connection(address, timeout=10)
