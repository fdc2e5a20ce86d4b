"""websockets' threading implementation: a thread and a stream for each client, send() blocks."""

import itertools
import time

import feed
from websockets.sync.server import ServerConnection, serve


def handler(websocket: ServerConnection) -> None:
    for number in itertools.count():
        websocket.send(feed.message(number))
        time.sleep(feed.INTERVAL_S)


with serve(handler, feed.HOST, feed.PORT, compression=None) as server:
    server.serve_forever()
