"""From a resolved profile to a complete timeline: attempts, interruption, the recording's frame."""

import platform
import ssl
import time
import zlib
from collections.abc import Awaitable, Callable, Sequence
from importlib.metadata import version

import trio
from trio.testing import MockClock

from .. import __version__
from ..errors import EnvironmentUnfit
from ..interruption import innermost, until_signal
from ..kernel import black_hole, private_stack
from ..kernel.sysctl import read_sysctls
from ..linux import require_linux
from ..profile.load import Loaded
from ..profile.scenario import Pace, Scenario, ServerSpec
from ..timeline.recorder import Recorder
from ..timeline.records import FORMAT_VERSION, End, Header, Record
from ..timeline.timeline import Timeline
from . import preflight
from .perform import perform
from .resolve import Cast, resolve
from .settling import TimerFired, timers_out_of_reach

ATTEMPTS_MAX = 20
_LIBRARIES = ("trio", "trio-websocket", "wsproto", "msgspec")
Watcher = Callable[[Timeline], Awaitable[str]]
"""Follows a timeline until its end, or answers ``quit``."""


class Production:
    """A scenario made ready: variants resolved, the stack entered, the machine checked.

    Raises ProfileError; Unavailable where a capability is missing; EnvironmentUnfit.
    """

    def __init__(self, loaded: Loaded) -> None:
        require_linux()
        self.scenario: Scenario = loaded.scenario
        self.cast: Cast = resolve(loaded)
        self.private_stack = False

    def prepare(self) -> None:
        """Enter a private stack if one is asked for or needed, then check what the machine has.

        Entering changes this process for good, so it belongs in one that is ours.
        """
        needed = self.cast.needs_black_hole and not black_hole.permitted()
        if self.scenario.wants_private_stack or needed:
            private_stack.enter(timers_out_of_reach(self.scenario.pace) | self.scenario.stack.sysctl)
            self.private_stack = True
        preflight.check(self.scenario, self.cast)

    def execute(
        self,
        argv: Sequence[str] = (),
        recorder: Recorder | None = None,
        listener: Callable[[Record], None] | None = None,
        watcher: Watcher | None = None,
    ) -> Timeline:
        """Run until one attempt is free of kernel timers; the timeline of that attempt.

        ``listener`` hears every record as it comes, in lockstep those of every attempt, and must be
        quick there. ``watcher`` runs beside and may end the run: it is for realtime, where there is
        one attempt. Raises EnvironmentUnfit, Unavailable.
        """
        for attempt in range(1, ATTEMPTS_MAX + 1):
            timeline = Timeline()
            if recorder is not None:
                recorder.restart()
                timeline.listen(recorder.write)
            if listener is not None:
                timeline.listen(listener)
            timeline.append(self._header(argv))
            try:
                self._attempt(timeline, attempt, watcher)
            except TimerFired:
                continue
            return timeline
        remedy = "" if self.private_stack else "--private-stack, which puts such timers out of reach, or "
        raise EnvironmentUnfit(
            f"a kernel timer moved bytes in each of {ATTEMPTS_MAX} attempts: the machine is too busy for "
            "lockstep just now, or a window that is not quite shut stays so for more than the 200 ms after "
            f"which the kernel probes it (docs/determinism.md); use {remedy}pace=realtime"
        )

    def _attempt(self, timeline: Timeline, attempt: int, watcher: Watcher | None) -> None:
        """One execution, whole or interrupted, closed by its End."""
        clock = MockClock(rate=1.0) if self.scenario.pace is Pace.LOCKSTEP else None
        started = time.perf_counter()

        def end(*, interrupted: bool) -> None:
            wall_s = round(time.perf_counter() - started, 6)
            tick = timeline.last_tick
            timeline.append(End(tick=tick, attempts=attempt, wall_s=wall_s, interrupted=interrupted))

        async def work() -> None:
            async with trio.open_nursery() as nursery:
                if watcher is not None:
                    nursery.start_soon(watch, watcher, nursery.cancel_scope)
                await perform(self.cast, timeline, clock)
                end(interrupted=False)

        async def watch(watcher: Watcher, run: trio.CancelScope) -> None:
            if await watcher(timeline) == "quit":
                run.cancel()

        try:
            trio.run(until_signal, work, clock=clock)
        except BaseException as raised:  # noqa: BLE001 - raised again, once the timeline has its end
            error = innermost(raised)
            if not isinstance(error, TimerFired):
                end(interrupted=True)
            raise error from None
        if timeline.end is None:
            end(interrupted=True)

    def _header(self, argv: Sequence[str]) -> Header:
        return Header(
            version=FORMAT_VERSION,
            stallsim=__version__,
            argv=list(argv),
            scenario=self.scenario,
            kernel=platform.release(),
            python=platform.python_version(),
            libraries={name: version(name) for name in _LIBRARIES} | _coders(self.scenario.server),
            sysctl=read_sysctls(),
            private_stack=self.private_stack,
            policy_limits=self.cast.defence.policy.limits,
            started_unix_s=time.time(),
        )


def _coders(server: ServerSpec) -> dict[str, str]:
    """The libraries that decide how many bytes a message has on the wire, where any do."""
    coders = {
        "openssl": (server.tls, ssl.OPENSSL_VERSION),
        "zlib": (server.deflate, zlib.ZLIB_RUNTIME_VERSION),
    }
    return {name: version for name, (used, version) in coders.items() if used}
