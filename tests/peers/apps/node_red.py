"""Node-RED: a function node that sends at an interval, wired to a websocket-out node."""

from ..peer import FREEZES, STARVES, UNBOUNDED
from .app import HERE, App

APP = App(
    name="node_red",
    setup="npm install --no-audit --no-fund node-red",
    programs=("node", "node_modules/node-red"),
    start=(
        f"rm -rf red-$PORT; mkdir red-$PORT; cp {HERE / 'scripts' / 'node_red_flows.json'} red-$PORT/flows.json; "
        "exec node node_modules/node-red/red.js -u $PWD/red-$PORT -p $PORT -D uiHost=127.0.0.1 flows.json"
    ),
    path="/ws/prices",
    outcome=UNBOUNDED,
    findings_possible=frozenset({STARVES, FREEZES}),
    reason="websocket-out calls send() for each client of ws, and looks at nothing",
    source="node-red, nodes/core/network/22-websocket.js: broadcast",
)
