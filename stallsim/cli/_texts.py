"""Options that are written as text: taken apart, with the option's name in every complaint."""

from ..errors import StallsimError


def size(option: str, text: str) -> int:
    """Bytes, at least one. Raises StallsimError."""
    from ..units import parse_size

    try:
        found = parse_size(text)
    except ValueError as error:
        raise StallsimError(f"{option}: {error}") from None
    if found < 1:
        raise StallsimError(f"{option}: expected at least one byte, got {text!r}")
    return found


def seconds(option: str, text: str) -> float:
    """Raises StallsimError."""
    from ..units import parse_seconds

    try:
        return parse_seconds(text)
    except ValueError as error:
        raise StallsimError(f"{option}: {error}") from None


def pair(option: str, text: str, separator: str, form: str) -> tuple[str, str]:
    """Both sides of the first separator. Raises StallsimError where there is none."""
    key, found, value = text.partition(separator)
    if not found or not key:
        raise StallsimError(f"{option}: expected {form}, got {text!r}")
    return key, value


def headers(header: list[str], cookie: list[str], token: str | None) -> tuple[tuple[str, str], ...]:
    """The fields of the opening handshake. Raises StallsimError for what cannot be one."""
    from ..probing.client.handshake_headers import handshake_headers

    fields = [pair("--header", one, ":", "'NAME: VALUE'") for one in header]
    return handshake_headers(
        fields, dict(pair("--cookie", one, "=", "NAME=VALUE") for one in cookie), token
    )
