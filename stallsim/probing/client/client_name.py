"""The value that replaces ``{client}`` in a URL, a header or a message; each client has one of its own."""

import secrets

from msgspec.structs import replace

from ..address import Address
from ..messages import CLIENT, Hello, Reply
from ..spec import Target

_BYTES = 4


def new_client_name() -> str:
    """Eight random hexadecimal digits, so that the name differs from those of earlier probes, too."""
    return secrets.token_hex(_BYTES)


def named(target: Target, address: Address, client: str) -> tuple[Target, Address]:
    """The target and the address with ``{client}`` replaced by that client's name."""
    repeated = target.repeated
    own = replace(
        target,
        headers=tuple((name, value.replace(CLIENT, client)) for name, value in target.headers),
        hello=tuple(
            Hello(one.message.named(client), one.after.named(client) if one.after else None)
            for one in target.hello
        ),
        replies=tuple(Reply(one.to.named(client), one.message.named(client)) for one in target.replies),
        repeated=replace(repeated, message=repeated.message.named(client)) if repeated else None,
        speak=target.speak.replace(CLIENT, client) if target.speak else None,
    )
    return own, address._replace(resource=address.resource.replace(CLIENT, client))
