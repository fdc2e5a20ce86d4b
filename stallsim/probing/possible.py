"""Rejects options that the stream's protocol does not support, before anything is started."""

from collections.abc import Iterable

from ..errors import StallsimError
from .address import parse_url
from .protocols import PROTOCOLS
from .secrets import shown_url
from .spec import Target
from .stalls import Stall


def check_possible(target: Target, protocol: str, stalls: Iterable[Stall]) -> None:
    """Raises StallsimError for messages, subprotocols or a stall that the protocol does not support.

    A file with certificates needs a URL with TLS.
    """
    address = parse_url(target.url)
    kind, url = PROTOCOLS.find(protocol), shown_url(address)
    if target.ca_file is not None and not address.tls:
        raise StallsimError(f"{url}: `ca_file=` needs TLS: use {protocol}s://")
    wanted = {
        "a message to send": target.hello or target.replies or target.repeated,
        "a subprotocol": target.subprotocols,
    }
    for what, given in wanted.items():
        if given and not kind.two_way:
            raise StallsimError(
                f"{url}: {what} is not possible in an {protocol}:// stream, because its client sends "
                "nothing after the request; put what the server needs into the URL or a header"
            )
    for stall in stalls:
        if stall.reads_all and not kind.has_ping:
            raise StallsimError(
                f"stall {stall.name!r}: an {protocol}:// stream has no Ping that a client could leave "
                "without an answer"
            )


def keepalive_stalls(protocol: str) -> tuple[str, ...]:
    """The stalls that show whether a server disconnects a client that answers no Ping."""
    return ("no-pong", "stop-reading") if PROTOCOLS.find(protocol).has_ping else ("stop-reading",)
