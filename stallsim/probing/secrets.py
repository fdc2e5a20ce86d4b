"""Masks credentials: they are sent to the server, and never written to a recording or a report.

Recordings and reports are shared. So the values of a URL's query are masked in them, and so are
credentials that the server prints.
"""

from urllib.parse import parse_qsl

from .address import Address
from .spec import Target

MASK = "***"
_CREDENTIALS = frozenset({"authorization", "cookie", "proxy-authorization", "x-api-key"})
_SHORT = 4
"""Values of up to this many characters are no secrets; masking them would make other text unreadable."""


def shown_url(address: Address) -> str:
    """The address without secrets: ``ws://host:80/feed?token=***``."""
    path, question, query = address.resource.partition("?")
    masked = "&".join(
        name + equals + (MASK if value else "")
        for name, equals, value in (field.partition("=") for field in query.split("&"))
    )
    return address._replace(resource=path + question + masked).url


class Secrets:
    """The credentials of one client."""

    def __init__(self, target: Target, address: Address) -> None:
        query = address.resource.partition("?")[2]
        values = [value for _, value in parse_qsl(query)]
        values += [field.partition("=")[2] for field in query.split("&")]
        for name, value in target.headers:
            if name.lower() in _CREDENTIALS:
                values += [value, *value.replace(";", " ").replace("=", " ").split()]
        wanted = {value for value in values if len(value) > _SHORT and value.lower() not in _SCHEMES}
        self._values = sorted(wanted, key=len, reverse=True)

    def masked(self, text: str) -> str:
        """The text with the credentials masked."""
        for value in self._values:
            text = text.replace(value, MASK)
        return text


_SCHEMES = frozenset({"basic", "bearer", "digest"})
"""Schemes of the Authorization field (RFC 9110 11.4), which are no secrets."""
