"""Each subscriber has a producer of its own, so that only that producer waits for it."""

from typing import ClassVar

from .backpressure import Backpressure


class BackpressureEach(Backpressure, frozen=True):
    """As ``backpressure``, but only the producer of that client waits, so no other client is delayed.

    Each client has a task that makes or fetches its messages and does ``await ws.send(message)``
    (websockets, aiohttp, hypercorn, trio-websocket). No message is lost; each is late by the time for which
    its producer has waited.
    """

    own_producer: ClassVar[bool] = True
