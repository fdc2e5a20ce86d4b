"""One connection to the server: a socket with the client's options, and TLS if the URL asks for it."""

import socket
import ssl
from dataclasses import dataclass

import trio

from ...errors import EnvironmentUnfit
from ...kernel import options
from ...kernel.diag_socket import TcpState
from ...kernel.tcp_info import read_tcp_info
from ..address import Address
from ..resolving import resolve
from ..secrets import shown_url
from ..spec import Target
from .eager_stream import EagerStream
from .tls_context import tls_context

_CONNECT_S = 10.0
_TCP_WINDOW_CLAMP = 10
_ROOM_BYTES = 2**20


class NotReady(EnvironmentUnfit):
    """The server does not serve the stream yet; a later attempt may succeed."""


class OtherProtocol(NotReady):
    """The server's answer does not belong to the URL's protocol, and a later attempt will hardly change
    that.
    """

    def __init__(self, line: str, begin: bytes = b"") -> None:
        """``begin``: the first bytes of the answer; empty if TLS was expected and the
        answer was not TLS.
        """
        super().__init__(line)
        self.begin = begin


@dataclass(frozen=True)
class ClientConnection:
    """A connection and its socket, whose kernel state can be read at any time."""

    sock: socket.socket
    stream: trio.abc.Stream
    local: tuple[str, int]
    remote: tuple[str, int]
    """The addresses of both ends; without meaning for a unix socket."""

    @property
    def is_unix(self) -> bool:
        """Whether the connection runs over a unix socket instead of TCP."""
        return self.sock.family == socket.AF_UNIX

    @property
    def state(self) -> TcpState:
        """The current TCP state of this end; CLOSE once this program has closed it. A unix socket has no
        TCP state: ESTABLISHED stands for it.
        """
        if not self.alive:
            return TcpState.CLOSE
        return TcpState.ESTABLISHED if self.is_unix else TcpState(read_tcp_info(self.sock).state)

    @property
    def alive(self) -> bool:
        """Whether this program has not closed its end yet."""
        return self.sock.fileno() >= 0

    def make_room(self) -> None:
        """Enlarge the receive buffer, which was small for the stall, so that all waiting bytes arrive
        quickly.
        """
        if self.is_unix:
            return
        options.set_rcvbuf(self.sock, _ROOM_BYTES)
        self.sock.setsockopt(socket.IPPROTO_TCP, _TCP_WINDOW_CLAMP, _ROOM_BYTES)

    def abort(self) -> None:
        """Send RST now; the stream cannot be used any more."""
        if self.alive:
            trio.lowlevel.notify_closing(self.sock)
            options.abort(self.sock)


async def dial(
    target: Target, address: Address, rcvbuf: int | None = None, maxseg: int | None = None
) -> ClientConnection:
    """Connect to the first address of the host that accepts the connection.

    Raises NotReady if none accepts, StallsimError if the server must not be stalled.
    """
    *others, last = await resolve(address, allow_remote=target.allow_remote)
    for host in others:
        try:
            return await _dial(target, address, host, rcvbuf, maxseg)
        except NotReady:
            continue
    return await _dial(target, address, last, rcvbuf, maxseg)


async def _dial(
    target: Target, address: Address, host: str, rcvbuf: int | None, maxseg: int | None
) -> ClientConnection:
    family = socket.AF_UNIX if address.is_unix else socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = trio.socket.socket(family, socket.SOCK_STREAM)
    raw: socket.socket = sock._sock  # type: ignore[attr-defined]  # its kernel is asked without waiting
    try:
        if rcvbuf is not None:
            options.set_rcvbuf(raw, rcvbuf)
        if maxseg is not None and not address.is_unix:
            options.set_maxseg(raw, maxseg)
        with trio.fail_after(_CONNECT_S):
            await sock.connect(host if address.is_unix else (host, address.port))
            plain = EagerStream(sock)
            stream: trio.abc.Stream = plain
            if address.tls:
                secured = trio.SSLStream(
                    plain,
                    tls_context(target),
                    server_hostname="localhost" if address.is_unix else address.host,
                )
                await secured.do_handshake()
                stream = secured
    except (OSError, trio.BrokenResourceError, trio.TooSlowError) as error:
        sock.close()
        raise _refusal(address, error) from None
    except BaseException:
        sock.close()
        raise
    if address.is_unix:
        return ClientConnection(raw, stream, ("", 0), ("", 0))
    return ClientConnection(raw, stream, raw.getsockname()[:2], raw.getpeername()[:2])


def _refusal(address: Address, error: Exception) -> EnvironmentUnfit:
    cause = error.__cause__ if isinstance(error, trio.BrokenResourceError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return EnvironmentUnfit(
            f"{shown_url(address)}: the server's certificate is not trusted ({cause.verify_message}); "
            "name its authority with `ca_file=`, or trust any certificate with `verify_tls=False`"
        )
    if isinstance(error, trio.TooSlowError):
        return NotReady(f"{shown_url(address)}: no connection within {_CONNECT_S:g} s")
    kind = OtherProtocol if _is_no_tls(cause) else NotReady
    return kind(f"{shown_url(address)}: no connection ({cause or error})")


def _is_no_tls(cause: object) -> bool:
    """Whether bytes arrived that are not TLS, or of a TLS version that this program does not support."""
    return isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError)
