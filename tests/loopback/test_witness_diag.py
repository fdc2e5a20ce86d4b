"""A socket's readings by sock_diag are compared with ``ss`` and with the owner's own system calls."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from stallsim.kernel.diag_socket import DiagSocket, TcpState, Timer
from stallsim.kernel.queues import SocketMemory, receive_queue, send_queue, socket_memory
from stallsim.kernel.sock_diag import Address, SockDiag
from stallsim.kernel.tcp_info import TcpInfo

from .connections import Connection, connected, listen, until, write_until_refused
from .nobody import as_nobody

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.skipif(shutil.which("ss") is None, reason="ss (iproute2) is not installed"),
]
HOSTS = [("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("::", "127.0.0.1"), ("::", "::ffff:127.0.0.1")]
STATES = {
    TcpState.ESTABLISHED: "ESTAB",
    TcpState.FIN_WAIT1: "FIN-WAIT-1",
    TcpState.FIN_WAIT2: "FIN-WAIT-2",
    TcpState.TIME_WAIT: "TIME-WAIT",
    TcpState.CLOSE_WAIT: "CLOSE-WAIT",
    TcpState.LAST_ACK: "LAST-ACK",
}
MEMORY = {"r": "rmem_alloc", "rb": "rcvbuf", "tb": "sndbuf", "w": "wmem_queued"}
INFO = {
    "backoff": "backoff",
    "mss": "snd_mss",
    "unacked": "unacked",
    "bytes_acked": "bytes_acked",
    "bytes_received": "bytes_received",
    "cwnd": "snd_cwnd",
    "segs_out": "segs_out",
    "segs_in": "segs_in",
    "notsent": "notsent_bytes",
    "snd_wnd": "snd_wnd",
}
"""Fields of struct tcp_info by the names that ss gives them."""
AGES = {"lastsnd": "last_data_sent", "lastrcv": "last_data_recv", "lastack": "last_ack_recv"}
PASSING = (*AGES.values(), "rwnd_limited", "busy_time")
"""Fields that grow by themselves."""


@pytest.fixture
def diag() -> Iterator[SockDiag]:
    with SockDiag() as asked:
        yield asked


@pytest.fixture(params=HOSTS, ids=" to ".join)
def stalled(request: pytest.FixtureRequest, diag: SockDiag) -> Iterator[Connection]:
    """The client does not read; the server has written until refused, and waits to probe the window."""
    bound, called = request.param
    with listen(bound) as listener, connected(listener, called) as ends:
        write_until_refused(ends.server)
        until(lambda: there(diag.lookup(ends.server_at, ends.client_at)).timer is Timer.PERSIST)
        yield ends


def there(found: DiagSocket | None) -> DiagSocket:
    assert found is not None
    return found


def info(found: DiagSocket) -> TcpInfo:
    assert found.info is not None
    return found.info


def memory(found: DiagSocket) -> SocketMemory:
    assert found.memory is not None
    return found.memory


def timeless(found: DiagSocket) -> DiagSocket:
    """Without what passes by itself."""
    passing = dict.fromkeys(PASSING, 0)
    counted = None if found.info is None else found.info._replace(**passing)
    return found._replace(expires=0, info=counted)


def witnessed(diag: SockDiag, own: Address, peer: Address) -> tuple[DiagSocket, str, DiagSocket]:
    """Just before, in ss's words, and just after, when nothing went in or out meanwhile."""
    words = ["ss", "-tmoieanOH", f"sport = :{own[1]} and dport = :{peer[1]}"]
    while True:
        before = there(diag.lookup(own, peer))
        line = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        after = there(diag.lookup(own, peer))
        if timeless(before) == timeless(after) and before.expires >= after.expires:
            return before, line, after


def number(line: str, name: str) -> int:
    """``name:123``; ss leaves out what is 0."""
    found = re.search(rf"\b{name}:(\d+)", line)
    return int(found[1]) if found else 0


class SaidTimer(NamedTuple):
    """``timer:(persist,1.200ms,3)``: 1.2 s, to ss; ``59sec`` is less than 60 s, ``1min`` than 2."""

    kind: str
    expires_ms: int
    unit_ms: int
    timeouts: int


def timer(line: str) -> SaidTimer:
    found = re.search(r"timer:\((\w+),(?:(\d+)\.)?(\d+)(ms|sec|min),(\d+)\)", line)
    if found is None:
        return SaidTimer("off", 0, 1, 0)
    kind, seconds, count, unit, timeouts = found.groups()
    unit_ms = {"ms": 1, "sec": 1000, "min": 60_000}[unit]
    return SaidTimer(kind, int(seconds or 0) * 1000 + int(count) * unit_ms, unit_ms, int(timeouts))


def agree(before: DiagSocket, line: str, after: DiagSocket) -> None:
    """What ss shows of every socket."""
    state, rqueue, wqueue = line.split()[:3]
    assert (STATES[after.state], after.rqueue, after.wqueue) == (state, int(rqueue), int(wqueue))
    assert (after.uid, after.inode) == (number(line, "uid"), number(line, "ino"))
    said = timer(line)
    assert (after.timer.name.lower(), after.retrans) == (said.kind, said.timeouts)
    assert before.expires >= said.expires_ms > after.expires - said.unit_ms


