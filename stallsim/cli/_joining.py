"""The options by which a client joins: what it sends, waits for and answers to be given the stream."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import StallsimError
from ._options_in_order import options_in_order
from ._texts import pair, seconds, utf8

if TYPE_CHECKING:
    from ..probing.messages import Hello, Message, Repeated, Reply

_Texts = list[str] | None
_FILE = "@"

Subprotocols = Annotated[_Texts, typer.Option("--subprotocol", help="Offer it; repeatable.")]
Hellos = Annotated[
    _Texts,
    typer.Option(
        "--hello",
        metavar="TEXT|@FILE",
        help="Send it once connected, to subscribe; repeatable. {client} is a value of each client's own, "
        "here, in the URL and in headers.",
    ),
]
HexHellos = Annotated[
    _Texts,
    typer.Option("--hello-hex", metavar="HEX|@FILE", help="The same, as a binary message; repeatable."),
]
Afters = Annotated[
    _Texts,
    typer.Option(
        "--after",
        metavar="MATCH",
        help="Send the next --hello only after such a message of the server; MATCH may end in *.",
    ),
]
Replies = Annotated[
    _Texts,
    typer.Option(
        "--reply",
        metavar="MATCH=TEXT",
        help="Answer a message so (an application's heartbeat: --reply 2=3); MATCH may end in *.",
    ),
]
Sent = Annotated[
    str | None,
    typer.Option(
        "--send", metavar="TEXT|@FILE", help="Both clients go on sending it, so that the server answers."
    ),
]
Every = Annotated[
    str | None, typer.Option("--every", metavar="DURATION", help="How often --send is sent (10ms).")
]
Speak = Annotated[
    str | None,
    typer.Option(
        "--speak",
        metavar="PROTOCOL [...]",
        help="Join by an application's protocol, with its heartbeats: socket.io, engine.io, graphql-ws, "
        "mqtt TOPIC, stomp DESTINATION, signalr, phoenix TOPIC, actioncable CHANNEL, wamp TOPIC, jupyter.",
    ),
]


def hellos(
    context: typer.Context, *, hello: _Texts, hello_hex: _Texts, after: _Texts
) -> "tuple[Hello, ...]":
    """As they follow each other. Raises StallsimError."""
    return tuple(_hellos(options_in_order(context, hello=hello, hello_hex=hello_hex, after=after)))


def _hellos(given: list[tuple[str, str]]) -> "Iterator[Hello]":
    from ..probing.messages import Hello, Message, Pattern

    after = None
    for name, text in given:
        match name:
            case "after":
                after = Pattern.of(utf8("--after", text))
                continue
            case "hello":
                message = text_message("--hello", text)
            case _:
                message = Message(_from_hex(text), binary=True)
        yield Hello(message, after)
        after = None
    if after is not None:
        raise StallsimError("--after: no --hello follows that would be sent after it")


def text_message(option: str, text: str) -> "Message":
    """TEXT, or @FILE; @@ stands for a text that begins with one. Raises StallsimError."""
    from ..probing.messages import Message

    content = utf8(option, text.removeprefix(_FILE) if text.startswith(_FILE * 2) else text)
    if text.startswith(_FILE) and not text.startswith(_FILE * 2):
        content = _read(option, text)
        try:
            content.decode()
        except UnicodeDecodeError:
            raise StallsimError(
                f"{option} {text}: a text message is UTF-8, and the file is not; --hello-hex {text} sends "
                "it as a binary message"
            ) from None
    return Message(content)


def replies(given: list[str]) -> "tuple[Reply, ...]":
    """``MATCH=TEXT`` each. Raises StallsimError."""
    from ..probing.messages import Message, Pattern, Reply

    pairs = [pair("--reply", one, "=", "MATCH=TEXT") for one in given]
    return tuple(
        Reply(Pattern.of(utf8("--reply", to)), Message(utf8("--reply", answer))) for to, answer in pairs
    )


def repeated(send: str | None, every: str | None) -> "Repeated | None":
    """Raises StallsimError."""
    from ..probing.messages import Repeated

    if send is None:
        if every is not None:
            raise StallsimError("--every: there is nothing to send; add --send TEXT")
        return None
    return Repeated(text_message("--send", send), seconds("--every", every or "10ms"))


def _from_hex(text: str) -> bytes:
    if text.startswith(_FILE):
        return _read("--hello-hex", text)
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise StallsimError(
            f"--hello-hex: expected pairs of hexadecimal digits (100e0004), or @FILE, got {text!r}"
        ) from None


def _read(option: str, text: str) -> bytes:
    try:
        return Path(text.removeprefix(_FILE)).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise StallsimError(f"{option} {text}: {reason}") from None
