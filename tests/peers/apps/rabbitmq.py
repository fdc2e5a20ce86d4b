"""RabbitMQ: its plugin rabbitmq_web_stomp, a topic, and no acknowledgements."""

from ..peer import DISCONNECTS
from ..raw import TEXT
from .app import App
from .client import AppClient


def join(client: AppClient) -> None:
    beats = b"heart-beat:10000,10000\n"
    client.send(
        TEXT, b"CONNECT\naccept-version:1.2\nhost:/\nlogin:guest\npasscode:guest\n" + beats + b"\n\0"
    )
    client.expect(b"CONNECTED")
    client.send(TEXT, b"SUBSCRIBE\nid:0\ndestination:/topic/prices\nack:auto\n\n\0")


APP = App(
    name="rabbitmq",
    setup="apt-get install -y rabbitmq-server",
    programs=("rabbitmq-server",),
    start=(
        "D=$PWD/rabbit-$PORT; rm -rf $D; mkdir $D; echo '[rabbitmq_web_stomp].' > $D/plugins; "
        "printf 'listeners.tcp = none\\nweb_stomp.tcp.ip = 127.0.0.1\\nweb_stomp.tcp.port = %s\\n"
        "stomp.listeners.tcp = none\\n' $PORT > $D/rabbitmq.conf; "
        "export HOME=$D RABBITMQ_ENABLED_PLUGINS_FILE=$D/plugins RABBITMQ_CONFIG_FILE=$D/rabbitmq.conf "
        "RABBITMQ_MNESIA_BASE=$D/db RABBITMQ_LOG_BASE=$D/log RABBITMQ_NODENAME=stall$PORT@localhost "
        "RABBITMQ_DIST_PORT=$((PORT + 1)) RABBITMQ_PID_FILE=$D/pid; "
        "$FEED stomp $PORT & exec /usr/lib/rabbitmq/bin/rabbitmq-server"
    ),
    path="/ws",
    words=("--speak", "stomp /topic/prices guest guest"),
    join=join,
    subprotocol="v12.stomp",
    heartbeat=b"\n",
    outcome=DISCONNECTS,
    stalled_s_min=36,
    reason="the client has agreed to a heart-beat each 10 s, and is cut off when none comes; without, all is kept",
    source="stomp.github.io, 1.2, 'Heart-beating'; rabbitmq.com, 'Web STOMP'",
)
