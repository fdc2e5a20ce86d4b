"""How many small messages a second the probe's witness takes, beside one that has wsproto read every frame.

    python benchmarks/witness_rate.py [--messages N]

Both are given the same bytes in reads of one size and log the same messages, by turns; what is measured
is this process's CPU time. The promise: at messages of some ten bytes, ten times as many.
"""

import argparse
import statistics
import time
from collections.abc import Callable

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, Message, Request, TextMessage

from stallsim.probing.client.eager_stream import READ_BYTES
from stallsim.probing.client.message_log import MessageLog
from stallsim.probing.protocols.ws import WebSocket
from stallsim.stream_protocol import Messages, Opening, Piece

SIZES = (10, 100, 1000)
TURNS = 5
Witness = Callable[[list[bytes]], MessageLog]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--messages", type=int, default=100_000)
    count = parser.parse_args().messages
    print(f"{'bytes':>6} {'by wsproto':>12} {'the witness':>12} {'ratio':>6}")
    for size in SIZES:
        reads = reads_of(size, count)
        spent: dict[Witness, list[float]] = {by_wsproto: [], by_witness: []}
        for _ in range(TURNS):
            logs = []
            for witness, seconds in spent.items():
                began_s = time.process_time()
                logs.append(witness(reads))
                seconds.append(time.process_time() - began_s)
            assert logs[0].digests == logs[1].digests, "both have read the same messages"
            assert logs[0].messages == count, "and all of them"
        plain_s, ours_s = map(statistics.median, spent.values())
        print(f"{size:>6} {count / plain_s:>10,.0f}/s {count / ours_s:>10,.0f}/s {plain_s / ours_s:>6.1f}")


def reads_of(size: int, count: int) -> list[bytes]:
    """The server's frames, as a socket gives them."""
    server = WSConnection(ConnectionType.SERVER)
    client = WSConnection(ConnectionType.CLIENT)
    server.receive_data(client.send(Request(host="x", target="/")))
    server.send(AcceptConnection())
    texts = (f"{number}".ljust(size, "x") for number in range(count))
    data = b"".join(server.send(TextMessage(data=text)) for text in texts)
    return [data[place : place + READ_BYTES] for place in range(0, len(data), READ_BYTES)]


def accepted(request: bytes) -> bytes:
    """What a server answers to that opening handshake."""
    server = WSConnection(ConnectionType.SERVER)
    server.receive_data(request)
    return server.send(AcceptConnection())


def by_witness(reads: list[bytes]) -> MessageLog:
    protocol, log = WebSocket(), MessageLog()
    request = protocol.request(Opening(host="x", resource="/", headers=(), subprotocols=(), deflate=False))
    list(protocol.receive(accepted(request)))
    for data in reads:
        for event in protocol.receive(data):
            match event:
                case Messages():
                    log.add(event.contents)
                case Piece():
                    log.feed(event.data, finished=event.finished)
                case _:
                    raise AssertionError(f"the bytes hold nothing but messages, and not {event}")
    return log


def by_wsproto(reads: list[bytes]) -> MessageLog:
    client, log = WSConnection(ConnectionType.CLIENT), MessageLog()
    client.receive_data(accepted(client.send(Request(host="x", target="/"))))
    list(client.events())
    for data in reads:
        client.receive_data(data)
        for event in client.events():
            assert isinstance(event, Message), "the bytes hold nothing but messages"
            log.feed(event.data.encode(), finished=event.message_finished)
    return log


if __name__ == "__main__":
    main()
