"""The sockets of a unit or a container, selected by the kernel; and protocols above TCP."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from stallsim.errors import StallsimError, Unavailable
from stallsim.kernel.cgroup import find_cgroup, hierarchy
from stallsim.watching.servers import find_servers
from stallsim.watching.watch import Watch

from .nobody import as_nobody

pytestmark = pytest.mark.loopback
NAME = f"stallsim-test-{os.getpid()}.service"
SERVER = """
import os, socket, sys
open(sys.argv[1] + "/cgroup.procs", "w").write(str(os.getpid()))
listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
accepted = listener.accept()
print(listener.getsockname()[1], flush=True)
sys.stdin.read()
"""
_IPPROTO_MPTCP = 262


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A cgroup with one below it."""
    try:
        made = hierarchy() / NAME
        below = made / "below"
        below.mkdir(parents=True)
    except (Unavailable, OSError) as error:
        pytest.skip(f"no cgroup can be made here: {error}")
    yield made
    below.rmdir()
    made.rmdir()


@pytest.fixture(scope="module")
def ports(folder: Path) -> Iterator[list[int]]:
    """Of one server in the cgroup, one below it, and one outside."""
    with ExitStack() as stack:
        yield [stack.enter_context(server(one)) for one in (folder, folder / "below", folder.parent)]


@contextmanager
def server(folder: Path) -> Iterator[int]:
    words = [sys.executable, "-c", SERVER, str(folder)]
    with Popen(words, stdin=PIPE, stdout=PIPE, text=True) as made:
        assert made.stdout is not None
        yield int(made.stdout.readline())
        made.kill()


def seen(target: str | None, cgroup: str) -> tuple[list[int], int]:
    watch = Watch(find_servers(target, cgroup))
    try:
        return [one.port for one in watch.found.servers], watch.look().totals.connections
    finally:
        watch.close()


def test_a_cgroup_has_its_own_sockets_and_those_below_it(ports: list[int], folder: Path) -> None:
    inside, below, _ = ports
    for name in (NAME, f"/{NAME}", str(folder)):
        assert seen(None, name) == (sorted([inside, below]), 2)
    assert seen(None, f"/{NAME}/below") == ([below], 1)
    assert seen(f":{inside}", NAME) == ([inside], 1)


def test_anybody_may_ask_for_a_cgroup(ports: list[int]) -> None:
    if os.getuid():
        pytest.skip("takes two users")
    assert as_nobody(lambda: repr(seen(None, NAME))) == repr((sorted(ports[:2]), 2))


def test_a_port_or_a_process_outside_the_cgroup_is_an_error(ports: list[int]) -> None:
    with pytest.raises(StallsimError, match=f"of the cgroup /{NAME} listens on TCP port {ports[2]}"):
        find_servers(f":{ports[2]}", NAME)
    with pytest.raises(StallsimError, match="expected a port"):
        find_servers(str(os.getpid()), NAME)
    with pytest.raises(StallsimError, match=f"there is no such cgroup; did you mean {NAME!r}"):
        find_cgroup(NAME.replace("stallsim", "stalsim"))


def test_a_name_that_several_units_have_must_be_given_as_a_path(folder: Path) -> None:
    again = folder / "below" / NAME
    again.mkdir()
    try:
        with pytest.raises(StallsimError, match=f"several cgroups have that name: /{NAME}, /{NAME}/below"):
            find_cgroup(NAME)
    finally:
        again.rmdir()


def test_subflows_of_mptcp_are_named_as_what_they_are() -> None:
    try:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, _IPPROTO_MPTCP)
    except OSError as error:
        pytest.skip(f"this kernel has no MPTCP: {error}")
    with listener, socket.socket(socket.AF_INET, socket.SOCK_STREAM, _IPPROTO_MPTCP) as client:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        client.connect(listener.getsockname())
        with listener.accept()[0]:
            watch = Watch(find_servers(f":{listener.getsockname()[1]}"))
            snapshot = watch.look()
            watch.close()
    assert [one.ulp for one in snapshot.connections] == ["mptcp"]
    assert [note for note in snapshot.notes if "1 of the listed connections are subflows of MPTCP" in note]
