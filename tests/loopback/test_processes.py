"""The memory and sockets of a server's processes, while they grow, fork, end, or are another user's."""

import os
from collections.abc import Iterator

import psutil
import pytest

from stallsim.probing.server.process_tree import ProcessTree, TreeReading

from .connections import until
from .nobody import as_nobody
from .servant import Servant, ended_pid, servant

pytestmark = pytest.mark.loopback
MIB = 2**20
GROW = 'held.extend(b"x" * (64 << 20))'


@pytest.fixture
def server() -> Iterator[Servant]:
    with servant() as one:
        one.do("held := bytearray()")
        yield one


@pytest.fixture(params=[True, False], ids=["children listed", "by psutil"])
def listed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """On kernels that list a process's children, and on those that don't."""
    if not request.param:
        monkeypatch.setattr("stallsim.probing.server.process_tree._kernel_lists_children", lambda: False)


def pids(reading: TreeReading) -> set[int]:
    return {one.pid for one in reading.processes}


def test_growth_is_seen_in_every_figure(server: Servant) -> None:
    tree = ProcessTree([server.pid])
    before = tree.read(exact=True)
    server.do(GROW)
    after = tree.read(exact=True)
    assert 64 * MIB <= after.rss_bytes - before.rss_bytes < 80 * MIB
    for figure in ("uss_bytes", "pss_bytes"):
        grown = getattr(after, figure) - getattr(before, figure)
        assert 63 * MIB <= grown < 80 * MIB
    (one,) = after.processes
    assert (one.pid, one.name) == (server.pid, psutil.Process(server.pid).name())
    assert one.rss_bytes == after.rss_bytes
    assert tree.read().uss_bytes is tree.read().pss_bytes is None, "not asked for"


@pytest.mark.usefixtures("listed")
def test_descendants_count_from_their_start(server: Servant) -> None:
    tree = ProcessTree([server.pid])
    assert pids(tree.read()) == {server.pid}
    child = int(server.do("fork(lambda: (fork(), signal.pause()))"))
    until(lambda: len(tree.read().processes) == 3)
    reading = tree.read()
    assert pids(reading) == set(tree.pids) > {server.pid, child}
    assert reading.rss_bytes == sum(one.rss_bytes for one in reading.processes)
    assert reading.rss_bytes > max(one.rss_bytes for one in reading.processes)


@pytest.mark.usefixtures("listed")
def test_a_child_of_any_thread(server: Servant) -> None:
    server.do("threading.Thread(target=lambda: (fork(), time.sleep(60)), daemon=True).start()")
    tree = ProcessTree([server.pid])
    until(lambda: len(tree.read().processes) == 2)


@pytest.mark.usefixtures("listed")
def test_what_has_ended_is_not_in_it_and_its_children_are(server: Servant) -> None:
    tree = ProcessTree([server.pid])
    parent = int(server.do("fork(lambda: (fork(), signal.pause()))"))
    until(lambda: len(tree.read().processes) == 3)
    (grandchild,) = pids(tree.read()) - {server.pid, parent}
    server.do(f"os.kill({parent}, signal.SIGKILL)")
    until(lambda: pids(tree.read()) == {server.pid, grandchild})
    assert psutil.Process(parent).status() == psutil.STATUS_ZOMBIE, "its parent has yet to wait for it"
    psutil.Process(grandchild).kill()
    until(lambda: pids(tree.read()) == {server.pid})


def test_pages_shared_after_a_fork_count_once_in_pss(server: Servant) -> None:
    tree = ProcessTree([server.pid])
    server.do(GROW)
    alone = tree.read(exact=True)
    server.do("fork()")
    shared = tree.read(exact=True)
    assert shared.rss_bytes - alone.rss_bytes > 60 * MIB, "counted in each"
    assert alone.pss_bytes is not None
    assert shared.pss_bytes is not None
    assert abs(shared.pss_bytes - alone.pss_bytes) < 8 * MIB


def test_a_name_that_is_no_utf_8_can_be_written(server: Servant) -> None:
    server.do(r"open('/proc/self/comm', 'wb').write(b'\x1b[31m\xff')")
    (one,) = ProcessTree([server.pid]).read().processes
    assert one.name.encode() == "\x1b[31m\ufffd".encode()


def test_a_tree_that_has_ended_is_empty(server: Servant) -> None:
    tree = ProcessTree([server.pid, ended_pid()])
    assert tree.read().alive
    server.end()
    reading = tree.read(exact=True)
    assert (reading.alive, reading.processes, reading.rss_bytes, tree.pids) == (False, (), 0, ())
    assert not ProcessTree([ended_pid()]).read().alive


def test_of_another_users_process_only_the_rss_is_readable(server: Servant) -> None:
    def ask() -> str:
        reading = ProcessTree([server.pid]).read(exact=True)
        return f"{reading.rss_bytes > MIB} {reading.uss_bytes} {reading.pss_bytes}"

    assert as_nobody(ask) == "True None None"


def test_anybodys_own_is_readable_in_full() -> None:
    def ask() -> str:
        reading = ProcessTree([os.getpid()]).read(exact=True)
        return str((reading.uss_bytes or 0) > MIB < (reading.pss_bytes or 0))

    assert as_nobody(ask) == "True"


def test_cpu_time_stays_counted_when_a_child_has_been_waited_for(server: Servant) -> None:
    tree = ProcessTree([server.pid])
    before = tree.read().cpu_s
    burn = "[None for _ in iter(lambda: time.process_time() < 0.3, False)] and None"
    server.do(burn)
    burnt = tree.read().cpu_s
    assert burnt - before > 0.2
    server.do(f"os.waitpid(fork(lambda: {burn}), 0)")
    assert tree.read().cpu_s - burnt > 0.2
