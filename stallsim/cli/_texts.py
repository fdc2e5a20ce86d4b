"""Options that are written as text: taken apart, with the option's name in every complaint."""

from pathlib import Path

from ..errors import StallsimError

_TOKEN_MAX = 8192


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


def utf8(option: str, text: str) -> bytes:
    """Raises StallsimError for what the shell has passed on and is no text."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise StallsimError(f"{option}: {text!r} is not UTF-8 text") from None


def subprotocols(names: list[str]) -> tuple[str, ...]:
    """Raises StallsimError for what cannot be one."""
    from ..probing.client.handshake_headers import check_subprotocols

    check_subprotocols(names)
    return tuple(names)


def token_of(token: str | None, file: Path | None) -> str | None:
    """The bearer token, however it was given. Raises StallsimError."""
    if file is None:
        return token
    try:
        with file.open(encoding="ascii") as lines:
            found = lines.readline(_TOKEN_MAX).strip()
    except (OSError, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not ASCII text"
        raise StallsimError(f"--token-file: {file}: cannot be read: {why}") from None
    if not found:
        raise StallsimError(f"--token-file: {file}: its first line is empty; expected the token there")
    return found


def headers(header: list[str], cookie: list[str], token: str | None) -> tuple[tuple[str, str], ...]:
    """The fields of the opening handshake. Raises StallsimError for what cannot be one."""
    from ..probing.client.handshake_headers import handshake_headers

    fields = [pair("--header", one, ":", "'NAME: VALUE'") for one in header]
    return handshake_headers(
        fields, dict(pair("--cookie", one, "=", "NAME=VALUE") for one in cookie), token
    )
