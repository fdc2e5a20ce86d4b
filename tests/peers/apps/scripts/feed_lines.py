"""What every server of the table streams, as lines, or published over a broker's own WebSocket.

``feed_lines.py`` prints; ``feed_lines.py nats PORT`` publishes, and so do ``stomp`` and ``wamp``.
"""

import itertools
import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "servers"))
import feed

SUBPROTOCOLS = {"stomp": "v12.stomp", "wamp": "wamp.2.json"}


def print_lines() -> None:
    for number in itertools.count():
        print(feed.message(number), flush=True)
        time.sleep(feed.INTERVAL_S)


def publish(broker: str, port: int) -> None:
    from websockets.exceptions import WebSocketException  # noqa: PLC0415 - who prints needs none
    from websockets.sync.client import connect  # noqa: PLC0415
    from websockets.typing import Subprotocol  # noqa: PLC0415

    while True:
        try:
            client = connect(
                f"ws://127.0.0.1:{port}{'/ws' if broker == 'stomp' else '/'}",
                subprotocols=[Subprotocol(SUBPROTOCOLS[broker])] if broker in SUBPROTOCOLS else None,
                compression=None,
                max_size=None,
            )
            break
        except (OSError, WebSocketException):
            time.sleep(0.1)
    with client:
        if broker == "stomp":
            client.send("CONNECT\naccept-version:1.2\nhost:/\nlogin:guest\npasscode:guest\n\n\0")
            client.recv()
        elif broker == "wamp":
            client.send('[1, "realm1", {"roles": {"publisher": {}}}]')
            client.recv()
        else:
            client.send(b'CONNECT {"verbose":false}\r\n')
        for number in itertools.count():
            message = feed.message(number)
            if broker == "stomp":
                client.send(f"SEND\ndestination:/topic/prices\n\n{message}\0")
            elif broker == "wamp":
                client.send(f'[16, {number + 1}, {{}}, "prices", ["{message}"]]')
            else:
                client.send(f"PUB prices {len(message)}\r\n{message}\r\n".encode())
            time.sleep(feed.INTERVAL_S)


if len(sys.argv) > 1:
    publish(sys.argv[1], int(sys.argv[2]))
else:
    print_lines()
