"""Parked clients in this process: each kind sees how the server ended it, within TLS as far as it can."""

import os
import pickle
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from wsproto.utilities import generate_accept_token

from stallsim.certificate import make_certificate
from stallsim.errors import EnvironmentUnfit, StallsimError, Unavailable
from stallsim.fleet import holders, opening
from stallsim.fleet.holder import Holder
from stallsim.fleet.orders import BeginOrder
from stallsim.fleet.parked import PARKED
from stallsim.fleet.spec import FleetSpec, OfWorkers
from stallsim.fleet.stack import check_black_hole, enter_for_half_open
from stallsim.interruption import run_until_signal
from stallsim.kernel import options
from stallsim.kernel.ambient import CAP_NET_ADMIN
from stallsim.probing.spec import Command, Target
from stallsim.timeline.fleet.clients import HeldCount
from stallsim.tls import Tls

from .nobody import as_nobody

pytestmark = pytest.mark.loopback

KINDS = [name for name in PARKED.names() if not PARKED.find(name).black_hole]
STEPS_MAX = 400
STREAM = b"\x82\x7e" + (1000).to_bytes(2, "big") + bytes(1000)
SWITCHING = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
CLOSE = b"\x88\x02\x03\xe8"


class Server:
    """One thread with the clients: it does what the test tells it to, between their steps."""

    def __init__(self, tls: ssl.SSLContext | None = None, answers_most: int = 1000) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._listener.setblocking(False)
        self.port = int(self._listener.getsockname()[1])
        self._context = tls
        self.clients: dict[socket.socket, Tls | None] = {}
        self._answered: set[socket.socket] = set()
        self._answers_most = answers_most

    def step(self) -> None:
        """Accept, and answer opening handshakes; some of the stream goes with each answer."""
        try:
            client, _ = self._listener.accept()
        except BlockingIOError:
            pass
        else:
            client.setblocking(False)
            self.clients[client] = None if self._context is None else Tls(self._context)
        for client, tls in self.clients.items():
            try:
                data = client.recv(65536) if client not in self._answered else b""
            except OSError:
                continue  # nothing has come; or the client has refused, or was ended
            if tls is not None and data:
                data = tls.unseal(data)
                client.send(tls.outgoing())
            if data and len(self._answered) < self._answers_most:
                key = data.partition(b"Sec-WebSocket-Key: ")[2].partition(b"\r\n")[0]
                head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                self.send(
                    client, head + b"Sec-WebSocket-Accept: " + generate_accept_token(key) + b"\r\n\r\n"
                )
                self.send(client, STREAM)
                self._answered.add(client)

    def send(self, client: socket.socket, data: bytes) -> None:
        tls = self.clients[client]
        client.send(data if tls is None else tls.seal(data))

    def end_with_close(self, client: socket.socket) -> None:
        self.send(client, CLOSE)
        client.close()

    def end_with_fin(self, client: socket.socket) -> None:
        client.shutdown(socket.SHUT_WR)

    def end_with_rst(self, client: socket.socket) -> None:
        options.abort(client)

    def close(self) -> None:
        for client in self.clients:
            client.close()
        self._listener.close()


@contextmanager
def held(
    kind: str, count: int, *, tls: ssl.SSLContext | None = None, answers_most: int = 1000, **target: Any
) -> Iterator[Any]:
    """So many clients of that kind, once it is decided of each; their server, and ``until``."""
    server = Server(tls, answers_most)
    url = f"ws{'s' if tls else ''}://127.0.0.1:{server.port}/"
    holder = Holder(
        BeginOrder(
            target=Target(url=url, **target),
            host="127.0.0.1",
            port=server.port,
            sources=(),
            at_once=64,
            rcvbuf=4096,
        )
    )

    def until(holds: Callable[[HeldCount], bool]) -> HeldCount:
        for _ in range(STEPS_MAX):
            server.step()
            holder.step()
            if holds(holder.tally()):
                return holder.tally()
        pytest.fail(f"never: {holder.tally()}")

    try:
        holder.open({kind: count}, 1e6)
        until(lambda tally: tally.settled and len(server.clients) == count)
        yield server, holder, until
    finally:
        holder.end()
        server.close()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_sees_a_close_a_fin_and_an_rst_and_when(kind: str) -> None:
    with held(kind, 6) as (server, _, until):
        for number, client in enumerate(list(server.clients)):
            ends = (server.end_with_close, server.end_with_fin, server.end_with_rst)
            ends[number % 3](client)
        tally = until(lambda tally: tally.ended_count == 6)
    assert {how.value: ends.count for how, ends in tally.ended.items()} == {"close": 2, "fin": 2, "rst": 2}
    assert all(ends.open_ms.total == ends.count for ends in tally.ended.values())
    assert tally.parked == 0


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """A server's context, and the file by which it is trusted."""
    made, path = make_certificate("127.0.0.1"), tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(made.certificate + made.private_key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, path


@pytest.mark.parametrize("kind", ["stop-reading", "sleeping-tab", "no-pong"])
def test_within_tls_a_parked_client_keeps_no_tls_and_is_woken_and_ended(
    kind: str, certificate: tuple[ssl.SSLContext, Path]
) -> None:
    context, path = certificate
    with held(kind, 4, tls=context, ca_file=str(path)) as (server, holder, until):
        assert until(lambda tally: tally.parked == 4).refused == {}
        holder.wake(1.0)
        for client in server.clients:
            server.send(client, STREAM)
        until(lambda tally: tally.read_bytes > 4 * len(STREAM))
        for number, client in enumerate(list(server.clients)):
            (server.end_with_close, server.end_with_rst)[number % 2](client)
        tally = until(lambda tally: tally.ended_count == 4)
    assert {how.value: ends.count for how, ends in tally.ended.items()} == {"fin-tls": 2, "rst-tls": 2}


def test_a_certificate_that_nobody_trusts_is_a_reason(certificate: tuple[ssl.SSLContext, Path]) -> None:
    with held("stop-reading", 2, tls=certificate[0]) as (_, holder, _):
        assert holder.tally().refused == {"TLS: certificate verify failed": 2}


def test_who_is_not_answered_is_not_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "HANDSHAKE_S", 1.0)
    with held("stop-reading", 5, answers_most=3) as (_, holder, _):
        tally = holder.tally()
    assert (tally.parked, tally.refused) == (3, {})
    assert tally.unanswered == {"no answer to the opening handshake within 1 s": 2}


