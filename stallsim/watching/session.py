"""One watch as a command runs it: the servers, the listeners to each look, and the end."""

from collections.abc import Callable, Iterable, Sequence

import trio

from ..metrics.family import MetricFamily
from ..timeline.changes import Change
from ..timeline.watched import Snapshot, WatchedServers
from .figures import figures_of
from .repeated_looks import RepeatedLooks
from .servers import find_servers
from .thresholds import Threshold, violations
from .watch import Watch

Listener = Callable[[Snapshot, Sequence[Change]], None]
"""Called with every look and its changes; it must not block."""


class WatchSession:
    """A watch that must be closed. Raises StallsimError if there is no server to watch, Unavailable if
    nothing can be read.
    """

    def __init__(
        self,
        target: str | None,
        *,
        cgroup: str | None = None,
        interval_s: float = 2.0,
        after_s: float = 10.0,
        duration_s: float | None = None,
        thresholds: Sequence[Threshold] = (),
        anonymous: bool = False,
    ) -> None:
        found = find_servers(target, cgroup)
        self.watch = Watch(found, after_s, anonymous=anonymous)
        self.interval_s = interval_s
        self.watched = WatchedServers(
            target=_described(target, cgroup),
            source=found.source.words,
            interval_s=interval_s,
            after_s=after_s,
        )
        self.listeners: list[Listener] = []
        self.violations: list[str] = []
        self._duration_s, self._thresholds = duration_s, thresholds
        self._latest: Snapshot | None = None

    @property
    def latest(self) -> Snapshot:
        """The snapshot of the newest look. Raises LookupError before the first look."""
        if self._latest is None:
            raise LookupError("no look has been taken yet")
        return self._latest

    def figures(self) -> Iterable[MetricFamily]:
        """The figures for a monitoring system; there are none before the first look."""
        return () if self._latest is None else figures_of(self._latest)

    def close(self) -> None:
        """Close the source of the readings."""
        self.watch.close()

    def publish(self, snapshot: Snapshot) -> None:
        """Pass a snapshot to every listener."""
        self._latest = snapshot
        self.violations = violations(self._thresholds, snapshot)
        for listener in self.listeners:
            listener(snapshot, self.watch.changes)

    async def run(self) -> None:
        """Look repeatedly until a threshold is exceeded, the duration is over, or the task is cancelled."""
        with trio.move_on_after(self._duration_s if self._duration_s is not None else float("inf")):
            async for snapshot in RepeatedLooks(self.watch, self.interval_s):
                self.publish(snapshot)
                if self.violations:
                    return


def _described(target: str | None, cgroup: str | None) -> str:
    if cgroup is None:
        return target or "every listening server of this user"
    return f"{target or 'every listening server'} of the cgroup {cgroup}"
