"""Mosquitto, by its WebSocket listener, with QoS 0."""

from ..peer import DROPS, SILENT
from ..raw import BINARY
from .app import App
from .client import AppClient


def join(client: AppClient) -> None:
    name = f"truth-{client.local_port}".encode()
    variable = b"\0\x04MQTT\x04\x02\0\x3c" + len(name).to_bytes(2, "big") + name
    client.send(BINARY, bytes([0x10, len(variable)]) + variable)
    client.send(BINARY, b"\x82\x0b\0\x01\0\x06prices\0")


APP = App(
    name="mosquitto",
    setup="apt-get install -y mosquitto mosquitto-clients",
    programs=("mosquitto", "mosquitto_pub"),
    start=(
        "rm -f pub-$PORT; printf 'listener 0 %s\\nallow_anonymous true\\nuser root\\nlistener %s 127.0.0.1\\n"
        "protocol websockets\\n' $PWD/pub-$PORT $PORT > mosquitto-$PORT.conf; "
        "(until mosquitto_pub --unix pub-$PORT -t x -m x 2>/dev/null; do sleep 0.05; done; "
        "$FEED | mosquitto_pub --unix pub-$PORT -t prices -l) & exec mosquitto -c mosquitto-$PORT.conf"
    ),
    words=("--speak", "mqtt prices"),
    join=join,
    subprotocol="mqtt",
    outcome=DROPS,
    drops="newest",
    findings_possible=frozenset({SILENT}),
    reason="beyond max_queued_messages (1000) waiting for the socket, a message of QoS 0 is not queued",
    source="mosquitto.conf(5), max_queued_messages, max_queued_bytes; src/database.c, db__ready_for_queue",
)
