"""Advice about an outcome: general, and for the settings of the server's library if these are known."""

import re
from typing import NamedTuple

from ...timeline.probed.outcomes import Outcome

_UNBOUNDED = (
    "bound the bytes that may wait for one client; beyond that drop the oldest, conflate, or disconnect",
    "disconnecting is safe for a client that can reconnect; a ping timeout alone is not a bound",
)
_GENERAL = {
    Outcome.UNBOUNDED_GROWTH: _UNBOUNDED,
    Outcome.GROWTH: (
        "if the server has a bound, watch until it acts: `watch=`, `stop_at=`; if it has none:",
        *_UNBOUNDED,
    ),
    Outcome.BLOCKS_EVERYONE: (
        "never await one client's send inside the loop over all clients: give each a queue and a task",
        "bound each queue; without a bound, memory grows instead",
    ),
    Outcome.DISCONNECTS: (
        "send the reason with the Close (status code 1008 or 1013), so that the client reconnects later",
    ),
    Outcome.BOUNDED_DROPS: (
        "make sure that the client detects missing messages (a number in each message, or a new snapshot)",
    ),
    Outcome.BACKPRESSURE_ISOLATED: (
        "disconnect such a client after some time: until then it occupies its task and its buffers",
    ),
    Outcome.SERVED: (),
    Outcome.INCONCLUSIVE: (),
}
LEAKS = (
    "find what still grows: compare two snapshots of the heap that were made after a client's end",
    "when a connection ends, cancel its task and timers, remove its subscription, and drop its queue",
)
"""Advice about memory that goes on growing for a client that has gone."""
_HEALTHY = {
    Outcome.DISCONNECTS: (
        "the server disconnects a client that is only slow for a time: raise the bound or the timeout",
        "send the reason with the Close (status code 1013), so that the client reconnects later",
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
            Outcome.UNBOUNDED_GROWTH: "websockets: broadcast() never waits; the size of its queue is "
            "connection.transport.get_write_buffer_size(); await send() waits at write_limit (32 KiB)",
            Outcome.BLOCKS_EVERYONE: "websockets: broadcast() does not wait for a slow client; bound its "
            "queue by transport.get_write_buffer_size(), or use one queue and one task for each connection",
            Outcome.BACKPRESSURE_ISOLATED: "websockets: ping_timeout does not close a client whose buffers "
            "are full, since the ping waits too: put asyncio.timeout() around send()",
        },
    ),
    _Library(
        ("uvicorn", "starlette", "fastapi"),
        {
            Outcome.BLOCKS_EVERYONE: "FastAPI's ConnectionManager.broadcast awaits each client in turn: "
            "use one asyncio.Queue(maxsize=...) and one task for each connection",
            Outcome.BACKPRESSURE_ISOLATED: "uvicorn: --ws-ping-timeout does not end a client whose buffers "
            "are full; put asyncio.timeout() around send",
        },
    ),
    _Library(
        ("aiohttp",),
        {
            Outcome.BLOCKS_EVERYONE: "aiohttp: send_str/send_bytes drain the transport; use one queue and "
            "one task for each connection, and WebSocketResponse(heartbeat=...)",
            Outcome.BACKPRESSURE_ISOLATED: "aiohttp: WebSocketResponse(heartbeat=20) closes the "
            "connections of clients that do not answer",
        },
    ),
    _Library(
        ("tornado", "tornadoserver"),
        {
            Outcome.UNBOUNDED_GROWTH: "tornado: use await write_message() with a timeout; "
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
            Outcome.UNBOUNDED_GROWTH: "ws, check client.bufferedAmount before send(), and terminate() "
            "beyond a bound; if it is socket.io, its queue is in engine.io's writeBuffer (bufferedAmount "
            "does not show it), and volatile.emit drops",
        },
        supposed="if its library is ",
    ),
    _Library(
        ("picows",),
        {
            Outcome.UNBOUNDED_GROWTH: "picows: the size of its queue is "
            "underlying_transport.get_write_buffer_size(); pause in pause_writing()",
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
