"""Messages as a caller may write them: text is sent as text, bytes as a binary message."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from ..errors import StallsimError
from ..probing.messages import Hello, Message, Pattern, Repeated, Reply
from ..probing.speak import split_spoken
from .written import Time, to_seconds

Content = str | bytes
"""A text message, or a binary one."""
Greeting = Content | tuple[Content, Content]
"""A message; or a pair, whose second is sent after a message of the server that the first matches."""
Answers = Mapping[str, Content] | Mapping[bytes, Content]
"""Messages of the server, or their beginnings before a ``*``, each with its answer."""
_PAIR = 2
_T = TypeVar("_T")


def to_message(option: str, value: Content | memoryview) -> Message:
    """Raises StallsimError, which names the option."""
    match value:
        case str():
            return Message(_utf8(option, value))
        case bytes() | bytearray() | memoryview():
            return Message(bytes(value), binary=True)
        case _:
            raise StallsimError(f"{option}: expected text or bytes, got {value!r}")


def to_hellos(option: str, value: Greeting | Sequence[Greeting]) -> tuple[Hello, ...]:
    """One message may stand for a sequence of one. Raises StallsimError."""
    values = [value] if isinstance(value, str | bytes | bytearray | memoryview) else value
    return tuple(_to_hello(option, one) for one in _each(option, values))


def to_replies(option: str, value: Answers) -> tuple[Reply, ...]:
    """Raises StallsimError."""
    if not isinstance(value, Mapping):
        raise StallsimError(f"{option}: expected a mapping from messages to answers, got {value!r}")
    return tuple(
        Reply(Pattern.of(to_message(option, to).content), to_message(option, answer))
        for to, answer in value.items()
    )


def to_repeated(message: Content | None, every: Time) -> Repeated | None:
    """``send`` and ``every``. Raises StallsimError."""
    if message is None:
        return None
    return Repeated(to_message("send", message), to_seconds("every", every))


def to_spoken(spoken: str | None) -> str | None:
    """Raises UnknownVariant, StallsimError."""
    if spoken is not None:
        split_spoken(spoken)
    return spoken


def _to_hello(option: str, value: Greeting | memoryview) -> Hello:
    if not isinstance(value, tuple):
        return Hello(to_message(option, value))
    if len(value) != _PAIR:
        raise StallsimError(f"{option}: a tuple is a pair (what is waited for, what is sent): {value!r}")
    after, message = value
    return Hello(to_message(option, message), Pattern.of(to_message(option, after).content))


def _each(option: str, values: Iterable[_T]) -> list[_T]:
    try:
        return list(values)
    except TypeError:
        raise StallsimError(f"{option}: expected messages (text or bytes), got {values!r}") from None


def _utf8(option: str, text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise StallsimError(f"{option}: {text!r} is no Unicode text ({error.reason})") from None
