"""Engine.IO, the layer below Socket.IO: every client is sent each message."""

from ..peer import FREEZES, STARVES, UNBOUNDED
from .app import HERE, App

APP = App(
    name="engine_io",
    setup="npm install --no-audit --no-fund engine.io",
    programs=("node", "node_modules/engine.io"),
    start=f"NODE_PATH=node_modules exec node {HERE / 'scripts' / 'engine_io.js'}",
    words=("--speak", "engine.io"),
    resource=lambda _: "/engine.io/?EIO=4&transport=websocket",
    outcome=UNBOUNDED,
    findings_possible=frozenset({STARVES, FREEZES}),
    reason="packets are kept in the socket's writeBuffer until the transport is writable; a ping waits 25 s, its pong 20 s",
    source="engine.io, lib/socket.ts: sendPacket, flush; README: pingInterval, pingTimeout",
)
