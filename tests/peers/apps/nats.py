"""NATS, its own WebSocket: what waits for a slow client is joined into other frames."""

from ..peer import DISCONNECTS
from ..raw import BINARY
from .app import App
from .client import AppClient

_JOIN = b'CONNECT {"verbose":false,"pedantic":false}\r\nSUB prices 1\r\n'


def join(client: AppClient) -> None:
    client.send(BINARY, _JOIN)


APP = App(
    name="nats",
    setup="apt-get install -y nats-server",
    programs=("nats-server",),
    start=(
        "printf 'listen: 127.0.0.1:-1\\nwebsocket { listen: \"127.0.0.1:%s\", no_tls: true }\\n' $PORT > nats-$PORT.conf; "
        "$FEED nats $PORT & exec nats-server -c nats-$PORT.conf"
    ),
    words=("--hello-hex", _JOIN.hex()),
    join=join,
    outcome=DISCONNECTS,
    stalled_s_min=10,
    reason="write_deadline is 10 s: a client whose socket takes nothing for so long is a slow consumer",
    source="docs.nats.io, 'Slow Consumers'; server/client.go, flushOutbound",
)
