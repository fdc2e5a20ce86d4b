"""nginx in front of a server that keeps everything: the proxy's buffers, then the server's own."""

from ..peer import FREEZES, STARVES, UNBOUNDED
from .app import App

_NODE = "../node/ws_send.js"
APP = App(
    name="nginx",
    setup="apt-get install -y nginx-light",
    programs=("nginx", "node"),
    start=(
        "printf 'daemon off; user root; pid %s/nginx-%s.pid; error_log stderr; events {}\\n"
        "http { access_log off; server { listen 127.0.0.1:%s; location / { proxy_pass http://127.0.0.1:%s; "
        "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; } } }\\n' "
        "$PWD $PORT $PORT $((PORT + 1)) > nginx-$PORT.conf; "
        "PORT=$((PORT + 1)) node $APPS/../node/ws_send.js & exec nginx -c $PWD/nginx-$PORT.conf"
    ),
    outcome=UNBOUNDED,
    findings_possible=frozenset({STARVES, FREEZES}),
    reason="nginx reads no more for a client that does not; ws's send() behind it keeps everything",
    source="nginx.org, 'WebSocket proxying'; ws, README 'Server broadcast'",
)
