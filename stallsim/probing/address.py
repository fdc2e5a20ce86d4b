"""The address of a server, parsed from its URL.

The module does not import trio, since the processes that hold a fleet are to stay small.
"""

import os
import re
from typing import NamedTuple
from urllib.parse import urlsplit

from ..errors import StallsimError
from ..option_values import to_text
from .protocols import PROTOCOLS

_UNIX_PATH_MAX = 107
"""Bytes in ``sun_path`` (unix(7)), without the terminating NUL."""
_PORT, _TLS_PORT = 80, 443
_USUAL = "ws"
MASK = "***"
_QUERY, _VALUE = re.compile(r"[?#]"), re.compile(r"=[^&#]+")
_USER = re.compile(r"(?<=//)[^/?#]*@")


class Address(NamedTuple):
    """A URL in its parts (RFC 6455 3)."""

    host: str
    """A name, a numeric address, or the path of a unix socket."""
    port: int
    tls: bool
    resource: str
    """Path and query, as they stand in the request line."""
    protocol: str = _USUAL
    """The name of a protocol in ``probing.protocols``."""

    @property
    def is_unix(self) -> bool:
        """Whether the address is that of a unix socket, which has no port."""
        return self.host.startswith("/")

    @property
    def wants_a_port(self) -> bool:
        """Whether the port is 0, so that a free one has still to be chosen."""
        return not self.port and not self.is_unix

    @property
    def host_header(self) -> str:
        """The value of the Host field. It contains the port only if that is not the scheme's default (RFC
        6455 4.1).
        """
        if self.is_unix:
            return "localhost"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (_TLS_PORT if self.tls else _PORT) else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The address as one URL, with its port."""
        if self.is_unix:
            return f"{self.protocol}{'s' if self.tls else ''}+unix:{self.host}:{self.resource}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.protocol}{'s' if self.tls else ''}://{host}:{self.port}{self.resource}"


def parse_url(url: str) -> Address:
    """Parse a URL. Raises StallsimError, whose message names the fault and the allowed forms.

    ``ws+unix:/run/app.sock:/resource`` is the URL of a unix socket.
    """
    to_text("url", url)
    shown = shown_text(url)
    if any(not char.isprintable() or char.isspace() for char in url):
        raise StallsimError(f"URL {shown!r}: spaces and control characters are not allowed; {_allowed()}")
    scheme, over_unix, rest = url.partition("+unix:")
    if over_unix:
        return _parse_unix(url, shown, scheme.lower(), rest)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise StallsimError(f"URL {shown!r}: {error}; {_allowed()}") from None
    protocol, tls = _read_scheme(parts.scheme)
    if protocol not in PROTOCOLS.names() or not parts.hostname:
        raise StallsimError(f"URL {shown!r}: not the URL of a stream; {_allowed()}")
    if parts.fragment or parts.username is not None:
        raise StallsimError(
            f"URL {shown!r}: a stream's URL has no fragment and no user (RFC 6455 3, RFC 9110 4.2); "
            "give credentials as a token or a header"
        )
    if not url.isascii():
        raise StallsimError(
            f"URL {shown!r}: characters outside ASCII must be percent-encoded; {_allowed()}"
        )
    resource = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(
        host=parts.hostname,
        port=(_TLS_PORT if tls else _PORT) if port is None else port,
        tls=tls,
        resource=resource,
        protocol=protocol,
    )


def _parse_unix(url: str, shown: str, scheme: str, rest: str) -> Address:
    protocol, tls = _read_scheme(scheme)
    path, _, resource = rest.removeprefix("//").partition(":")
    if protocol not in PROTOCOLS.names() or not path or not url.isascii():
        raise StallsimError(f"URL {shown!r}: not the URL of a unix socket; {_allowed()}")
    path = os.path.abspath(path)  # noqa: PTH100 - changes a text and does not read the file system
    if len(path) > _UNIX_PATH_MAX:
        raise StallsimError(f"URL {shown!r}: a unix socket's path has {_UNIX_PATH_MAX} bytes at most")
    return Address(host=path, port=0, tls=tls, resource=resource or "/", protocol=protocol)


def masked_query(text: str) -> str:
    """The text of a URL, or of its end, with the values of its query masked."""
    begin = _QUERY.search(text)
    at = begin.end() if begin else len(text)
    return text[:at] + _VALUE.sub(f"={MASK}", text[at:])


def shown_text(url: str) -> str:
    """What may be shown of a text that should be a URL: without its user and the values of its query."""
    return masked_query(_USER.sub(f"{MASK}@", url))


def _allowed() -> str:
    """All supported schemes, each without and with TLS; the WebSocket scheme comes first."""
    known = sorted(PROTOCOLS.names(), key=lambda name: name != _USUAL)
    first, *others = [f"{name}{over_tls}://" for name in known for over_tls in ("", "s")]
    return f"allowed: {first}HOST[:PORT][/PATH], {', '.join(others)}, or {_USUAL}+unix:/SOCKET[:/PATH]"


def _read_scheme(scheme: str) -> tuple[str, bool]:
    """The protocol's name, and whether the scheme means TLS, as one with an additional ``s`` at its end
    does.
    """
    over_tls = scheme not in PROTOCOLS.names() and scheme.endswith("s")
    return (scheme[:-1], True) if over_tls else (scheme, False)
