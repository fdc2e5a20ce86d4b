"""The sources of readings are compared with each other: as root, without root, and of a container."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from stallsim.errors import StallsimError, Unavailable
from stallsim.kernel.diag_socket import unpack_diag
from stallsim.kernel.sock_diag import CONNECTED, FAMILIES, SockDiag
from stallsim.kinds import Word
from stallsim.watching.servers import FoundServers, find_servers
from stallsim.watching.sources.container import Container
from stallsim.watching.sources.diag import OWN
from stallsim.watching.sources.proc_net import ProcNet
from stallsim.watching.watch import Watch

from .connections import Connection, connected, listen, until, write_until_refused
from .nobody import as_nobody

pytestmark = pytest.mark.loopback
AFTER_S = 0.05
SAME = ("state", "rqueue", "wqueue", "uid", "inode", "timer")
STALLED = """
import socket, sys
listener = socket.create_server(("127.0.0.1", 0))
client = socket.socket()
client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
client.connect(listener.getsockname())
server = listener.accept()[0]
server.setblocking(False)
try:
    while True:
        server.send(bytes(65536))
except BlockingIOError:
    print(listener.getsockname()[1], flush=True)
sys.stdin.read()
"""


@contextmanager
def stalled() -> Iterator[Connection]:
    with listen("127.0.0.1") as listener, connected(listener, "127.0.0.1") as ends:
        write_until_refused(ends.server)
        yield ends


ENTER = "from stallsim.kernel.private_stack import enter; enter({})"


@contextmanager
def container() -> Iterator[tuple[int, int]]:
    """A process and a port in a network stack of its own, with a stalled connection."""
    with process(ENTER + STALLED) as made:
        yield made


@contextmanager
def process(code: str) -> Iterator[tuple[int, int]]:
    words = [sys.executable, "-c", code]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as made:
        assert made.stdout is not None
        said = made.stdout.readline()
        if not said:
            pytest.skip("this system forbids user namespaces")
        yield made.pid, int(said)
        made.kill()


def word_of(found: FoundServers) -> tuple[str, int]:
    """The one connection's, once it is known, and how many looks that took."""
    watch = Watch(found, AFTER_S)
    try:
        for look in range(1, 2_000):
            snapshot = watch.look()
            (one,) = snapshot.connections
            if one.word in (Word.STALLED.value, Word.PERSIST.value):
                return one.word, look
        raise AssertionError(f"it stayed {one.word}")
    finally:
        watch.close()


@pytest.mark.skipif(shutil.which("ss") is None, reason="ss (iproute2) is not installed")
def test_ss_agrees_about_a_stalled_client() -> None:
    with stalled() as ends:
        port = ends.server_at[1]
        watch = Watch(find_servers(f":{port}"), AFTER_S)
        until(lambda: watch.look().connections[0].word == Word.STALLED.value)
        before = watch.look().connections[0]
        words = ["ss", "-tmoinOH", f"sport = :{port}"]
        line = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        after = watch.look().connections[0]
        watch.close()

    def number(name: str) -> int:
        found = re.search(rf"\b{name}:(\d+)", line)
        return int(found[1]) if found else 0

    assert (before.unsent_bytes, before.window_bytes) == (number("notsent"), number("snd_wnd"))
    assert before.pinned_bytes == int(re.findall(r"skmem:\(.*?,w(\d+)", line)[0])
    assert before.for_s is not None
    assert after.for_s is not None
    assert before.for_s * 1000 <= number("lastsnd") <= after.for_s * 1000
    assert before.peer == f"127.0.0.1:{ends.client_at[1]}"
    assert "persist" in line


def test_proc_agrees_with_sock_diag_as_far_as_it_goes() -> None:
    with (
        stalled() as ends,
        listen("::1") as listener,
        connected(listener, "::1") as others,
        SockDiag() as diag,
    ):
        others.client.send(b"unread")
        for port in (ends.server_at[1], others.server_at[1]):
            told, full = at_one_moment(diag, port)
            assert told[:-1] == full[:-1]
            assert told[-1] == full[-1]._replace(cookie=0)


