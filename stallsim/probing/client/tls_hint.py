"""Adds a hint to an error if the port speaks TLS and the URL does not; a second connection finds that out.

A server that expects TLS ends a connection without TLS and gives no reason.
"""

import ssl
from contextlib import suppress

import trio

from ...errors import EnvironmentUnfit
from ..address import Address
from ..resolving import resolve
from ..spec import Target
from .connection import OtherProtocol

_PATIENCE_S = 1.0
_ALERT, _HANDSHAKE, _VERSION = 21, 22, 3
"""The types of record that a TLS server sends first, and the first byte of its version (RFC 8446 5.1)."""


async def with_tls_hint(error: EnvironmentUnfit, target: Target, address: Address) -> EnvironmentUnfit:
    """The same error; if the port speaks TLS, its message also names the URL to use."""
    if address.tls or address.is_unix or _answers_neither(error) or not await _answers_tls(target, address):
        return error
    scheme = address.protocol
    return type(error)(f"{error}; this port expects TLS: use {scheme}s:// instead of {scheme}://")


def _answers_neither(error: EnvironmentUnfit) -> bool:
    """Whether the answer was neither HTTP nor a TLS alert; then a second connection is pointless."""
    return isinstance(error, OtherProtocol) and error.begin[:1] != bytes([_ALERT])


async def _answers_tls(target: Target, address: Address) -> bool:
    hello = ssl.MemoryBIO()
    talk = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), hello, server_hostname=address.host)
    with suppress(ssl.SSLWantReadError):  # the first message to send is in ``hello`` by then
        talk.do_handshake()
    with trio.move_on_after(_PATIENCE_S):
        try:
            host, *_ = await resolve(address, allow_remote=target.allow_remote)
            async with await trio.open_tcp_stream(host, address.port) as stream:
                await stream.send_all(hello.read())
                begin = bytes(await stream.receive_some(2))
        except (OSError, trio.BrokenResourceError):
            return False
        return len(begin) > 1 and begin[0] in (_ALERT, _HANDSHAKE) and begin[1] == _VERSION
    return False
