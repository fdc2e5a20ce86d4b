"""Mongoose, by way of cymongoose: ``ws_send`` to every connection from a repeating timer."""

import itertools
from typing import Any

import feed
from cymongoose import MG_EV_CLOSE, MG_EV_HTTP_MSG, MG_EV_WS_OPEN, Connection, Manager

CONNECTIONS: set[Connection] = set()
numbers = itertools.count()


def handler(conn: Connection, event: int, data: Any) -> None:
    if event == MG_EV_HTTP_MSG:
        conn.ws_upgrade(data)
    elif event == MG_EV_WS_OPEN:
        CONNECTIONS.add(conn)
    elif event == MG_EV_CLOSE:
        CONNECTIONS.discard(conn)


def broadcast() -> None:
    message = feed.message(next(numbers))
    for conn in CONNECTIONS:
        conn.ws_send(message)


manager = Manager(handler)
manager.listen(f"http://{feed.HOST}:{feed.PORT}")
timer = manager.timer_add(max(1, round(feed.INTERVAL_S * 1000)), broadcast, repeat=True)
manager.run(poll_ms=1)