def at_one_moment(diag: SockDiag, port: int) -> tuple[list[Any], list[Any]]:
    """What /proc tells between two equal answers of ``sock_diag``, since kernels move bytes for a while."""

    def by_diag() -> list[Any]:
        (message,) = diag.dump(port, CONNECTED)
        full = unpack_diag(message)
        return [*(getattr(full, one) for one in SAME), full.id]

    def by_proc() -> list[Any]:
        (told,) = ProcNet(os.getpid()).connections(port, FAMILIES)
        assert not isinstance(told, bytes)
        assert (told.info, told.memory) == (None, None)
        return [*(getattr(told, one) for one in SAME), told.id._replace(cookie=0)]

    for _ in range(1_000):
        before, told, after = by_diag(), by_proc(), by_diag()
        if before == after:
            return told, after
    raise AssertionError("the connection was never still")


def test_anybody_may_watch_anybodys_port() -> None:
    """Root's server, seen by nobody: its process is hidden, its connections are not."""
    if os.getuid():
        pytest.skip("takes two users")
    with process(STALLED) as (_, port):

        def watch() -> str:
            found = find_servers(f":{port}")
            return repr((found.source.words, found.servers[0].pids, word_of(found)[0]))

        assert as_nobody(watch) == repr((OWN, (), Word.STALLED.value))


def test_a_process_of_another_user_is_to_be_named_by_its_port() -> None:
    if os.getuid():
        pytest.skip("takes two users")
    with process(STALLED) as (pid, _):
        told = as_nobody(lambda: _refusal(str(pid)))
    assert "name its port" in told


def test_the_namespace_of_a_container_of_ones_own_is_entered() -> None:
    with container() as (pid, port):
        found = find_servers(str(pid))
        assert found.source.words == f"sock_diag, by a helper in the network namespace of process {pid}"
        assert [(one.port, one.pids) for one in found.servers] == [(port, (pid,))]
        assert word_of(found)[0] == Word.STALLED.value


def test_a_container_is_seen_from_outside_too_and_nothing_is_called_stalled() -> None:
    with container() as (pid, port):
        found = find_servers(str(pid))
        found.source.close()
        outside = found._replace(source=ProcNet(pid))
        assert "a stall cannot be confirmed" in outside.source.missing
        word, _ = word_of(outside)
        assert word == Word.PERSIST.value
        with pytest.raises(StallsimError, match=f"no server listens on TCP port {port}"):
            find_servers(f":{port}").source.close()  # it is in another stack than this process


def test_a_helper_reports_that_its_process_has_ended() -> None:
    with container() as (pid, _):
        inside = Container(pid)
        inside._process.kill()
        inside._process.wait()
        with pytest.raises(Unavailable, match="has ended"):
            inside.dump(0, CONNECTED, FAMILIES)
        inside.close()
    with pytest.raises(Unavailable, match="may not enter"):
        Container(pid)


@pytest.mark.parametrize(
    ("target", "complaint"),
    [
        (":0", "expected a port"),
        (":http", "expected a port"),
        (":65536", "expected a port"),
        ("999999999", "no such process exists"),
        ("no-such-server", "no process has this name; allowed"),
    ],
)
def test_what_cannot_be_watched_is_one_clear_line(target: str, complaint: str) -> None:
    told = _refusal(target)
    assert complaint in told
    assert "\n" not in told


def test_for_a_process_without_a_port_the_message_names_those_that_listen() -> None:
    with subprocess.Popen(["sleep", "60"]) as sleeper:
        told = _refusal(str(sleeper.pid))
        sleeper.kill()
    assert f"process {sleeper.pid} (sleep) listens on no TCP port; listening here:" in told


def test_a_server_is_found_by_its_process_its_name_and_its_port() -> None:
    with stalled() as ends:
        port = ends.server_at[1]
        targets = (str(os.getpid()), f":{port}", None)
        for target in targets:
            found = find_servers(target)
            found.source.close()
            assert port in {one.port for one in found.servers}
            assert os.getpid() in next(one.pids for one in found.servers if one.port == port)


def test_very_many_ports_are_read_at_once_and_distinguished() -> None:
    with ExitStack() as stack:
        ports = {}
        for number in range(1, 6):
            listener = stack.enter_context(listen("127.0.0.1" if number % 2 else "::1"))
            host = "127.0.0.1" if number % 2 else "::1"
            for _ in range(number):
                stack.enter_context(connected(listener, host))
            ports[listener.getsockname()[1]] = number
        found = find_servers(str(os.getpid()))
        assert set(ports) <= set(found.families)
        watch = Watch(found)
        snapshot = watch.look()
        watch.close()
    assert {one.port: one.connections for one in snapshot.ports if one.port in ports} == ports


def _refusal(target: str) -> str:
    try:
        find_servers(target).source.close()
    except StallsimError as error:
        return str(error)
    return "it was found"
