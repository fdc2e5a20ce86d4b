"""graphql-ws: a subscription of its own async iterator for each client, sent over ``ws``."""

import json

from ..peer import DISCONNECTS, ISOLATED
from ..raw import TEXT
from .app import HERE, App
from .client import AppClient


def join(client: AppClient) -> None:
    client.send(TEXT, b'{"type":"connection_init"}')
    client.expect(b"connection_ack")
    query = {"type": "subscribe", "id": "1", "payload": {"query": "subscription { tick }"}}
    client.send(TEXT, json.dumps(query).encode())


APP = App(
    name="graphql_ws",
    setup="npm install --no-audit --no-fund graphql graphql-ws ws",
    programs=("node", "node_modules/graphql-ws", "node_modules/ws"),
    start=f"NODE_PATH=node_modules exec node {HERE / 'scripts' / 'graphql_ws.js'}",
    words=("--speak", "graphql-ws subscription { tick }"),
    join=join,
    subprotocol="graphql-transport-ws",
    outcome=DISCONNECTS,
    stalled_s_min=24,
    until_then=ISOLATED,
    reason="keepAlive is 12 s: who has not answered one ping by the next is terminated; until then it waits in send()",
    source="graphql-ws, src/use/ws.ts; ws, doc/ws.md: websocket.send",
)
