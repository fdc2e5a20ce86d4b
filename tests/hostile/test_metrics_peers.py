"""Peers of the metrics' endpoint that send no request, half of one, or do not wait for the answer."""

import socket
import struct
import threading
from collections.abc import Iterator
from urllib.request import urlopen

import pytest

from stallsim.errors import StallsimError
from stallsim.metrics.endpoint import MetricsServer
from stallsim.metrics.family import MetricFamily

pytestmark = pytest.mark.loopback
GET = b"GET /metrics HTTP/1.1\r\nHost: x\r\n"
REQUESTS = (
    b"",
    b"GET /met",
    GET,
    GET + b"\r\n",
    GET + b"Accept: application/openmetrics-text; version=abc\r\n\r\n",
    GET + b"Accept-Encoding: \xff;q=x\r\nContent-Length: abc\r\n\r\n",
    GET + b"X: y\r\n" * 300 + b"\r\n",
    b"\xff\xfe\x00\x1b[31m\r\n\r\n",
    b"GET //[::/x?name[]=\xff HTTP/1.1\r\n\r\n",
    b"GET " + b"/" * 70_000 + b" HTTP/1.1\r\n\r\n",
)


@pytest.fixture
def server() -> Iterator[MetricsServer]:
    with MetricsServer(lambda: [MetricFamily("things", "Things.", values={(): 1.0})], ":0") as serving:
        yield serving


def connected(server: MetricsServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=60)


def scraped(server: MetricsServer) -> str:
    with urlopen(f"http://127.0.0.1:{server.port}/metrics", timeout=60) as answer:
        return str(answer.read().decode())


@pytest.mark.parametrize("request_", REQUESTS, ids=range(len(REQUESTS)))
@pytest.mark.parametrize("reset", [False, True], ids=["ends", "resets"])
def test_nothing_is_said_of_a_peer_that_asks_for_nothing(
    server: MetricsServer, request_: bytes, reset: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    with connected(server) as peer:
        peer.sendall(request_)
        if reset:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            peer.shutdown(socket.SHUT_WR)
            while peer.recv(65536):
                pass
    assert scraped(server).endswith("stallsim_things 1.0\n")
    server.close()
    assert capfd.readouterr() == ("", "")


def test_peers_that_send_nothing_are_few_and_keep_nobody_out(server: MetricsServer) -> None:
    before = threading.active_count()
    peers = [connected(server) for _ in range(100)]
    assert peers[0].recv(1) == b"", "the oldest of them has been ended"
    assert scraped(server).endswith("stallsim_things 1.0\n")
    assert threading.active_count() - before < 64
    for peer in peers:
        peer.close()


@pytest.mark.parametrize("host", ["é..x", "a" * 64 + ".é"])
def test_a_name_that_no_host_can_have_is_a_line(host: str) -> None:
    with pytest.raises(StallsimError, match=r"^`metrics=` .* is no name of a host"):
        MetricsServer(lambda: (), f"{host}:0")
