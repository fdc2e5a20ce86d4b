"""TLS 1.3 over memory (RFC 8446): bytes from a kernel go in, bytes for a kernel come out.

Both ends of a run use it, so that every byte is in a place where it can be counted.
"""

import ssl
from contextlib import suppress
from functools import cache
from tempfile import NamedTemporaryFile
from typing import NamedTuple

_RECORD_BYTES = 2**14
"""The most plaintext in one record (RFC 8446 5.1)."""
_OVERHEAD_BYTES = 22
"""Bytes that a record adds: its header, the inner content type, and the tag of each
default cipher suite.
"""


class Contexts(NamedTuple):
    """The TLS contexts of both ends."""

    server: ssl.SSLContext
    client: ssl.SSLContext


@cache
def make_contexts(host: str) -> Contexts:
    """The contexts of an end with a certificate for ``host``, an IP address, and of an end that trusts it.

    No session ticket is sent, which would be bytes after the handshake that belong to no frame.
    """
    from .certificate import make_certificate  # noqa: PLC0415 - only a run over TLS needs it

    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for context in (server, client):
        context.minimum_version = ssl.TLSVersion.TLSv1_3
    server.num_tickets = 0
    made = make_certificate(host)
    with NamedTemporaryFile(prefix="stallsim-") as file:  # ssl takes a chain from a file only
        file.write(made.private_key + made.certificate)
        file.flush()
        server.load_cert_chain(file.name)
    client.load_verify_locations(cadata=made.certificate.decode())
    return Contexts(server, client)


def sealed_size(plain_bytes: int) -> int:
    """The bytes on the wire of this many plaintext bytes that are encrypted in one call."""
    return plain_bytes + _OVERHEAD_BYTES * -(-plain_bytes // _RECORD_BYTES)


class Tls:
    """One end of a TLS connection without a socket. ``server_name``: for the client's end."""

    def __init__(self, context: ssl.SSLContext, server_name: str | None = None) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._object = context.wrap_bio(
            self._incoming, self._outgoing, server_side=server_name is None, server_hostname=server_name
        )
        self.version = ""
        """The negotiated version; empty until the handshake is complete."""
        self.closed = False
        """Whether the peer has announced that nothing more will come (close_notify)."""

    def unseal(self, data: bytes) -> bytes:
        """Process received bytes, and return the plaintext of whole records.

        With b"", a client begins the handshake. What TLS itself must send after that is in ``outgoing``.
        Raises ssl.SSLError if the peer violates the protocol.
        """
        self._incoming.write(data)
        plain = bytearray()
        try:
            if not self.version:
                self._object.do_handshake()
                self.version = self._object.version() or ""
            while piece := self._object.read(_RECORD_BYTES):
                plain += piece
            self.closed = True
        except ssl.SSLWantReadError:
            pass  # the rest of a record is still to come
        return bytes(plain)

    def outgoing(self) -> bytes:
        """The bytes that TLS itself must send: its handshake, an alert, an answer to a key update."""
        return self._outgoing.read()

    def seal(self, plain: bytes) -> bytes:
        """The records with this plaintext, once the handshake is complete."""
        self._object.write(plain)
        return self._outgoing.read()

    def close_notify(self) -> bytes:
        """The alert close_notify (RFC 8446 6.1); empty if there was no handshake."""
        if self.version:
            with suppress(ssl.SSLWantReadError):  # the peer's own alert is not waited for
                self._object.unwrap()
        return self._outgoing.read()
