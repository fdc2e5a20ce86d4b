"""Crossbar.io: a router of WAMP, a topic that a client beside it publishes to."""

import json

from ..peer import UNBOUNDED
from ..raw import TEXT
from .app import App
from .client import AppClient


def join(client: AppClient) -> None:
    client.send(TEXT, json.dumps([1, "realm1", {"roles": {"subscriber": {}}}]).encode())
    client.expect(b"[2,")
    client.send(TEXT, json.dumps([32, 1, {}, "prices"]).encode())


APP = App(
    name="crossbar",
    setup="python3 -m venv crossbar && crossbar/bin/pip install --quiet crossbar",
    programs=("crossbar/bin/crossbar",),
    start=(
        'D=$PWD/crossbar-$PORT; rm -rf $D; mkdir $D; sed "s/\\"[$]PORT\\"/$PORT/" $APPS/scripts/crossbar.json > $D/config.json; '
        "$FEED wamp $PORT & exec crossbar/bin/crossbar start --cbdir $D"
    ),
    words=("--speak", "wamp prices"),
    join=join,
    subprotocol="wamp.2.json",
    outcome=UNBOUNDED,
    reason="what the socket does not take is kept by Twisted's transport, without a bound",
    source="crossbar, router/protocol.py; autobahn, websocket/protocol.py: sendData; twisted, abstract.FileDescriptor.write",
)
