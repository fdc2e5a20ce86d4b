"""What to do about an outcome: the knobs of the library, where it is known by its name."""

from ..outcomes import Outcome

_GENERAL = {
    Outcome.UNBOUNDED_GROWTH: (
        "bound what may wait for one client, in bytes: beyond it drop the oldest, conflate, or disconnect",
        "disconnecting is safe for a client that can reconnect; a ping timeout alone is not a bound",
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
    Outcome.INCONCLUSIVE: (),
}
_LIBRARIES: tuple[tuple[tuple[str, ...], dict[Outcome, str]], ...] = (
    (
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
    (
        ("uvicorn", "starlette", "fastapi"),
        {
            Outcome.BLOCKS_EVERYONE: "FastAPI's ConnectionManager.broadcast awaits each client in turn: "
            "one asyncio.Queue(maxsize=...) and one task for each connection",
            Outcome.BACKPRESSURE_ISOLATED: "uvicorn: --ws-ping-timeout does not end a client whose buffers "
            "are full; put asyncio.timeout() around send",
        },
    ),
    (
        ("aiohttp",),
        {
            Outcome.BLOCKS_EVERYONE: "aiohttp: send_str/send_bytes drain the transport; one queue and one "
            "task for each connection, and WebSocketResponse(heartbeat=...)",
            Outcome.BACKPRESSURE_ISOLATED: "aiohttp: WebSocketResponse(heartbeat=20) closes those that do "
            "not answer",
        },
    ),
    (
        ("tornado",),
        {
            Outcome.UNBOUNDED_GROWTH: "tornado: await write_message(), with a timeout; "
            "websocket_ping_interval is off by default",
        },
    ),
    (
        ("mongoose",),
        {Outcome.UNBOUNDED_GROWTH: "Mongoose: check c->send.len before mg_ws_send, and c->is_draining = 1"},
    ),
    (
        ("node", "express", "ws"),
        {
            Outcome.UNBOUNDED_GROWTH: "ws: check client.bufferedAmount before send(), terminate() beyond a "
            "bound; socket.io: its queue is in engine.io's writeBuffer (bufferedAmount does not show it), "
            "volatile.emit drops",
        },
    ),
    (
        ("picows",),
        {
            Outcome.UNBOUNDED_GROWTH: "picows: its queue is underlying_transport.get_write_buffer_size(); "
            "pause in pause_writing()",
        },
    ),
)


def advise(outcome: Outcome, server: str) -> tuple[str, ...]:
    """General advice, and that of the library if ``server`` (its Server field, its process) names one."""
    words = set(server.lower().replace("/", " ").replace("-", " ").split())
    known = [
        advice[outcome] for names, advice in _LIBRARIES if words.intersection(names) and outcome in advice
    ]
    return (*_GENERAL[outcome], *known)
