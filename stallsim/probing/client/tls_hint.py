"""A port of TLS that is asked without it ends the connection without a reason, so it is asked once more."""

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
"""How a record of TLS begins (RFC 8446 5.1)."""


async def with_tls_hint(error: EnvironmentUnfit, target: Target, address: Address) -> EnvironmentUnfit:
    """The same error; where the port answers TLS, it says so, and which URL to use."""
    if address.tls or address.is_unix or _answers_neither(error) or not await _answers_tls(target, address):
        return error
    scheme = address.protocol
    return type(error)(f"{error}; that port speaks TLS: use {scheme}s:// in place of {scheme}://")


def _answers_neither(error: EnvironmentUnfit) -> bool:
    """Whether what came was no HTTP, and no alert of TLS either: then there is nothing to ask for."""
    return isinstance(error, OtherProtocol) and error.begin[:1] != bytes([_ALERT])


async def _answers_tls(target: Target, address: Address) -> bool:
    hello = ssl.MemoryBIO()
    talk = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), hello, server_hostname=address.host)
    with suppress(ssl.SSLWantReadError):  # what is to be sent first is in ``hello`` by then
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
