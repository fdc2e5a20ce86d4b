"""SignalR's hub protocol, by the server of aiosignalr: ASP.NET's own is a package of .NET."""

from ..peer import BLOCKS, WAITS
from ..raw import TEXT
from .app import HERE, App
from .client import AppClient


def join(client: AppClient) -> None:
    client.send(TEXT, b'{"protocol":"json","version":1}\x1e')
    client.expect(b"{}\x1e")


APP = App(
    name="signalr",
    setup="python3 -m venv aiosignalr && aiosignalr/bin/pip install --quiet aiosignalr",
    programs=("aiosignalr/bin/python",),
    start=f"export APPS; exec aiosignalr/bin/python {HERE / 'scripts' / 'signalr_hub.py'}",
    path="/hub",
    words=("--speak", "signalr"),
    join=join,
    heartbeat=b'{"type":6}\x1e',
    outcome=BLOCKS,
    findings_possible=frozenset({WAITS}),
    reason="send_all() waits for the sends to all; who sends no ping for 30 s is closed, behind what waits for it",
    source="aiosignalr, server/lifetime.py: _send; server/server.py: client_timeout_interval",
)
