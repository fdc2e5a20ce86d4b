"""How a client introduces itself to a server: what a probe and ``open_stalled`` are told alike."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from ...errors import OptionError
from ...option_values import Time
from ..client.handshake_headers import check_subprotocols, handshake_headers
from ..spec import Target
from .checked import checked, texts
from .messages import Answers, Content, Greeting, to_hellos, to_repeated, to_replies, to_spoken

Fields = Mapping[str, str] | Sequence[tuple[str, str]]
"""Names and values, in their order; as pairs, a name may come twice."""


class TargetOptions(TypedDict, total=False):
    """How a client introduces itself."""

    headers: Fields
    cookies: Fields
    token: str
    """A bearer token."""
    subprotocols: Sequence[str]
    hello: Greeting | Sequence[Greeting]
    """Messages, sent once connected: to subscribe. Text is sent as text, bytes as a binary message; the
    second of a pair is sent after a message of the server that the first matches.
    """
    speak: str
    """An application's protocol to join by, and what follows its name: ``mqtt prices/#``."""
    send: Content
    """What the client goes on sending, so that the server answers."""
    every: Time
    """How often (10 ms)."""
    deflate: bool
    """Whether permessage-deflate is offered, as browsers offer it."""
    replies: Answers
    """Messages and what each is answered: an application's heartbeat; a key may end in ``*``."""
    allow_remote: bool
    """Only loopback is stalled unless this says that the server is yours."""
    verify_tls: bool
    ca_file: str
    """A PEM file with the authority that signed the server's certificate."""


def target_of(url: str, options: TargetOptions) -> Target:
    """Raises OptionError for a value of a wrong kind, StallsimError for a field that is none of HTTP."""
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
    """Raises OptionError for what is neither a mapping from text to text nor pairs of texts."""
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
