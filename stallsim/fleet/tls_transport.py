"""TLS below clients that are opening: each has an object of its own until it is open.

A parked client needs none: what it reads, it throws away, so nobody has to open the records. TLS expects no
answer to what a server sends, but to a key update that asks for one (RFC 8446 4.6.3), which a client that
has stopped reading does not see either.
"""

import os
import ssl

from ..probing.client.tls_context import tls_context
from ..probing.spec import Target
from ..tls import Tls
from .transport import TlsFailed

_READ_BYTES = 2**14 + 256
"""A whole record (RFC 8446 5.2)."""


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

    def __init__(self, target: Target, server_name: str) -> None:
        """Raises StallsimError where ``ca_file`` is no file of certificates."""
        self._context, self._server_name = tls_context(target), server_name
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
        """What the records held, which may be more than ``most``. Raises TlsFailed."""
        one = self._under_way[fd]
        data = os.read(fd, _READ_BYTES)
        try:
            plain = one.tls.unseal(data) if data else b""
        except ssl.SSLError as error:
            raise TlsFailed(f"TLS: {(error.reason or 'no TLS').replace('_', ' ').lower()}") from None
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
