"""The options for how a client joins a server; a probe and ``open_stalled`` share them."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from ...errors import OptionError
from ...option_values import Time
from ..client.handshake_headers import check_subprotocols, handshake_headers
from ..spec import Target
from .checked import checked, texts
from .messages import Answers, Content, Greeting, to_hellos, to_repeated, to_replies, to_spoken

Fields = Mapping[str, str] | Sequence[tuple[str, str]]
"""Names and values in order; as pairs, a name may occur twice."""


class TargetOptions(TypedDict, total=False):
    """The options for how a client joins a server."""

    headers: Fields
    cookies: Fields
    token: str
    """A bearer token."""
    subprotocols: Sequence[str]
    hello: Greeting | Sequence[Greeting]
    """Messages sent once connected, to subscribe, say. Text is sent as text, bytes as a binary message;
    the second of a pair is sent after a message of the server that matches the first.
    """
    speak: str
    """The application's protocol for joining, and its argument: ``mqtt prices/#``."""
    send: Content
    """A message that the client sends repeatedly, so that the server answers."""
    every: Time
    """The time between two of these messages (10 ms)."""
    deflate: bool
    """Whether permessage-deflate is offered, as browsers offer it."""
    replies: Answers
    """Messages of the server and the client's answers (heartbeats); a key may end in ``*``."""
    allow_remote: bool
    """Whether a server on another machine may be stalled, because it is the user's own."""
    verify_tls: bool
    ca_file: str
    """A PEM file with the certificate of the authority that signed the server's."""


def target_of(url: str, options: TargetOptions) -> Target:
    """The target that these options describe. Raises OptionError for a value of the wrong type,
    StallsimError for an invalid HTTP field.
    """
    subprotocols = texts("subprotocols", options.get("subprotocols", ()))
    target = Target(
        url=url,
        headers=handshake_headers(
            _pairs("headers", options.get("headers")),
            dict(_pairs("cookies", options.get("cookies"))),
            options.get("token"),
        ),
        subprotocols=subprotocols,
        hello=to_hellos("hello", options.get("hello", ())),
        replies=to_replies("replies", options.get("replies", {})),
        repeated=to_repeated(options.get("send"), options.get("every")),
        speak=to_spoken(options.get("speak")),
        deflate=options.get("deflate", False),
        allow_remote=options.get("allow_remote", False),
        verify_tls=options.get("verify_tls", True),
        ca_file=options.get("ca_file"),
    )
    target = checked(target)
    check_subprotocols(subprotocols)
    return target


def _pairs(option: str, given: object) -> list[tuple[str, str]]:
    """The option's names and values as pairs. Raises OptionError for values of other types."""
    pairs = list(given.items()) if isinstance(given, Mapping) else given or []
    if isinstance(pairs, str) or not isinstance(pairs, Sequence):
        raise OptionError(option, f"expected a mapping from text to text, got {given!r}")
    for pair in pairs:
        match pair:
            case (str(), str()) if not isinstance(pair, str):
                continue
            case _:
                raise OptionError(option, f"expected a mapping from text to text, got {given!r}")
    return [(name, value) for name, value in pairs]
