"""The fields that a client adds to its opening handshake: checked before anything is sent."""

from collections.abc import Mapping, Sequence

from ...errors import StallsimError

Fields = tuple[tuple[str, str], ...]


def handshake_headers(
    headers: Sequence[tuple[str, str]], cookies: Mapping[str, str] | None = None, token: str | None = None
) -> Fields:
    """Headers, cookies and a bearer token. Raises StallsimError for what cannot be a field of HTTP."""
    fields = list(headers)
    if cookies:
        fields.append(("Cookie", "; ".join(f"{key}={value}" for key, value in cookies.items())))
    if token is not None:
        fields.append(("Authorization", f"Bearer {token}"))
    for name, value in fields:
        if not (name + value).isascii() or not (name + value).isprintable() or " " in name.strip():
            raise StallsimError(f"header {name!r}: a field of HTTP is printable ASCII on one line")
    return tuple((name.strip(), value.strip()) for name, value in fields)
