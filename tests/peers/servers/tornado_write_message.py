"""tornado: ``write_message`` to every waiter, not awaited, as its chat demo does."""

import asyncio
import itertools
from typing import Any

import feed
import tornado.ioloop
import tornado.web
import tornado.websocket


class StreamHandler(tornado.websocket.WebSocketHandler):
    waiters: set["StreamHandler"] = set()

    def open(self, *args: Any, **kwargs: Any) -> None:
        StreamHandler.waiters.add(self)

    def on_message(self, message: str | bytes) -> None:
        pass

    def on_close(self) -> None:
        StreamHandler.waiters.remove(self)


async def main() -> None:
    numbers = itertools.count()

    def send_updates() -> None:
        message = feed.message(next(numbers))
        for waiter in StreamHandler.waiters:
            waiter.write_message(message)

    tornado.web.Application([(r"/", StreamHandler)]).listen(feed.PORT, feed.HOST)
    tornado.ioloop.PeriodicCallback(send_updates, feed.INTERVAL_S * 1000).start()
    await asyncio.Event().wait()


asyncio.run(main())
