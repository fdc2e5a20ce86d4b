"""HAProxy in front of a server that keeps everything."""

from ..peer import FREEZES, STARVES, UNBOUNDED
from .app import App

APP = App(
    name="haproxy",
    setup="apt-get install -y haproxy",
    programs=("haproxy", "node"),
    start=(
        "printf 'defaults\\n mode http\\n timeout connect 5s\\n timeout client 60s\\n timeout server 60s\\n"
        " timeout tunnel 1h\\nfrontend f\\n bind 127.0.0.1:%s\\n default_backend b\\nbackend b\\n"
        " server s 127.0.0.1:%s\\n' $PORT $((PORT + 1)) > haproxy-$PORT.cfg; "
        "PORT=$((PORT + 1)) node $APPS/../node/ws_send.js & exec haproxy -db -f haproxy-$PORT.cfg"
    ),
    outcome=UNBOUNDED,
    findings_possible=frozenset({STARVES, FREEZES}),
    reason="HAProxy's buffers are 16 kB each way; ws's send() behind it keeps everything",
    source="docs.haproxy.org, tune.bufsize, timeout tunnel; ws, README 'Server broadcast'",
)
