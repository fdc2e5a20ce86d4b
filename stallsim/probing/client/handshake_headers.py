"""The header fields that a client adds to its opening handshake, checked before anything is sent."""

import re
from collections.abc import Mapping, Sequence

from ...errors import StallsimError

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
"""The characters of a token (RFC 9110 5.6.2)."""
_OURS = frozenset({"connection", "content-length", "host", "transfer-encoding", "upgrade"})
Fields = tuple[tuple[str, str], ...]


def handshake_headers(
    headers: Sequence[tuple[str, str]], cookies: Mapping[str, str] | None = None, token: str | None = None
) -> Fields:
    """Headers, cookies and a bearer token as fields. Raises StallsimError for an invalid HTTP field."""
    fields = list(headers)
    if cookies:
        fields.append(("Cookie", "; ".join(f"{key}={value}" for key, value in cookies.items())))
    if token is not None:
        fields.append(("Authorization", f"Bearer {token}"))
    checked = tuple((name.strip(" \t"), value.strip(" \t")) for name, value in fields)
    for name, value in checked:
        _check(name, value)
    return checked


def check_subprotocols(subprotocols: Sequence[str]) -> None:
    """Raises StallsimError for a name that is not a valid subprotocol (RFC 6455 4.1)."""
    for one in subprotocols:
        if not _TOKEN.fullmatch(one):
            raise StallsimError(f"subprotocol {one!r}: expected a token of HTTP: ASCII without spaces")
        if list(subprotocols).count(one) > 1:
            raise StallsimError(f"subprotocol {one!r}: it is offered twice; allowed: once")


def _check(name: str, value: str) -> None:
    if not _TOKEN.fullmatch(name):
        raise StallsimError(f"header {name!r}: a field's name is a token of HTTP (RFC 9110 5.6.2)")
    if name.lower() in _OURS or name.lower().startswith("sec-websocket-"):
        raise StallsimError(f"header {name!r}: stallsim itself sets this field of the opening handshake")
    if not value.isascii() or not value.replace("\t", " ").isprintable():
        raise StallsimError(f"header {name!r}: a field's value is printable ASCII on one line")