def test_a_file_that_holds_no_certificates_is_one_line() -> None:
    begin = BeginOrder(
        target=Target(url="wss://127.0.0.1:1/", ca_file=__file__),
        host="127.0.0.1",
        port=1,
        sources=(),
        at_once=1,
        rcvbuf=None,
    )
    with pytest.raises(StallsimError, match="ca_file"):
        Holder(begin)


HALF_OPEN = FleetSpec(target=Target(url="ws://127.0.0.1:0/"), mix={"half-open": 1.0})


def hold_half_open() -> str:
    """Whether a private stack was taken, and a program that is executed has its right; ends seen before the
    network is back; whether bytes came then.
    """
    try:
        entered = enter_for_half_open(replace(HALF_OPEN, command=Command(words=("true",))))
    except Unavailable as unavailable:
        return str(unavailable)
    status = subprocess.run(["cat", "/proc/self/status"], capture_output=True, text=True, check=True).stdout
    effective = int(next(line for line in status.splitlines() if line.startswith("CapEff")).split()[1], 16)
    admin = bool(effective >> CAP_NET_ADMIN & 1)
    with held("half-open", 3) as (server, holder, until):
        for client in server.clients:
            server.send(client, STREAM)
        for _ in range(3):
            holder.step()
        ended = holder.tally().ended_count
        holder.wake(1.0)
        return f"{entered} {admin} {ended} {until(lambda tally: tally.read_bytes >= 3 * len(STREAM)).awake}"


def test_half_open_without_root_is_in_a_private_stack_and_its_network_comes_back_when_it_is_woken() -> None:
    said = as_nobody(hold_half_open)
    if said.startswith("private stack"):
        pytest.skip(said)
    assert said == "True True 0 3"


def test_half_open_with_a_server_that_runs_says_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stallsim.kernel.black_hole.permitted", lambda: False)
    with pytest.raises(EnvironmentUnfit, match=r"CAP_NET_ADMIN; start the server with `command=`"):
        enter_for_half_open(HALF_OPEN)
    with pytest.raises(EnvironmentUnfit, match="run the workers as root") as raised:
        check_black_hole(["stop-reading", "half-open"])
    assert str(pickle.loads(pickle.dumps(raised.value))) == str(raised.value), "Dask carries it"
    check_black_hole(["stop-reading"])
    assert not enter_for_half_open(replace(HALF_OPEN, workers=OfWorkers(scheduler="tcp://127.0.0.1:1")))


def test_a_process_that_ended_before_its_first_order_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loader may have had no memory for it; its pipe was a traceback."""
    reads, orders = os.pipe()
    os.close(reads)
    tallies, writes = os.pipe()
    os.close(writes)
    parent = subprocess.Popen(["true"])
    begin = BeginOrder(
        target=Target(url="ws://127.0.0.1:1/"),
        host="127.0.0.1",
        port=1,
        sources=(),
        at_once=1,
        rcvbuf=None,
    )
    monkeypatch.setattr(holders, "start_holding", lambda _: (parent, [(orders, tallies)]))

    async def work() -> None:
        async with holders.open_holders([begin]):
            pytest.fail("it has begun")

    with pytest.raises(EnvironmentUnfit, match="a process that holds clients has ended"):
        run_until_signal(work)
