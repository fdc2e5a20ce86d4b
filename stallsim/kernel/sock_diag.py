"""Reads any process's TCP socket from the kernel by ``NETLINK_SOCK_DIAG``, which every user may do.

That needs no privilege and no descriptor of the socket: two addresses and two ports identify it, and
swapped they identify the other end of a connection within one machine. The answers are about the network
namespace in which the netlink socket was opened. Layouts and numbers: include/uapi/linux/inet_diag.h,
netlink.h; sock_diag(7), netlink(7).
"""

import errno
import os
import socket
import struct
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from ..errors import Unavailable
from .diag_socket import EXTENSIONS, OF_MANY, DiagSocket, TcpState, unpack_diag
from .netlink import ATTRIBUTE, DONE, ERROR, HEADER, DiagNetlink, messages, stride
from .tcp_info import require_tcp_info

Address = tuple[str, int] | tuple[str, int, int, int]
"""An address as ``getsockname()`` returns it, or ``getpeername()`` while the connection exists."""

_SOCK_DIAG_BY_FAMILY = 20
_TCPDIAG_GETSOCK = 18
"""The older request, which the kernel answers with both families in one walk over its table."""
_NLM_F_REQUEST, _NLM_F_ACK, _NLM_F_DUMP = 0x1, 0x4, 0x300
_PROTOCOL = socket.IPPROTO_TCP
_BYTECODE = 1
"""``INET_DIAG_REQ_BYTECODE``."""
_NO_COOKIE = b"\xff" * 8
_ALL_STATES = 0xFFFFFFFF
_RECEIVE_BYTES = 32768
"""The largest datagram of a dump, in bytes (netlink_dump, net/netlink/af_netlink.c)."""

_REQUEST = struct.Struct("=IHHII BBBx I 2s2s16s16sI8s")
"""The header and ``struct inet_diag_req_v2``; ports and addresses are in network byte order."""
_OLD_REQUEST = struct.Struct("=IHHII xxxB 2s2s16s16sI8s II")
"""The header and ``struct inet_diag_req``."""
_ERROR = struct.Struct("=i")
_ANY_HOST: dict[int, str] = {socket.AF_INET: "0.0.0.0", socket.AF_INET6: "::"}
FAMILIES = tuple(_ANY_HOST)
LISTENING = 1 << TcpState.LISTEN
CONNECTED = (
    1 << TcpState.ESTABLISHED
    | 1 << TcpState.FIN_WAIT1
    | 1 << TcpState.CLOSE_WAIT
    | 1 << TcpState.LAST_ACK
    | 1 << TcpState.CLOSING
)
"""States in which bytes can wait to be sent or read; not TIME-WAIT, in which very many sockets may be."""


