"""The entry point: runs every stall of a spec and returns the result."""

import time
from collections.abc import Callable

import msgspec
import trio
from msgspec.structs import replace

from ..errors import StallsimError
from ..helper import ask_blocking
from ..timeline.probed.result import ProbeResult
from ..timeline.timeline import Timeline
from .address import parse_url
from .attempt import Attempts
from .observe.observation import Observation
from .plan import plan_of
from .possible import check_possible
from .recording.file import recorded
from .recording.recorder import ProbeRecorder
from .report.summary import summarize_probe
from .report.thresholds import Thresholds
from .report.together import reports_of
from .resolving import resolve
from .secrets import Secrets, shown_url
from .side_by_side import SideBySide
from .spec import ProbeSpec


async def probe(spec: ProbeSpec) -> ProbeResult:
    """Run the stalls of ``spec`` on a server (trio).

    Raises StallsimError for an invalid request (a URL, a stall, another machine, an existing recording),
    EnvironmentUnfit if the server cannot be started or reached.
    """
    timeline = Timeline()
    with recorded(spec, timeline) as recorder:
        result = await probe_into(spec, timeline)
    if recorder is not None:
        recorder.check()
    return result


async def probe_into(spec: ProbeSpec, timeline: Timeline) -> ProbeResult:
    """As ``probe``, recorded in a timeline; the caller writes it to a file (``recorded``).

    If the probe is interrupted, the timeline ends with the result of the stalls that were judged.
    """
    began_s = time.perf_counter()
    address = parse_url(spec.target.url)
    if address.wants_a_port and spec.command is None:
        raise StallsimError(f"{shown_url(address)}: port 0 means a free port and needs `command=`")
    plan = plan_of(spec, address.protocol)
    check_possible(spec.target, address.protocol, [one.stall for one in plan])
    hosts = await resolve(address, allow_remote=spec.target.allow_remote)
    recorder = ProbeRecorder(timeline)
    url, secrets = shown_url(address), Secrets(spec.target, address)
    recorder.begins(spec, url, [one.stall for one in plan])
    time_is_up = _deadline(spec)

    def before() -> list[Observation]:
        return [one.seen for one in course.tried]

    attempts = Attempts(spec, address, hosts, secrets, recorder, time_is_up, before)
    # a running server, and one whose port is given, exists only once
    at_once = spec.at_once if spec.command is not None and address.wants_a_port else 1
    course = SideBySide(plan, attempts.attempt, at_once=at_once, time_is_up=time_is_up)

    def result(*, interrupted: bool, failure: str = "") -> ProbeResult:
        tried = course.tried
        found = summarize_probe(
            url,
            tried[-1].server,
            reports_of(before()),
            time.perf_counter() - began_s,
            tried[-1].output,
        )
        found = replace(
            found,
            private_stack=spec.private_stack,
            listens_everywhere=any(one.listens_everywhere for one in tried),
            interrupted=interrupted,
            failure=failure,
        )
        return Thresholds.of(spec.limits).apply(found)

    found: ProbeResult | None = None
    complete = False
    try:
        await course.run()
        if course.error is not None and not course.tried:
            raise course.error
        failure = "" if course.error is None else str(course.error)
        complete, found = True, result(interrupted=False, failure=failure)
        return found
    finally:
        if not complete and course.tried:
            found = result(interrupted=True)
        recorder.ends(found, time.perf_counter() - began_s, interrupted=not complete)


def probe_blocking(spec: ProbeSpec, timeout_s: float | None = None) -> ProbeResult:
    """As ``probe``, in a process of its own, so that the caller may run asyncio, threads, or the server
    itself.
    """
    answer = ask_blocking("stallsim.probing.worker", msgspec.json.encode(spec), timeout_s)
    return msgspec.json.decode(answer, type=ProbeResult)


def _deadline(spec: ProbeSpec) -> Callable[[], bool]:
    """A function that returns whether the time for the whole probe is up; the running stall then ends and
    is judged.
    """
    until_s = float("inf") if spec.timeout_s is None else trio.current_time() + spec.timeout_s
    return lambda: trio.current_time() >= until_s
