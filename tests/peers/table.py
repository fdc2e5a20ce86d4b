"""The servers, each with its outcome and the reason for it: all that pip and npm can give, and a few whose
bound is known by construction. What was measured of each is in docs/peers.md.
"""

from typing import Any

from .constructed import CONSTRUCTED
from .http_streams import HTTP_STREAMS
from .peer import (
    BLOCKS,
    DISCONNECTS,
    DROPS,
    FREEZES,
    ISOLATED,
    PING_20_20,
    SILENT,
    STARVES,
    UNBOUNDED,
    WAITS,
    Keepalive,
    Peer,
)

UVICORN = Keepalive("ping each 20 s, answer within 20 s; its close waits behind the data", trickle_s=40)
UVICORN_LATE: dict[str, Any] = {
    "outcome": DROPS,
    "stalled_s_min": 40,
    "until_then": ISOLATED,
    "findings_possible": frozenset({WAITS}),
}
"""Until then its producer waits; a Close behind what waits ends nothing until the client reads."""
UNSHARED = "its own producer waits in send(), and no other subscriber shares it"


def socket_io(**row: Any) -> Peer:
    """Over engine.io's WebSocket: its own ping is a message, ``2``, and ``40`` joins the namespace."""
    return Peer(
        packages=("socket.io",),
        language="node",
        path="/socket.io/?EIO=4&transport=websocket",
        hello=("40",),
        replies={"2": "3"},
        keepalive=Keepalive("engine.io's ping each 25 s, answer within 20 s", 75, 75),
        **row,
    )


