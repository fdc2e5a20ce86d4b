"""Advice about an outcome: general, and for the settings of the server's library if these are known."""

import re
from typing import NamedTuple

from ...timeline.probed.outcomes import Outcome

_UNBOUNDED = (
    "bound what may wait for one client, in bytes: beyond it drop the oldest, conflate, or disconnect",
    "disconnecting is safe for a client that can reconnect; a ping timeout alone is not a bound",
)
_GENERAL = {
    Outcome.UNBOUNDED_GROWTH: _UNBOUNDED,
    Outcome.GROWTH: (
        "where there is a bound, look until it acts: `watch=`, `stop_at=`; where there is none:",
        *_UNBOUNDED,
    ),
    Outcome.BLOCKS_EVERYONE: (
        "never await one client's send inside the loop over all: give each client a queue and a task",
        "bound that queue, or the block becomes growth",
    ),
    Outcome.DISCONNECTS: (
        "tell the client why (close code 1008 or 1013), so that it reconnects with care",
    ),
    Outcome.BOUNDED_DROPS: (
        "let the client know that it missed something (a number in each message, or a fresh snapshot)",
    ),
    Outcome.BACKPRESSURE_ISOLATED: (
        "give up at some point: a client that never reads holds its task and its buffers for good",
    ),
    Outcome.SERVED: (),
    Outcome.INCONCLUSIVE: (),
}
_HEALTHY = {
    Outcome.DISCONNECTS: (
        "a client that is slow for a while is cut off: let more wait, or wait longer, before that",
        "tell it why (close code 1013), so that it reconnects later",
    ),
    Outcome.BACKPRESSURE_ISOLATED: (),
}
"""Advice about a client that is alive but slow."""


class _Library(NamedTuple):
    names: tuple[str, ...]
    """Lower-case names of the library in the Server field or of its process, without a version."""
    advice: dict[Outcome, str]
    supposed: str = ""
    """Put before the advice if the name is that of a runtime that many libraries share."""


_LIBRARIES = (
    _Library(
        ("websockets",),
        {
            Outcome.UNBOUNDED_GROWTH: "websockets: broadcast() never waits; its queue is "
            "connection.transport.get_write_buffer_size(); await send() waits at write_limit (32 KiB)",
            Outcome.BLOCKS_EVERYONE: "websockets: broadcast() does not wait for a slow client; bound it by "
            "transport.get_write_buffer_size(), or one queue and task a connection",
            Outcome.BACKPRESSURE_ISOLATED: "websockets: ping_timeout does not close a client whose buffers "
            "are full, since the ping waits too: put asyncio.timeout() around send()",
        },
    ),
    _Library(
        ("uvicorn", "starlette", "fastapi"),
        {
            Outcome.BLOCKS_EVERYONE: "FastAPI's ConnectionManager.broadcast awaits each client in turn: "
            "one asyncio.Queue(maxsize=...) and one task for each connection",
            Outcome.BACKPRESSURE_ISOLATED: "uvicorn: --ws-ping-timeout does not end a client whose buffers "
            "are full; put asyncio.timeout() around send",
        },
    ),
    _Library(
        ("aiohttp",),
        {
            Outcome.BLOCKS_EVERYONE: "aiohttp: send_str/send_bytes drain the transport; one queue and one "
            "task for each connection, and WebSocketResponse(heartbeat=...)",
            Outcome.BACKPRESSURE_ISOLATED: "aiohttp: WebSocketResponse(heartbeat=20) closes those that do "
            "not answer",
        },
    ),
    _Library(
        ("tornado", "tornadoserver"),
        {
            Outcome.UNBOUNDED_GROWTH: "tornado: await write_message(), with a timeout; "
            "websocket_ping_interval is off by default",
        },
    ),
    _Library(
        ("mongoose",),
        {Outcome.UNBOUNDED_GROWTH: "Mongoose: check c->send.len before mg_ws_send, and c->is_draining = 1"},
    ),
    _Library(
        ("node",),
        {
            Outcome.UNBOUNDED_GROWTH: "ws, check client.bufferedAmount before send(), terminate() beyond a "
            "bound; if it is socket.io, its queue is in engine.io's writeBuffer (bufferedAmount does not "
            "show it), and volatile.emit drops",
        },
        supposed="if its library is ",
    ),
    _Library(
        ("picows",),
        {
            Outcome.UNBOUNDED_GROWTH: "picows: its queue is underlying_transport.get_write_buffer_size(); "
            "pause in pause_writing()",
        },
    ),
)
_WORDS = re.compile(r"[^\s/()-]+")


def advise(outcome: Outcome, server: str, *, healthy: bool = False) -> tuple[str, ...]:
    """General advice, and advice for the library that ``server`` (Server field, process name) names.

    ``healthy``: the client was alive all the time, and only slow.
    """
    if healthy and outcome in _HEALTHY:
        return _HEALTHY[outcome]
    words = set(_WORDS.findall(server.lower()))
    asked = Outcome.UNBOUNDED_GROWTH if outcome is Outcome.GROWTH else outcome
    known = [
        library.supposed + library.advice[asked]
        for library in _LIBRARIES
        if words.intersection(library.names) and asked in library.advice
    ]
    return (*_GENERAL[outcome], *known)