def test_ss_agrees_about_both_ends_of_a_stall(stalled: Connection, diag: SockDiag) -> None:
    for own, peer in [(stalled.server_at, stalled.client_at), (stalled.client_at, stalled.server_at)]:
        before, line, after = witnessed(diag, own, peer)
        agree(before, line, after)
        (fields,) = re.findall(r"skmem:\(([^)]*)\)", line)
        skmem = dict(re.findall(r"([a-z]+)(\d+)", fields))
        assert {letters: int(skmem[letters]) for letters in MEMORY} == {
            letters: getattr(memory(after), field) for letters, field in MEMORY.items()
        }
        assert {name: number(line, name) for name in INFO if name in line} == {
            name: getattr(info(after), field) for name, field in INFO.items() if name in line
        }
        assert number(line, "rwnd_limited") * 1000 <= info(after).rwnd_limited
        for name, field in AGES.items():
            assert getattr(info(before), field) <= number(line, name) <= getattr(info(after), field)
        assert round(float(re.findall(r"\brto:([\d.]+)", line)[0]) * 1000) == info(after).rto
        assert number(line, "busy") * 1000 <= info(after).busy_time
        assert after.congestion in line.split()
        assert after.state == info(after).state == TcpState.ESTABLISHED


def test_the_owners_own_calls_agree(stalled: Connection, diag: SockDiag) -> None:
    server = there(diag.lookup(stalled.server_at, stalled.client_at))
    client = there(diag.lookup(stalled.client_at, stalled.server_at))
    assert (server.rqueue, server.wqueue) == (0, send_queue(stalled.server))
    assert (client.rqueue, client.wqueue) == (receive_queue(stalled.client), 0)
    assert (memory(server), memory(client)) == (
        socket_memory(stalled.server),
        socket_memory(stalled.client),
    )
    for found, sock in [(server, stalled.server), (client, stalled.client)]:
        assert (found.inode, found.uid) == (os.fstat(sock.fileno()).st_ino, os.getuid())
    assert min(server.wqueue, client.rqueue) > 0
    assert client.timer is Timer.OFF


def test_a_zero_window_is_probed_again_and_again(stalled: Connection, diag: SockDiag) -> None:
    def server() -> DiagSocket:
        return there(diag.lookup(stalled.server_at, stalled.client_at))

    first = info(server())
    assert first.snd_wnd < first.snd_mss
    until(lambda: info(server()).backoff > first.backoff)
    assert server().timer is Timer.PERSIST


def test_anybody_may_ask(stalled: Connection, diag: SockDiag) -> None:
    def ask() -> str:
        with SockDiag() as asked:
            return repr([timeless(there(one))[4:8] for one in both(asked)])

    def both(asked: SockDiag) -> list[DiagSocket | None]:
        here, away = stalled.server_at, stalled.client_at
        return [asked.lookup(here, away), asked.lookup(away, here)]

    assert as_nobody(ask) == repr([timeless(there(one))[4:8] for one in both(diag)])


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_close_behind_a_zero_window_waits_in_the_kernel(host: str, diag: SockDiag) -> None:
    with listen(host) as listener, connected(listener, host) as ends:
        here, away = ends.server_at, ends.client_at
        write_until_refused(ends.server)
        until(lambda: there(diag.lookup(here, away)).timer is Timer.PERSIST)
        queued = there(diag.lookup(here, away)).wqueue
        ends.server.close()
        before, line, after = witnessed(diag, here, away)
        agree(before, line, after)
        assert (after.state, after.timer) == (TcpState.FIN_WAIT1, Timer.PERSIST)
        assert (after.inode, after.wqueue) == (0, queued + 1), "nobody holds it; the FIN counts as a byte"
        assert there(diag.lookup(away, here)).state is TcpState.ESTABLISHED, "it knows of no FIN"
        ends.client.close()  # with bytes unread: RST
        until(lambda: (diag.lookup(here, away), diag.lookup(away, here)) == (None, None))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_an_orderly_close_is_seen_at_both_ends(host: str, diag: SockDiag) -> None:
    with listen(host) as listener, connected(listener, host) as ends:
        here, away = ends.server_at, ends.client_at
        inode = there(diag.lookup(here, away)).inode
        ends.server.shutdown(1)
        until(lambda: there(diag.lookup(here, away)).state is TcpState.FIN_WAIT2)
        assert there(diag.lookup(here, away)).inode == inode
        agree(*witnessed(diag, here, away))
        client = there(diag.lookup(away, here))
        assert (client.state, client.rqueue) == (TcpState.CLOSE_WAIT, 1)
        agree(*witnessed(diag, away, here))
        ends.server.close()
        orphan = there(diag.lookup(here, away))
        assert (orphan.state, orphan.timer, orphan.inode) == (TcpState.FIN_WAIT2, Timer.TIMEWAIT, 0)
        assert (orphan.info, orphan.memory, orphan.congestion) == (None, None, None)
        agree(*witnessed(diag, here, away))
        ends.client.close()
        until(lambda: there(diag.lookup(here, away)).state is TcpState.TIME_WAIT)
        agree(*witnessed(diag, here, away))
        assert diag.lookup(away, here) is None
