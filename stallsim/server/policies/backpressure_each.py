"""Each subscriber has a producer of its own, so that only that producer waits for it."""

from typing import ClassVar

from .backpressure import Backpressure


class BackpressureEach(Backpressure, frozen=True):
    """As ``backpressure``, but only that subscriber's own producer waits: nobody else is held up.

    A task for each client that makes or fetches its messages and does ``await ws.send(message)``
    (websockets, aiohttp, hypercorn, trio-websocket). Nothing is lost: what a client gets is late by as
    long as its producer has waited.
    """

    own_producer: ClassVar[bool] = True
