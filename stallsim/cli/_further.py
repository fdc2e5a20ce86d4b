"""Makes the command for a longer look from the command that was typed."""

import shlex
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..timeline.probed.result import ProbeResult

_DROPPED = ("--watch", "--for", "--profile")
_FLAGS = ("--quick",)
_SECRET = ("--token", "--cookie", "--header", "-H")
"""Options whose values are left out, since a report may be pasted elsewhere."""
_LEFT_OUT = "..."


def with_command(result: "ProbeResult", words: Sequence[str]) -> "ProbeResult":
    """The result with the command for a longer look, if that would show more. ``words`` are the command as
    typed.
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
        name, equals, _ = word.partition("=")
        if name in _DROPPED:
            if not equals:
                next(rest, None)
        elif name in _SECRET:
            yield f"{name}={_LEFT_OUT}" if equals else name
            if not equals and next(rest, None) is not None:
                yield _LEFT_OUT
        elif word not in _FLAGS:
            yield word
