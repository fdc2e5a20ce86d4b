"""Statements of the documentation about Linux, each with an experiment on plain sockets in a new stack."""

import json
import os
import socket
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stallsim.errors import StallsimError
from stallsim.kernel import black_hole, private_stack
from stallsim.kernel.tcp_info import TcpInfo, read_tcp_info
from stallsim.kernel.tcp_timers import timers_fired
from stallsim.kinds import Phase
from stallsim.timeline.recording import load_recording

from .nobody import forked
from .running import command

pytestmark = pytest.mark.loopback
WAIT_S = 10.0


@contextmanager
def pair(rcvbuf: int = 4096) -> Iterator[tuple[socket.socket, socket.socket]]:
    """A server's end that does not wait, and its client."""
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, rcvbuf)
        client.connect(listening.getsockname())
        with listening.accept()[0] as server:
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
            server.setblocking(False)
            yield server, client


def until(true_of: Callable[[TcpInfo], bool], sock: socket.socket) -> TcpInfo:
    """The first reading of which it is true."""
    until_s = time.monotonic() + WAIT_S
    while not true_of(info := read_tcp_info(sock)):
        assert time.monotonic() < until_s, info
        time.sleep(0.001)  # it is the kernel's turn
    return info


def in_a_stack(settings: dict[str, int], experiment: Callable[[], str]) -> str:
    """What the experiment says in a new stack with these settings; skips where there can be none."""

    def work() -> str:
        try:
            private_stack.enter(settings)
        except StallsimError as error:
            return f"skip: {error}"
        return experiment()

    answer = forked(work)
    if answer.startswith("skip: "):
        pytest.skip(answer)
    return answer


@pytest.mark.parametrize(("limit_ms", "answers"), [(500, 1), (0, 2)])
def test_of_two_probes_within_half_a_second_one_is_answered(limit_ms: int, answers: int) -> None:
    """browsers.md, kernel-timers.md: tcp_invalid_ratelimit."""

    def experiment() -> str:
        with pair() as (server, client):
            server.send(bytes(1 << 20))
            until(lambda info: info.snd_wnd == 0, server)
            answered, probes = read_tcp_info(client).segs_out, timers_fired()["TCPWinProbe"]
            until(lambda _: timers_fired()["TCPWinProbe"] == probes + 2, server)
            return str(read_tcp_info(client).segs_out - answered)

    assert in_a_stack({"net.ipv4.tcp_invalid_ratelimit": limit_ms}, experiment) == str(answers)


def test_a_retransmission_timeout_may_be_less_than_200_ms() -> None:
    """kernel-timers.md: tcp_rto_min_us takes 1."""

    def experiment() -> str:
        with pair() as (server, _):
            server.send(b"1")
            return str(until(lambda info: info.unacked == 0, server).rto < 200_000)

    assert in_a_stack({"net.ipv4.tcp_rto_min_us": 1}, experiment) == "True"


def test_a_loss_probe_comes_before_any_retransmission_timeout() -> None:
    """determinism.md: the earliest of the timers."""

    def experiment() -> str:
        with pair(1 << 20) as (server, client):
            server.send(b"1")
            until(lambda info: info.unacked == 0, server)
            black_hole.attach(client)
            server.send(b"2")
            server.send(b"3")
            until(lambda _: timers_fired()["TCPLossProbes"] > 0, server)
            return f"{timers_fired()['TCPTimeouts']} timeouts, {read_tcp_info(server).backoff} doublings"

    assert in_a_stack({}, experiment) == "0 timeouts, 0 doublings"


@pytest.mark.parametrize(
    ("size", "longer"), [(1_000, 6), (9_000, 6), (20_000, 11), (70_000, 26), (200_000, 66)]
)
def test_random_bytes_become_longer_by_so_much(size: int, longer: int) -> None:
    """tls.md: what a compressor adds to what it cannot compress, by the size of a message."""
    compressor = zlib.compressobj(wbits=-15)
    for _ in range(3):
        sealed = compressor.compress(os.urandom(size)) + compressor.flush(zlib.Z_SYNC_FLUSH)
        assert len(sealed.removesuffix(b"\0\0\xff\xff")) - size == longer


@pytest.mark.nightly
def test_three_retries_end_a_connection_at_its_fifth_timeout(tmp_path: Path) -> None:
    """teaching/walk.md, profiles/half-open.toml: the kernel makes a time of tcp_retries2."""
    recording = tmp_path / "half-open.jsonl"
    ended = command("run", "half-open", "--json", "--record", recording)
    if json.loads(ended.stdout)["verdict"] == "unsupported":
        pytest.skip(ended.stdout)
    timeline = load_recording(recording)
    assert timeline.end is not None
    assert timeline.end.timers["TCPLossProbes"] == 1
    assert max(series[-1].retrans_segments for series in timeline.samples) == 5
    assert any(record.phase is Phase.TIMED_OUT for record in timeline.phases(0))
