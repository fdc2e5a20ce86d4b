"""How long memory is watched after a client's end if it grows as for a leak.

A server may keep the queue of a client that has gone, and fill it for some time, so that the client can
resume. Until that time is over it looks like a server that leaks.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ...timeline.outside import Look
from .context import TrialContext

USUAL_WATCH_MAX_S = 5.0
"""Seconds for which memory is watched at most if it does not grow as for a leak."""
LEAK_MIN_PER_S = 200_000
"""Bytes per second. A slower growth of memory is no sign of a leak."""
LEAK_SHARE = 0.5
"""The least growth of memory after a client's end that is a leak, as a share of the stream's rate."""


@dataclass(frozen=True)
class LeakWatch:
    """The limits of the watch. By default it is never longer than usual."""

    longest_s: float = USUAL_WATCH_MAX_S
    leak_per_s: float = LEAK_MIN_PER_S
    """A growth of more bytes per second than this is taken for a leak."""
    may_go_on: Callable[[Look], bool] = lambda _: True
    """Returns whether there are time and memory for a watch that is longer than usual."""


def leak_watch(context: TrialContext) -> LeakWatch:
    """The limits for one stall: no watch for a leak is longer than that of the probe's longest stall."""
    spec, before, first = context.spec, context.baseline, context.observer.looks.first

    def may_go_on(now: Look) -> bool:
        grown = (now.memory_bytes or 0) - (first.memory_bytes or 0)
        return not (context.time_is_up() or context.server_gone()) and grown < spec.stop_at_bytes

    return LeakWatch(
        longest_s=max(USUAL_WATCH_MAX_S, (spec.watch or spec.horizon).seconds),
        leak_per_s=before.memory_per_s + max(LEAK_MIN_PER_S, LEAK_SHARE * before.bytes_per_s),
        may_go_on=may_go_on,
    )