class SockDiag(DiagNetlink):
    """A netlink socket for requests; close it, or use it as a context manager.

    The kernel answers within the system call of the request, so no method ever waits.
    """

    def __init__(self, only: bytes = b"") -> None:
        """``only``: the bytecode that filters a dump (``diag_filter``); empty: every socket.

        Raises Unavailable if the kernel does not answer, EnvironmentUnfit before Linux 5.4.
        """
        require_tcp_info()
        self._only = _attribute(only) if only else b""
        super().__init__(_unavailable)
        self._sequence = 0
        try:
            self._require_answers()
        except BaseException:
            self.close()
            raise

    def lookup(self, own: Address, peer: Address) -> DiagSocket | None:
        """The end at ``own`` of the connection with ``peer``, at about 15 us; None if there is none."""
        message = self.find(own, peer)
        found = None if message is None else unpack_diag(message)
        return None if found is None or found.state is TcpState.LISTEN else found

    def listeners(self, port: int) -> list[DiagSocket]:
        """All sockets that listen on that port, on any address; several with SO_REUSEPORT."""
        return [unpack_diag(message) for message in self.dump(port, LISTENING)]

    def dump(self, port: int, states: int, families: tuple[int, ...] = FAMILIES) -> list[bytes]:
        """All sockets with this own port, as ``unpack_diag`` and ``Glances`` read them; port 0: any port.

        ``states``: a set of bits, as LISTENING and CONNECTED. The kernel compares the port, so the sockets
        of other servers cost about 1 us each. The table may change meanwhile: a socket that comes or goes
        may be missing, or occur twice.
        """
        datagrams = self.datagrams(port, states, families)
        return [message for datagram in datagrams for message in _sockets(datagram)]

    def datagrams(
        self,
        port: int,
        states: int,
        families: tuple[int, ...] = FAMILIES,
        peer_port: int = 0,
        extensions: int = OF_MANY,
    ) -> list[bytes]:
        """``dump`` as the kernel sends it: some 70 sockets per datagram, as ``SocketRows`` reads them.

        ``peer_port``: only sockets whose peer has this port; 0: any. ``extensions``: the attributes that
        the kernel is to add (``idiag_ext``).
        """
        both = set(families) == set(FAMILIES)
        found = []
        for family in (None,) if both else families:
            self._sequence = (self._sequence + 1) % 2**32
            if family is None:
                question = self._old_question(port, peer_port, states, extensions)
            else:
                any_host = _ANY_HOST[family]
                own, peer = (any_host, port), (any_host, peer_port)
                question = self._question(_NLM_F_DUMP, family, states, own, peer, extensions, self._only)
            found += self._ask(question)
        return found

    def _old_question(self, port: int, peer_port: int, states: int, extensions: int) -> bytes:
        host = bytes(16)
        return (
            _OLD_REQUEST.pack(
                _OLD_REQUEST.size + len(self._only), _TCPDIAG_GETSOCK, _NLM_F_REQUEST | _NLM_F_DUMP,
                self._sequence, 0, extensions, port.to_bytes(2), peer_port.to_bytes(2),
                host, host, 0, _NO_COOKIE,
                states, 0,
            )
            + self._only
        )  # fmt: skip

    def find(self, own: Address, peer: Address) -> bytes | None:
        """``lookup`` as bytes; the listener at ``own`` if there is no such connection."""
        family = socket.AF_INET if isinstance(_host(own[0]), IPv4Address) else socket.AF_INET6
        self._sequence = (self._sequence + 1) % 2**32
        found = self._ask(self._question(_NLM_F_ACK, family, _ALL_STATES, own, peer))
        return next((message for datagram in found for message in _sockets(datagram)), None)

    def _question(
        self,
        flags: int,
        family: int,
        states: int,
        own: Address,
        peer: Address,
        extensions: int = EXTENSIONS,
        attribute: bytes = b"",
    ) -> bytes:
        scope = next((address[3] for address in (own, peer) if len(address) == 4), 0)
        question = _REQUEST.pack(
            _REQUEST.size + len(attribute), _SOCK_DIAG_BY_FAMILY, _NLM_F_REQUEST | flags, self._sequence, 0,
            family, _PROTOCOL, extensions, states,
            own[1].to_bytes(2), peer[1].to_bytes(2), _host(own[0]).packed, _host(peer[0]).packed,
            scope, _NO_COOKIE,
        )  # fmt: skip
        return question + attribute

    def _ask(self, question: bytes) -> list[bytes]:
        """The datagrams of the answer; none if there is no such socket. Raises Unavailable."""
        try:
            self._netlink.send(question)
            return list(self._answers())
        except OSError as error:
            raise _unavailable(error) from error

    def _answers(self) -> Iterator[bytes]:
        """The datagrams with sockets in them, until the kernel marks the end."""
        while True:
            datagram = self._netlink.recv(_RECEIVE_BYTES)
            _, _, _, sequence, _ = HEADER.unpack_from(datagram)
            if sequence != self._sequence:
                continue  # the answer to an interrupted request
            yield datagram
            if stride(datagram):
                continue  # the datagram contains only sockets
            for kind, message in messages(datagram):
                if kind == ERROR:
                    (number,) = _ERROR.unpack_from(message)
                    if number not in (0, -errno.ENOENT):
                        raise OSError(-number, os.strerror(-number))
                if kind in (ERROR, DONE):
                    return

    def _require_answers(self) -> None:
        """Check that the kernel answers, by a request about a socket of this process. Without its module
        ``tcp_diag``, the kernel reports no socket at all.
        """
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen()
            if self.find(listening.getsockname(), ("127.0.0.1", 0)) is None:
                raise _unavailable(OSError(errno.ENOENT, "it does not see this process's own socket"))


def _sockets(datagram: bytes) -> Iterator[bytes]:
    return (message for kind, message in messages(datagram) if kind not in (ERROR, DONE))


def _attribute(bytecode: bytes) -> bytes:
    return ATTRIBUTE.pack(ATTRIBUTE.size + len(bytecode), _BYTECODE) + bytecode


@lru_cache
def _host(written: str) -> IPv4Address | IPv6Address:
    """The address; IPv4 also if it is written as IPv6 (RFC 4291 2.5.5.2), since the kernel treats both
    alike.
    """
    host = ip_address(written)
    return (isinstance(host, IPv6Address) and host.ipv4_mapped) or host


def _unavailable(error: OSError) -> Unavailable:
    return Unavailable(
        "sock_diag",
        f"the kernel does not report the sockets of other processes ({error.strerror})",
        "allow netlink sockets here (NETLINK_SOCK_DIAG), or load the kernel modules inet_diag and tcp_diag",
    )