PEERS = (
    Peer(
        name="websockets_per_connection",
        packages=("websockets",),
        outcome=ISOLATED,
        reason="send() waits while the write buffer is above its high-water mark (32 KiB): " + UNSHARED,
        source="websockets.readthedocs.io, topics/memory and topics/broadcast",
        keepalive=PING_20_20,
    ),
    Peer(
        name="websockets_loop",
        packages=("websockets",),
        outcome=BLOCKS,
        reason="the one loop waits in the sleeper's send(), and nobody after it is served",
        source="websockets.readthedocs.io, topics/broadcast: 'the naive way'",
        keepalive=PING_20_20,
    ),
    Peer(
        name="websockets_broadcast",
        packages=("websockets",),
        outcome=UNBOUNDED,
        reason="broadcast() writes to the transport and never waits; asyncio's write buffer has no bound",
        source="websockets.readthedocs.io, topics/broadcast: messages queue up for a slow client",
        keepalive=PING_20_20,
    ),
    Peer(
        name="websockets_tasks",
        packages=("websockets",),
        outcome=UNBOUNDED,
        reason="each message is a task that waits in send(): the tasks are the queue, at twice the price",
        source="websockets.readthedocs.io, topics/broadcast: concurrent sends",
        findings_possible=frozenset({STARVES, FREEZES}),
        keepalive=PING_20_20,
    ),
    Peer(
        name="websockets_threads",
        packages=("websockets",),
        outcome=ISOLATED,
        reason="the client's own thread blocks in send(): no other subscriber shares it",
        source="websockets.readthedocs.io, 'Server (threading)'",
        keepalive=PING_20_20,
    ),
    Peer(
        name="aiohttp_per_connection",
        packages=("aiohttp",),
        outcome=ISOLATED,
        reason="send_str() waits for a drain after each 256 KiB: " + UNSHARED,
        source="docs.aiohttp.org, WebSocketResponse(writer_limit=...)",
    ),
    Peer(
        name="aiohttp_loop",
        packages=("aiohttp",),
        outcome=BLOCKS,
        reason="the background task waits in the sleeper's send_str(), and nobody after it is served",
        source="docs.aiohttp.org, 'Websockets' and 'Background tasks'",
    ),
    Peer(
        name="tornado_write_message",
        packages=("tornado",),
        outcome=UNBOUNDED,
        reason="write_message() buffers in the IOStream at once; the future it returns is for flow control",
        source="tornadoweb.org, WebSocketHandler.write_message; IOStream's max_write_buffer_size is None",
    ),
    Peer(
        name="starlette_manager",
        packages=("starlette", "uvicorn", "websockets"),
        outcome=BLOCKS,
        reason="broadcast() awaits send_text() for one connection after another",
        source="fastapi.tiangolo.com, 'WebSockets': ConnectionManager, a minimal example, as it says",
        findings_possible=frozenset({WAITS}),  # after 40 s, as its keepalive says
        keepalive=UVICORN,
    ),
    Peer(
        name="starlette_per_connection",
        packages=("starlette", "uvicorn", "websockets"),
        **UVICORN_LATE,
        reason="uvicorn's send waits for the transport to be writable: " + UNSHARED,
        source="fastapi.tiangolo.com, 'WebSockets'; uvicorn/protocols/websockets",
        keepalive=UVICORN,
    ),
    Peer(
        name="starlette_wsproto",
        script="starlette_per_connection",
        environment={"UVICORN_WS": "wsproto"},
        packages=("starlette", "uvicorn", "wsproto"),
        **UVICORN_LATE,
        reason="send awaits the flow control's writable event before it writes: " + UNSHARED,
        source="uvicorn.org, --ws; uvicorn/protocols/websockets/wsproto_impl.py",
        keepalive=UVICORN,
    ),
    Peer(
        name="hypercorn_per_connection",
        packages=("hypercorn",),
        outcome=ISOLATED,
        reason="the ASGI send awaits the StreamWriter's drain: " + UNSHARED,
        source="hypercorn/asyncio/tcp_server.py, protocol_send",
    ),
    Peer(
        name="trio_per_connection",
        packages=("trio-websocket",),
        outcome=ISOLATED,
        reason="trio's streams have no buffer of their own, send_all waits for the kernel: " + UNSHARED,
        source="trio.readthedocs.io, abc.SendStream; TCP_NOTSENT_LOWAT is set to 16 KiB",
    ),
    Peer(
        name="trio_loop",
        packages=("trio-websocket",),
        outcome=BLOCKS,
        reason="the one task waits in the sleeper's send_message(), as soon as the kernel takes no more",
        source="trio-websocket.readthedocs.io, WebSocketConnection.send_message",
    ),
    Peer(
        name="picows_send",
        packages=("picows",),
        outcome=UNBOUNDED,
        reason="send() is no coroutine: what the socket does not take is kept by the transport",
        source="picows.readthedocs.io, WSTransport.send",
    ),
    Peer(
        name="mongoose_ws_send",
        packages=("cymongoose",),
        outcome=UNBOUNDED,
        reason="mg_ws_send appends to the connection's send buffer, which is moved up at each write",
        source="mongoose.ws, 'mg_ws_send' and struct mg_iobuf; mg_iobuf_add and mg_iobuf_del in its source",
        findings_possible=frozenset({STARVES, FREEZES}),
    ),
    Peer(
        name="ws_send",
        packages=("ws",),
        language="node",
        outcome=UNBOUNDED,
        reason="send() writes to node's socket without looking at what write() returns",
        source="ws, README 'Server broadcast'; nodejs.org, writable.write: it buffers all the same",
    ),
    Peer(
        name="ws_terminate",
        packages=("ws",),
        language="node",
        outcome=DISCONNECTS,
        reason="bufferedAmount counts what is in ws and in node's socket: beyond 1 MiB it is terminated",
        source="ws, doc/ws.md: websocket.bufferedAmount, websocket.terminate()",
    ),
    Peer(
        name="ws_skip",
        packages=("ws",),
        language="node",
        outcome=DROPS,
        drops="newest",
        findings=frozenset({SILENT}),
        reason="with 1 MiB in bufferedAmount a client is passed over",
        source="ws, doc/ws.md: websocket.bufferedAmount",
    ),
    Peer(
        name="ws_backpressure",
        packages=("ws",),
        language="node",
        outcome=ISOLATED,
        reason="send() calls back when node's socket has written: until then nothing more is made",
        source="ws, doc/ws.md: websocket.send(data, options, callback)",
    ),
    socket_io(
        name="socketio_emit",
        outcome=DROPS,
        stalled_s_min=45.0,
        findings_possible=frozenset({WAITS}),
        reason="engine.io keeps packets in the socket's writeBuffer until the transport is writable; after "
        "45 s (pingInterval, pingTimeout) it gives the client up, and the end waits behind all that",
        source="socket.io/docs/v4/emitting-events; engine.io, Socket.sendPacket",
    ),
    socket_io(
        name="socketio_volatile",
        outcome=DROPS,
        drops="newest",
        findings=frozenset({SILENT}),
        findings_possible=frozenset({WAITS}),
        reason="a volatile packet is discarded while the transport is not writable",
        source="socket.io/docs/v4/emitting-events, 'Volatile events'",
    ),
    *HTTP_STREAMS,
    *CONSTRUCTED,
)
