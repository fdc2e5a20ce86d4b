"""Engine.IO, the layer below Socket.IO: every client is sent each message."""

from ..peer import DROPS, FREEZES, STARVES, WAITS
from .app import HERE, App

APP = App(
    name="engine_io",
    setup="npm install --no-audit --no-fund engine.io",
    programs=("node", "node_modules/engine.io"),
    start=f"NODE_PATH=node_modules exec node {HERE / 'scripts' / 'engine_io.js'}",
    words=("--speak", "engine.io"),
    resource=lambda _: "/engine.io/?EIO=4&transport=websocket",
    outcome=DROPS,
    stalled_s_min=45.0,
    findings_possible=frozenset({STARVES, FREEZES, WAITS}),
    reason="packets are kept in the socket's writeBuffer until the transport is writable; after 45 s (pingInterval, "
    "pingTimeout) the client is given up, and the end waits behind all that",
    source="engine.io, lib/socket.ts: sendPacket, flush; README: pingInterval, pingTimeout",
)
