"""Executes a resolved profile: its attempts, interruption, and the first and last records
of its timeline.
"""

import platform
import ssl
import time
import zlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from importlib.metadata import version

import trio

from ..errors import EnvironmentUnfit
from ..interruption import run_until_signal
from ..kernel.one_cpu import on_one_cpu
from ..kernel.tcp_timers import timers_fired
from ..linux import require_linux
from ..profile.load import Loaded
from ..profile.scenario import Pace, Scenario, ServerSpec
from ..timeline.recorder import Recorder
from ..timeline.records import FORMAT_VERSION, Header, Record, RecordingEnd
from ..timeline.timeline import Timeline
from ..version import __version__
from . import preflight, stack
from .attempt import attempt as run_attempt
from .guests import Guests
from .resolve import Participants, resolve_scenario
from .settling import NotSettled

ATTEMPTS_MAX = 3
"""The most attempts of a lockstep run in which a kernel timer fires. The last attempt counts, and its
ledger records the timer.
"""
_LIBRARIES = ("trio", "wsproto", "msgspec")
Watcher = Callable[[Timeline], Awaitable[str]]
"""Follows a timeline until its end; returns ``quit`` if the user ends the run."""


class Execution:
    """A scenario ready to run: its variants are resolved, its network stack is entered, and the machine is
    checked.

    Raises ProfileError; Unavailable if a capability is missing; EnvironmentUnfit.
    """

    def __init__(self, loaded: Loaded, guests: Guests | None = None) -> None:
        """``guests``: they replace the profile's clients and its expectations of them."""
        require_linux()
        self.scenario: Scenario = loaded.scenario
        self.participants: Participants = resolve_scenario(loaded)
        self._guests = guests
        if guests is not None:
            self.scenario = guests.scenario(self.scenario)
            self.participants = self.participants._replace(clients=[])
        self.stack: stack.EnteredStack | None = None

    def prepare(self) -> None:
        """Check the machine, then enter the run's network stack (``stack.enter_stack``).

        That changes this process permanently, so the process must be one of stallsim's own.
        """
        preflight.check_run(self.scenario, self.participants)
        self.stack = stack.enter_stack(self.scenario, self.participants)

    def execute(
        self,
        argv: Sequence[str] = (),
        recorder: Recorder | None = None,
        listener: Callable[[Record], None] | None = None,
        watcher: Watcher | None = None,
        attempts_max: int = ATTEMPTS_MAX,
    ) -> Timeline:
        """Run attempts until one is free of kernel timers, or none is left; return the timeline of the
        last attempt.

        ``listener`` is called with every record as it comes (in lockstep, with those of every attempt),
        and must be fast in lockstep. ``watcher`` runs concurrently and may end the run; it is for
        realtime, where there is one attempt. Raises EnvironmentUnfit if connections do not settle,
        Unavailable.
        """
        realtime = self.scenario.pace is Pace.REALTIME
        for attempt in range(1, attempts_max + 1):
            timeline = Timeline()
            if recorder is not None:
                recorder.restart(last=realtime or attempt == attempts_max)
                timeline.listen(recorder.write)
            if listener is not None:
                timeline.listen(listener)
            timeline.append(self._header(argv))
            try:
                self._attempt(timeline, attempt, watcher)
            except NotSettled:
                continue
            if realtime or timeline.interrupted or _undisturbed(timeline):
                break
        if timeline.end is None:
            raise EnvironmentUnfit(
                f"in the last of {attempt} attempts, bytes were in flight between two sockets for "
                f"a second: the machine is too busy for lockstep at the moment; {self._advice}"
            )
        return timeline

    @property
    def _advice(self) -> str:
        """The advice for a busy machine. If the run already has a private stack, only realtime is left."""
        if self.stack is not None and self.stack.private:
            return "use pace=realtime"
        if self.stack is not None and self.stack.no_private:
            return (
                f"no private stack, in which no timer fires, can be had ({self.stack.no_private}), so use "
                "pace=realtime"
            )
        return "use stack.private=true (no timer fires in a private stack) or pace=realtime"

    def _attempt(self, timeline: Timeline, attempt: int, watcher: Watcher | None) -> None:
        """Execute the scenario once, completely or interrupted, and append the RecordingEnd."""
        lockstep = self.scenario.pace is Pace.LOCKSTEP
        started, timers = time.perf_counter(), timers_fired()

        def end(*, interrupted: bool, held_up: int = 0, one_cpu: bool = True) -> None:
            fired = timers_fired() - timers
            if held_up and lockstep:
                fired["uncounted"] = held_up
            timeline.append(
                RecordingEnd(
                    tick=timeline.last_tick,
                    attempts=attempt,
                    wall_s=round(time.perf_counter() - started, 6),
                    interrupted=interrupted,
                    timers=dict(fired),
                    one_cpu=one_cpu,
                )
            )

        async def work() -> None:
            async with trio.open_nursery() as nursery:
                if watcher is not None:
                    nursery.start_soon(watch, watcher, nursery.cancel_scope)
                held_up = await run_attempt(self.participants, timeline, self._guests)
                end(interrupted=False, held_up=held_up, one_cpu=cpu is None or cpu.still)

        async def watch(watcher: Watcher, run: trio.CancelScope) -> None:
            if await watcher(timeline) == "quit":
                run.cancel()

        try:
            with on_one_cpu() if lockstep else nullcontext() as cpu:
                run_until_signal(work)
        except BaseException as error:
            if not isinstance(error, NotSettled):
                end(interrupted=True)
            raise
        if timeline.end is None:
            end(interrupted=True)

    def _header(self, argv: Sequence[str]) -> Header:
        its = self.stack or stack.as_it_is()
        return Header(
            version=FORMAT_VERSION,
            stallsim=__version__,
            argv=list(argv),
            scenario=self.scenario,
            kernel=platform.release(),
            python=platform.python_version(),
            libraries={name: version(name) for name in _LIBRARIES} | _coders(self.scenario.server),
            sysctl=its.sysctl,
            private_stack=its.private,
            no_private_stack=its.no_private,
            policy_limits=self.participants.defence.policy.limits,
            started_unix_s=time.time(),
            conditions=its.conditions,
        )


def _undisturbed(timeline: Timeline) -> bool:
    """Whether no timer of TCP has fired in the run's network stack, not even before the first step."""
    return timeline.end is not None and not timeline.end.timers


def _coders(server: ServerSpec) -> dict[str, str]:
    """The libraries in use that decide how many bytes a message has on the wire."""
    coders = {
        "openssl": (server.tls, ssl.OPENSSL_VERSION),
        "zlib": (server.deflate, zlib.ZLIB_RUNTIME_VERSION),
    }
    return {name: version for name, (used, version) in coders.items() if used}
