"""Masks credentials: they are sent to the server, and never shown or written to a file.

Recordings and reports are shared, and so are the logs of CI. A server can send or print what it was given.
So all text of a server is masked where it enters this program: its name, its reasons, its output.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

from .address import MASK, Address, masked_query
from .spec import Target

_HARMLESS = frozenset({"accept", "accept-language", "cache-control", "origin", "pragma", "user-agent"})
"""Fields of the opening handshake without credentials; any other may contain one, whatever its name."""
_SCHEMES = frozenset({"basic", "bearer", "digest"})
"""Schemes of the Authorization field (RFC 9110 11.4), which are no secrets."""
_SHORT = 4
"""Values of up to this many characters are no secrets; masking them would make other text unreadable."""
_PART = 8
"""So many characters are recognised as the beginning of a longer secret, since a server may cut it."""
_SUBPROTOCOL_MAX = 24
_NAMED = re.compile(
    r"(?:token|secret|passw|passcode|auth|api_?-?key|jwt|credential|session|ticket)"
    r"""[\w-]*["']?\s*[:=]\s*["']?([^\s"'&,;}\0]+)""",
    re.IGNORECASE,
)
"""A credential in a message, in JSON, in a query or in a frame of STOMP, recognised by its name."""


def shown_url(address: Address) -> str:
    """The address without secrets: ``ws://host:80/feed?token=***``."""
    return address._replace(resource=masked_query(address.resource)).url


class Secrets:
    """The credentials that a probe's clients send."""

    def __init__(self, target: Target, address: Address) -> None:
        self._values: list[str] = []
        self.learn(target, address)

    def learn(self, target: Target, address: Address) -> None:
        """Mask the credentials of this target, too."""
        found = {*self._values, *_of_the_query(address.resource), *_of_the_fields(target)}
        found |= {*_of_the_subprotocols(target), *_of_the_messages(target)}
        wanted = {value for value in found if len(value) > _SHORT and value.lower() not in _SCHEMES}
        self._values = sorted(wanted, key=len, reverse=True)

    def masked(self, text: str) -> str:
        """The text with the credentials masked, also where the text was cut within one of them."""
        for value in self._values:
            text = text.replace(value, MASK)
        for value in self._values:
            text = _without_the_end(_without_the_beginning(text, value), value)
        return text


def _without_the_beginning(text: str, value: str) -> str:
    """The text with every beginning of the value masked, of ``_PART`` characters or more."""
    part = value[:_PART]
    before, *pieces = text.split(part) if len(value) > _PART else [text]
    return MASK.join([before, *(piece[_common(piece, value[_PART:]) :] for piece in pieces)])


def _common(one: str, other: str) -> int:
    """The number of characters with which both begin."""
    sizes = (size for size, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(sizes, min(len(one), len(other)))


def _without_the_end(text: str, value: str) -> str:
    """The text, whose first characters are masked if they are the last ones of the value."""
    for size in range(len(value) - 1, _SHORT, -1):
        if text.startswith(value[-size:]):
            return MASK + text[size:]
    return text


def _of_the_query(resource: str) -> Iterator[str]:
    query = resource.partition("?")[2]
    for _, value in parse_qsl(query):
        yield value
    for field in query.split("&"):
        yield field.partition("=")[2]


def _of_the_fields(target: Target) -> Iterator[str]:
    for name, value in target.headers:
        if name.lower() in _HARMLESS:
            continue
        yield value
        if name.lower() == "cookie":
            yield from (cookie.partition("=")[2] for cookie in value.split(";"))
            continue
        yield from value.split()
        scheme, _, code = value.partition(" ")
        if scheme.lower() == "basic":
            yield from _of_basic(code)


def _of_basic(code: str) -> Iterator[str]:
    """The user and the password, and the password alone (RFC 7617 2)."""
    try:
        pair = base64.b64decode(code, validate=True).decode(errors="replace")
    except (ValueError, binascii.Error):
        return
    yield from (pair, pair.partition(":")[2])


def _of_the_subprotocols(target: Target) -> Iterator[str]:
    """A browser cannot add fields, so tokens are offered as subprotocols, behind the real one."""
    for number, name in enumerate(target.subprotocols):
        if number or len(name) > _SUBPROTOCOL_MAX:
            yield name


def _of_the_messages(target: Target) -> Iterator[str]:
    messages = [*(one.message for one in target.hello), *(one.message for one in target.replies)]
    if target.repeated is not None:
        messages.append(target.repeated.message)
    texts = [target.speak or "", *(one.content.decode(errors="replace") for one in messages)]
    for text in texts:
        yield from _NAMED.findall(text)
