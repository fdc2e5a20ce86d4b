"""Action Cable: a channel that streams what is broadcast in the same process, under Puma."""

import json

from ..peer import UNBOUNDED
from ..raw import TEXT
from .app import App
from .client import AppClient


def join(client: AppClient) -> None:
    client.expect(b'"welcome"')
    channel = json.dumps({"channel": "PricesChannel"})
    client.send(TEXT, json.dumps({"command": "subscribe", "identifier": channel}).encode())


APP = App(
    name="actioncable",
    setup="apt-get install -y ruby-actioncable puma",
    programs=("puma",),
    start="exec puma --quiet --threads 4:8 --bind tcp://127.0.0.1:$PORT $APPS/scripts/actioncable.ru",
    path="/cable",
    words=("--speak", "actioncable PricesChannel"),
    join=join,
    subprotocol="actioncable-v1-json",
    outcome=UNBOUNDED,
    reason="what the socket does not take is kept in the stream's write buffer, a queue without a bound",
    source="actioncable, lib/action_cable/connection/stream.rb: write, flush_write_buffer",
)
