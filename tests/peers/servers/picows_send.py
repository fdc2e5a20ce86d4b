"""picows: ``transport.send`` to every client, which never waits."""

import asyncio
import itertools

import feed
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_create_server

TRANSPORTS: set[WSTransport] = set()


class ClientHandler(WSListener):
    def on_ws_connected(self, transport: WSTransport) -> None:
        TRANSPORTS.add(transport)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        TRANSPORTS.discard(transport)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.CLOSE:
            transport.send_close(frame.get_close_code(), frame.get_close_message())
            transport.disconnect()


async def main() -> None:
    await ws_create_server(lambda _request: ClientHandler(), feed.HOST, feed.PORT)
    for number in itertools.count():
        message = feed.message(number).encode()
        for transport in TRANSPORTS:
            transport.send(WSMsgType.TEXT, message)
        await asyncio.sleep(feed.INTERVAL_S)


asyncio.run(main())
