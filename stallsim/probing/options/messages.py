"""Messages as a caller may write them: text is sent as text, bytes as a binary message."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from ...errors import OptionError
from ...option_values import Time, to_seconds
from ..messages import ClientMessage, Hello, Pattern, Repeated, Reply
from ..speak import split_spoken

Content = str | bytes
"""A text message, or a binary one."""
Greeting = Content | tuple[Content, Content]
"""A message, or a pair: the second message is sent after a message of the server that matches the first."""
Answers = Mapping[str, Content] | Mapping[bytes, Content] | Sequence[tuple[Content, Content]]
"""Messages of the server (or beginnings that end in ``*``), each with the client's answer."""
_EVERY = "10ms"
_PAIR = 2
_T = TypeVar("_T")


def to_message(option: str, value: Content | memoryview) -> ClientMessage:
    """Raises OptionError."""
    match value:
        case str():
            return ClientMessage(_utf8(option, value))
        case bytes() | bytearray() | memoryview():
            return ClientMessage(bytes(value), binary=True)
        case _:
            raise OptionError(option, f"expected text or bytes, got {value!r}")


def to_hellos(option: str, value: Greeting | Sequence[Greeting]) -> tuple[Hello, ...]:
    """The messages as a tuple; a single message counts as a sequence of one. Raises OptionError."""
    values = [value] if isinstance(value, str | bytes | bytearray | memoryview) else value
    return tuple(_to_hello(option, one) for one in _each(option, values))


def to_replies(option: str, value: Answers) -> tuple[Reply, ...]:
    """Raises OptionError."""
    pairs: Iterable[Any] = value.items() if isinstance(value, Mapping) else value
    replies: list[Reply] = []
    for pair in _each(option, pairs):
        if not isinstance(pair, tuple) or len(pair) != _PAIR:
            raise OptionError(option, f"expected a mapping from messages to answers, got {value!r}")
        to, answer = (to_message(option, one) for one in pair)
        replies.append(Reply(Pattern.of(to.content), answer))
    return tuple(replies)


def to_repeated(message: Content | None, every: Time | None) -> Repeated | None:
    """The repeated message that ``send`` and ``every`` ask for, if any. Raises OptionError."""
    if message is None:
        if every is not None:
            raise OptionError("every", "there is no message to send; add `send=`")
        return None
    return Repeated(to_message("send", message), to_seconds("every", _EVERY if every is None else every))


def to_spoken(spoken: str | None) -> str | None:
    """Raises UnknownVariant, OptionError."""
    if spoken is not None:
        split_spoken(spoken)
    return spoken


def _to_hello(option: str, value: Greeting | memoryview) -> Hello:
    if not isinstance(value, tuple):
        return Hello(to_message(option, value))
    if len(value) != _PAIR:
        raise OptionError(option, f"expected a pair (message to wait for, message to send), got {value!r}")
    after, message = value
    return Hello(to_message(option, message), Pattern.of(to_message(option, after).content))


def _each(option: str, values: Iterable[_T]) -> list[_T]:
    try:
        return list(values)
    except TypeError:
        raise OptionError(option, f"expected messages (text or bytes), got {values!r}") from None


def _utf8(option: str, text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise OptionError(option, f"{text!r} is not valid Unicode text ({error.reason})") from None
