"""If a TLS port is addressed without TLS, the error names the right URL; for other ports it does not."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from stallsim.certificate import make_certificate
from stallsim.errors import EnvironmentUnfit
from stallsim.probing.address import parse_url
from stallsim.probing.client.join import join
from stallsim.probing.spec import Target

pytestmark = pytest.mark.loopback

HINT = "this port expects TLS: use wss:// instead of ws://"


@contextmanager
def serving(answer: Callable[[socket.socket], None]) -> Iterator[Target]:
    """Each connection is given to ``answer`` in a thread of its own, and is closed behind it."""

    def serve(client: socket.socket) -> None:
        with client, suppress(OSError):
            answer(client)

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield Target(url=f"ws://127.0.0.1:{listener.getsockname()[1]}/")
        listener.shutdown(socket.SHUT_RDWR)


async def refusal(target: Target) -> str:
    with pytest.raises(EnvironmentUnfit) as raised:
        await join(target, parse_url(target.url))
    return str(raised.value)


async def test_a_server_with_tls(tmp_path: Path) -> None:
    made, path = make_certificate("127.0.0.1"), tmp_path / "server.pem"
    path.write_bytes(made.certificate + made.private_key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)

    def answer(client: socket.socket) -> None:
        context.wrap_socket(client, server_side=True).read(1)

    with serving(answer) as target:
        assert HINT in await refusal(target)


async def test_a_server_that_answers_http_at_its_tls_port_with_an_error() -> None:
    """As nginx does: an answer in plain HTTP to a request, an alert to nonsense of TLS."""

    def answer(client: socket.socket) -> None:
        is_http = client.recv(4096).startswith(b"GET ")
        client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" if is_http else b"\x15\x03\x01\x00\x02\x02\x28")

    with serving(answer) as target:
        assert HINT in await refusal(target)


async def test_a_server_without_tls() -> None:
    def answer(client: socket.socket) -> None:
        client.recv(4096)
        client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with serving(answer) as target:
        assert "TLS" not in await refusal(target)


@pytest.mark.parametrize(
    ("answer", "hint", "asked"), [(b"\x15\x03\x01\x00\x02\x02\x28", True, 2), (b"220 mail\r\n", False, 1)]
)
async def test_an_answer_of_tls_is_recognised(answer: bytes, hint: bool, asked: int) -> None:
    """A server of another protocol is not asked once more."""
    came = []

    def reply(client: socket.socket) -> None:
        came.append(client.recv(4096))
        client.sendall(answer)

    with serving(reply) as target:
        assert (HINT in await refusal(target)) is hint
    assert len(came) == asked
