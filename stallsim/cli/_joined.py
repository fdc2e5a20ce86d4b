"""Turns the options about joining into the parameters of ``probing.options``."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ..bounded_file import read_bounded
from ..errors import OptionError
from ._options_in_order import options_in_order
from ._texts import pair, token_of

if TYPE_CHECKING:
    from ..probing.options.messages import Content, Greeting

_FILE = "@"
_MESSAGE_BYTES_MAX = 16 * 2**20


def joined(context: typer.Context) -> dict[str, Any]:
    """The parameters of a command that has the options in ``_joining``. Raises OptionError."""
    given = context.params
    return {
        **given,
        "headers": fields(given["headers"]),
        "cookies": [pair("cookies", one, "=", "NAME=VALUE") for one in given.get("cookies") or ()],
        "token": token_of(given["token"], given["token_file"]),
        "hello": list(_hellos(_typed_in_order(context, given))),
        "replies": [pair("replies", one, "=", "MATCH=TEXT") for one in given.get("replies") or ()],
        "send": None if given.get("send") is None else text_of("send", given["send"]),
    }


def fields(given: list[str] | None) -> list[tuple[str, str]]:
    """The fields of the opening handshake, each given as ``NAME: VALUE``. Raises OptionError."""
    return [pair("headers", one, ":", "'NAME: VALUE'") for one in given or ()]


def _typed_in_order(context: typer.Context, given: Mapping[str, Any]) -> list[tuple[str, str]]:
    return options_in_order(context, **{name: given[name] for name in ("hello", "hello_hex", "after")})


def _hellos(given: list[tuple[str, str]]) -> "Iterator[Greeting]":
    """The messages, each alone or in a pair with the message that it waits for. Raises OptionError."""
    after = None
    for name, text in given:
        match name:
            case "after":
                after = text
                continue
            case "hello":
                message: Content = text_of("hello", text)
            case _:
                message = _from_hex(text)
        yield message if after is None else (after, message)
        after = None
    if after is not None:
        raise OptionError("after", "no `hello=` follows that would be sent after it")


def text_of(option: str, text: str) -> str:
    """TEXT, or the content of @FILE; @@ stands for a text that begins with one @. Raises OptionError."""
    if not text.startswith(_FILE) or text.startswith(_FILE * 2):
        return text.removeprefix(_FILE)
    try:
        return _read(option, text).decode()
    except UnicodeDecodeError:
        raise OptionError(
            option,
            f"{text}: a text message is UTF-8, and the file is not; `hello_hex=` {text} sends it as a "
            "binary message",
        ) from None


def _from_hex(text: str) -> bytes:
    if text.startswith(_FILE):
        return _read("hello_hex", text)
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise OptionError(
            "hello_hex", "expected pairs of hexadecimal digits (100e0004), or @FILE"
        ) from None


def _read(option: str, text: str) -> bytes:
    try:
        return read_bounded(Path(text.removeprefix(_FILE)), _MESSAGE_BYTES_MAX)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise OptionError(option, f"{text}: {reason}") from None
