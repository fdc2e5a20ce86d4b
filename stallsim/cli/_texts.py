"""Parses options that are given as text; each error names its option."""

from pathlib import Path

from ..errors import OptionError

_TOKEN_MAX = 8192


def pair(option: str, text: str, separator: str, form: str) -> tuple[str, str]:
    """The texts before and after the first separator. Raises OptionError if there is none."""
    key, found, value = text.partition(separator)
    if not found or not key:
        # the text may be a credential, so it is not repeated
        raise OptionError(option, f"expected {form}, got a text without {separator!r} or a name before it")
    return key, value


def token_of(token: str | None, file: str | Path | None) -> str | None:
    """The bearer token, from the option or the file. Raises OptionError."""
    if file is None:
        return token
    try:
        # typer's context contains unconverted text
        with Path(file).open(encoding="ascii") as lines:
            found = lines.readline(_TOKEN_MAX).strip()
    except (OSError, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not ASCII text"
        raise OptionError("token_file", f"{file}: cannot be read: {why}") from None
    if not found:
        raise OptionError("token_file", f"{file}: its first line is empty; expected the token there")
    return found
