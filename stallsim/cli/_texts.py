"""Options that are written as text: they are parsed here, and each error names its option."""

from pathlib import Path

from ..errors import OptionError

_TOKEN_MAX = 8192


def pair(option: str, text: str, separator: str, form: str) -> tuple[str, str]:
    """Both sides of the first separator. Raises OptionError where there is none."""
    key, found, value = text.partition(separator)
    if not found or not key:
        raise OptionError(option, f"expected {form}, got {text!r}")
    return key, value


def token_of(token: str | None, file: str | Path | None) -> str | None:
    """The bearer token, however it was given. Raises OptionError."""
    if file is None:
        return token
    try:
        # a text where it comes from typer's context, which converts nothing
        with Path(file).open(encoding="ascii") as lines:
            found = lines.readline(_TOKEN_MAX).strip()
    except (OSError, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not ASCII text"
        raise OptionError("token_file", f"{file}: cannot be read: {why}") from None
    if not found:
        raise OptionError("token_file", f"{file}: its first line is empty; expected the token there")
    return found
