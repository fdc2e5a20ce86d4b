"""Requests to sock_diag: for sockets that exist, that do not exist, and to kernels that refuse."""

import ctypes
import errno
import os
import platform
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from stallsim.errors import Unavailable
from stallsim.kernel import sock_diag
from stallsim.kernel.diag_socket import TcpState
from stallsim.kernel.sock_diag import SockDiag

from .connections import connect, connected, listen
from .nobody import NOBODY, as_nobody

pytestmark = pytest.mark.loopback
SOCKET_CALL = {"x86_64": 41, "aarch64": 198}
"""The number of socket(2), by machine."""
IPPROTO_DCCP = 33


@pytest.fixture
def diag() -> Iterator[SockDiag]:
    with SockDiag() as asked:
        yield asked


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_listener_is_no_connection(host: str, diag: SockDiag) -> None:
    with listen(host) as listener, listen(host) as other:
        nobody = other.getsockname()
        assert diag.lookup(listener.getsockname(), nobody) is None
        assert diag.lookup(nobody, listener.getsockname()) is None


def test_a_connection_that_is_not_accepted_belongs_to_no_process(diag: SockDiag) -> None:
    with listen("127.0.0.1") as listener, connect(listener, "127.0.0.1") as client:
        waiting = diag.lookup(client.getpeername(), client.getsockname())
        assert waiting is not None
        assert (waiting.state, waiting.inode) == (TcpState.ESTABLISHED, 0)
        (listening,) = diag.listeners(listener.getsockname()[1])
        assert (listening.state, listening.rqueue) == (TcpState.LISTEN, 1)


def test_a_socket_belongs_to_the_user_who_made_it() -> None:
    def ask() -> str:
        with listen("127.0.0.1") as listener, connected(listener, "127.0.0.1") as ends, SockDiag() as asked:
            found = asked.lookup(ends.server_at, ends.client_at)
            return str(found and found.uid)

    assert as_nobody(ask) == str(NOBODY)


def test_all_that_listen_on_a_port_are_found(diag: SockDiag) -> None:
    """So many that the kernel needs several datagrams to tell."""
    with ExitStack() as stack:
        first = stack.enter_context(socket.create_server(("127.0.0.1", 0), reuse_port=True))
        port = first.getsockname()[1]
        more = [
            stack.enter_context(socket.create_server(("127.0.0.1", port), reuse_port=True))
            for _ in range(150)
        ]
        ipv6 = stack.enter_context(socket.create_server(("::1", port), family=socket.AF_INET6))
        elsewhere = stack.enter_context(listen("127.0.0.1"))
        client = stack.enter_context(connect(elsewhere, "127.0.0.1"))
        listeners = diag.listeners(port)
        assert {one.state for one in listeners} == {TcpState.LISTEN}
        assert sorted(one.inode for one in listeners) == sorted(
            os.fstat(one.fileno()).st_ino for one in [first, *more, ipv6]
        )
        assert diag.listeners(client.getsockname()[1]) == []


def test_an_interrupted_question_leaves_no_answer_for_the_next(
    diag: SockDiag, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: SockDiag) -> Iterator[bytes]:
        raise KeyboardInterrupt

    with listen("127.0.0.1") as listener, connected(listener, "127.0.0.1") as ends:
        with monkeypatch.context() as patched:
            patched.setattr(SockDiag, "_answers", interrupt)
            with pytest.raises(KeyboardInterrupt):
                diag.lookup(ends.server_at, ends.client_at)
        client = diag.lookup(ends.client_at, ends.server_at)
        assert client is not None
        assert client.inode == os.fstat(ends.client.fileno()).st_ino


def test_a_kernel_without_the_answer_is_not_taken_for_one_without_the_socket(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sock_diag, "_PROTOCOL", IPPROTO_DCCP)
    with pytest.raises(Unavailable, match=r"does not see this process's own socket.*inet_diag"):
        SockDiag()


@pytest.mark.skipif(platform.machine() not in SOCKET_CALL, reason="socket(2) has another number here")
@pytest.mark.parametrize("refusal", [errno.EPERM, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT])
def test_netlink_that_is_refused_is_one_clear_line(refusal: int) -> None:
    def ask() -> str:
        refuse_netlink(refusal)
        try:
            SockDiag()
        except Unavailable as error:
            return str(error)
        return "it was not refused"

    said = as_nobody(ask)
    assert said.startswith("sock_diag: the kernel does not report the sockets of other processes ")
    assert f"({os.strerror(refusal)})" in said
    assert "NETLINK_SOCK_DIAG" in said
    assert "\n" not in said


def refuse_netlink(refusal: int) -> None:
    """From now on, for this process: as a container's seccomp profile would (seccomp(2))."""
    load, jump_if_equal, answer = 0x20, 0x15, 0x06
    instructions = [
        (load, 0, 0, 0),  # seccomp_data.nr
        (jump_if_equal, 0, 3, SOCKET_CALL[platform.machine()]),
        (load, 0, 0, 16),  # seccomp_data.args[0]
        (jump_if_equal, 0, 1, socket.AF_NETLINK),
        (answer, 0, 0, 0x00050000 | refusal),  # SECCOMP_RET_ERRNO
        (answer, 0, 0, 0x7FFF0000),  # SECCOMP_RET_ALLOW
    ]
    code = b"".join(struct.pack("=HBBI", *one) for one in instructions)
    program = ctypes.create_string_buffer(code, len(code))
    fprog = ctypes.create_string_buffer(struct.pack("@HP", len(instructions), ctypes.addressof(program)))
    libc = ctypes.CDLL(None, use_errno=True)
    set_no_new_privs, set_seccomp, mode_filter = 38, 22, 2
    assert libc.prctl(set_no_new_privs, 1, 0, 0, 0) == 0
    assert libc.prctl(set_seccomp, mode_filter, fprog, 0, 0) == 0, os.strerror(ctypes.get_errno())
