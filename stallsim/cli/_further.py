"""Makes the command for a longer look from the command that was given."""

import shlex
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..timeline.probed.result import ProbeResult

_DROPPED = ("--watch", "--for", "--profile", "--timeout")
"""Options that would shorten the longer look, or choose another stall."""
WRITTEN = ("--record", "--output", "-o", "--junit", "--pcap")
"""Options that name a file to write, which exists by now, so that the command would be refused."""
_FLAGS = ("--quick", "--force")
_SECRET = ("--token", "--cookie", "--header", "-H")
"""Options whose values are left out, since a report may be pasted elsewhere."""
_LEFT_OUT = "..."


def with_command(result: "ProbeResult", words: Sequence[str]) -> "ProbeResult":
    """The result with the command for a longer look, if that would show more.

    ``words`` are the words of the command line that was given.
    """
    from msgspec.structs import replace

    further = result.further
    if further is None:
        return result
    longer = ["--profile", further.stall, "--watch", f"{further.watch_s:.0f}s"]
    command = shlex.join(["stallsim", *_kept(words), *longer])
    return replace(result, further=replace(further, command=command))


def _kept(words: Sequence[str]) -> Iterator[str]:
    rest = iter(words)
    for word in rest:
        name, joint = _option(word)
        if name in (*_DROPPED, *WRITTEN):
            if joint is None:
                next(rest, None)
        elif name in _SECRET:
            yield f"{name}{joint or ''}{_LEFT_OUT if joint is not None else ''}"
            if joint is None and next(rest, None) is not None:
                yield _LEFT_OUT
        elif word not in _FLAGS:
            yield word


def _option(word: str) -> tuple[str, str | None]:
    """An option's name, and the text between the name and its value; None if the value is the next word."""
    if word.startswith("--"):
        name, equals, _ = word.partition("=")
        return name, equals or None
    return (word[:2], "") if word.startswith("-") and len(word) > 2 else (word, None)
