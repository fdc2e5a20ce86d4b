"""Which process holds a socket: of servers that fork, accept late, close, or belong to another user."""

import os
import socket
from collections.abc import Iterator

import psutil
import pytest

from stallsim.errors import StallsimError
from stallsim.kernel.sock_diag import SockDiag
from stallsim.probing.server.socket_owner import Ownership, SocketOwner, find_owner, given_owner, holders

from .connections import connected, listen, until, write_until_refused
from .nobody import NOBODY, as_nobody
from .servant import Servant, ended_pid, servant

pytestmark = pytest.mark.loopback


@pytest.fixture
def diag() -> Iterator[SockDiag]:
    with SockDiag() as asked:
        yield asked


@pytest.fixture
def server() -> Iterator[Servant]:
    with servant() as one:
        yield one


@pytest.fixture
def client(server: Servant) -> Iterator[socket.socket]:
    with socket.create_connection(server.address) as one:
        yield one


def owner(diag: SockDiag, client: socket.socket) -> SocketOwner:
    return find_owner(diag, client.getpeername(), client.getsockname())


def test_the_server_that_accepted_it(server: Servant, client: socket.socket, diag: SockDiag) -> None:
    server.do("accepted := server.accept()")
    assert owner(diag, client) == SocketOwner(Ownership.HELD, (server.pid,), os.getuid())
    assert owner(diag, client).remedy == ""


def test_of_workers_that_share_a_listener_the_one_that_accepted_it(server: Servant, diag: SockDiag) -> None:
    accept = "fork(lambda: (server.accept(), signal.pause()))"
    workers = {int(server.do(accept)) for _ in range(3)}
    held: list[int] = []
    clients = [socket.create_connection(server.address) for _ in workers]
    for client in clients:
        until(lambda one=client: owner(diag, one).ownership is Ownership.HELD)  # type: ignore[misc]
        held += owner(diag, client).pids
        client.close()
    assert len(held) == len(set(held)) == 3, "each accepts one, and waits"
    assert set(held) == workers


def test_a_descriptor_that_was_inherited_has_several_holders(
    server: Servant, client: socket.socket, diag: SockDiag
) -> None:
    server.do("accepted := server.accept()")
    child = int(server.do("fork()"))
    assert set(owner(diag, client).pids) == {server.pid, child}
    server.do("accepted[0].close()")
    assert owner(diag, client) == SocketOwner(Ownership.HELD, (child,), os.getuid())


def test_until_it_is_accepted_those_who_listen(
    server: Servant, client: socket.socket, diag: SockDiag
) -> None:
    child = int(server.do("fork()"))
    found = owner(diag, client)
    assert (found.ownership, set(found.pids)) == (Ownership.NOT_ACCEPTED, {server.pid, child})
    assert found.remedy == ""


def test_closed_with_bytes_still_to_deliver(diag: SockDiag) -> None:
    with listen("127.0.0.1") as listener, connected(listener, "127.0.0.1") as ends:
        write_until_refused(ends.server)
        assert owner(diag, ends.client).pids == (os.getpid(),)
        ends.server.close()
        found = owner(diag, ends.client)
        assert found == SocketOwner(Ownership.CLOSED)
        assert (
            found.remedy
            == "no process holds the server's end of the connection: name the server's process with `pid=`"
        )


def test_a_server_that_ended_has_no_end_any_more(
    server: Servant, client: socket.socket, diag: SockDiag
) -> None:
    server.do("accepted := server.accept()")
    client.send(b"unread")  # so that its kernel answers with RST
    server.end()
    found = find_owner(diag, server.address, client.getsockname())
    assert found == SocketOwner(Ownership.ABSENT)
    assert "not in this network namespace" in found.remedy


@pytest.mark.parametrize("accepts", [True, False])
def test_another_users_server_is_hidden_and_the_message_names_the_user(
    accepts: bool, server: Servant, client: socket.socket
) -> None:
    if accepts:
        server.do("accepted := server.accept()")

    def ask() -> str:
        with SockDiag() as asked:
            found = owner(asked, client)
        return f"{found.ownership.value} {found.pids} {found.remedy}"

    assert as_nobody(ask) == (
        f"hidden () the server's socket belongs to user {os.getuid()}, and no process that the current "
        "user may read holds it: run stallsim as that user or as root, or name the process with `pid=`"
    )


def test_anybodys_own_server_is_found() -> None:
    def ask() -> str:
        with listen("127.0.0.1") as listener, connected(listener, "127.0.0.1") as ends, SockDiag() as asked:
            return repr(owner(asked, ends.client) == SocketOwner(Ownership.HELD, (os.getpid(),), NOBODY))

    assert as_nobody(ask) == "True"


def test_processes_that_end_while_they_are_looked_at(
    server: Servant, monkeypatch: pytest.MonkeyPatch
) -> None:
    inode = int(server.do("os.fstat(server.fileno()).st_ino"))
    pids = [ended_pid(), server.pid, ended_pid()]
    monkeypatch.setattr(psutil, "pids", lambda: pids)
    assert holders({inode}) == (server.pid,)


def test_the_process_may_be_named(server: Servant) -> None:
    assert given_owner(server.pid) == SocketOwner(Ownership.GIVEN, (server.pid,))
    gone = ended_pid()
    with pytest.raises(StallsimError, match=f"`pid=`: {gone}: no such process; allowed: a running"):
        given_owner(gone)
