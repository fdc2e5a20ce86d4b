"""What a client that is opening reads and writes: its descriptor's bytes as they are, or those within TLS.

Over TLS each client has an object of its own until it is open. A parked one needs none: what it reads, it
throws away, so nobody has to open the records, and TLS expects no answer to what a server sends (of a key
update that asks for one, RFC 8446 4.6.3, a client that has stopped reading sees nothing either).
"""

import os
import ssl
from typing import Protocol

from ..probing.address import Address
from ..probing.client.tls_context import tls_context
from ..probing.spec import Target
from ..tls import Tls

_READ_BYTES = 2**14 + 256
"""A whole record (RFC 8446 5.2)."""


class Transport(Protocol):
    """Raises OSError as the system calls do, BlockingIOError where there is nothing to do yet."""

    def write(self, fd: int, data: bytes, /) -> object:
        """All of it, which fits: little else has been written."""
        ...

    def read(self, fd: int, most: int, /) -> bytes:
        """Some of what has come; b"": nothing more will."""
        ...

    def forget(self, fd: int, /) -> None:
        """The client is open, or will never be."""
        ...


class PlainTransport:
    """The system calls themselves."""

    write = staticmethod(os.write)
    read = staticmethod(os.read)

    def forget(self, fd: int, /) -> None:
        """There is nothing to forget."""


class _Handshake:
    """One client's TLS while it opens."""

    def __init__(self, tls: Tls) -> None:
        self.tls = tls
        tls.unseal(b"")
        self.out = tls.outgoing()
        self.request = b""
        """What waits for the end of the handshake."""


class TlsTransport:
    """The first write begins the handshake of TLS, and goes out behind it."""

    def __init__(self, context: ssl.SSLContext, server_name: str) -> None:
        self._context, self._server_name = context, server_name
        self._under_way: dict[int, _Handshake] = {}

    def write(self, fd: int, data: bytes, /) -> None:
        """Raises BlockingIOError while there is no connection yet: then it is called again."""
        one = self._under_way.get(fd)
        if one is None:
            one = self._under_way[fd] = _Handshake(Tls(self._context, self._server_name))
        if one.tls.version:
            one.out += one.tls.seal(data)
        else:
            one.request = data
        self._send(fd, one)

    def read(self, fd: int, most: int, /) -> bytes:
        """What the records held, which may be more than ``most``. Raises ssl.SSLError."""
        one = self._under_way[fd]
        data = os.read(fd, _READ_BYTES)
        plain = one.tls.unseal(data) if data else b""
        one.out += one.tls.outgoing()
        if one.tls.version and one.request:
            one.out += one.tls.seal(one.request)
            one.request = b""
        if one.out and data:
            self._send(fd, one)
        if data and not plain and not one.tls.closed:
            raise BlockingIOError
        return plain

    def forget(self, fd: int, /) -> None:
        """The connection stays as it is."""
        self._under_way.pop(fd, None)

    def _send(self, fd: int, one: _Handshake) -> None:
        if one.out:
            os.write(fd, one.out)
            one.out = b""


def transport_of(target: Target, address: Address) -> Transport:
    """Raises StallsimError where ``ca_file`` is no file of certificates."""
    if not address.tls:
        return PlainTransport()
    return TlsTransport(tls_context(target), address.host)
