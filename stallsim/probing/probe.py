"""The way in: a spec goes in, every stall is tried in turn, and a result comes out."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import msgspec
import trio
from msgspec.structs import replace

from ..errors import OutOfTime, StallsimError
from ..helper import ask_blocking
from ..interruption import innermost
from ..timeline.timeline import Timeline
from .address import Address, parse_url, resolve
from .client.connection import Connection, NotReady
from .client.join import Patience
from .judging.judge import judge
from .observe.observation import Observation
from .observe.server_view import ServerView, open_server_view
from .plan import Planned, plan_of
from .possible import check_possible
from .recording.file import recorded
from .recording.recorder import ProbeRecorder
from .report.report import report_of
from .report.summary import summarize
from .report.thresholds import Thresholds
from .result import ProbeResult, StallReport
from .secrets import Secrets, shown_url
from .server.before import prepare
from .server.launch import StartedServer, serving
from .spec import START_TIMEOUT_S, ProbeSpec
from .trial.trial import Trial

_PAUSE_S = 0.2
"""Between two stalls of the same server."""


async def probe(spec: ProbeSpec) -> ProbeResult:
    """Put a server through the stalls of ``spec``, one after the other (trio).

    Raises StallsimError for what was asked wrongly (a URL, a stall, another machine, a recording that
    is there), EnvironmentUnfit where the server cannot be started or reached.
    """
    timeline = Timeline()
    with recorded(spec, timeline) as recorder:
        result = await probe_into(spec, timeline)
    if recorder is not None:
        recorder.check()
    return result


async def probe_into(spec: ProbeSpec, timeline: Timeline) -> ProbeResult:
    """The same, told to a timeline as it goes on; recording it is up to the caller (``recorded``).

    Where it is cut short, the timeline ends with what could be judged until then.
    """
    began_s = time.perf_counter()
    address = parse_url(spec.target.url)
    if address.port == 0 and spec.command is None:
        raise StallsimError(f"{shown_url(address)}: port 0 is nobody's; it takes a free one with a command")
    plan = plan_of(spec, address.protocol)
    check_possible(spec.target, address.protocol, [one.stall for one in plan])
    hosts = await resolve(address, allow_remote=spec.target.allow_remote)
    reports: list[StallReport] = []
    server = output = failure = ""
    recorder = ProbeRecorder(timeline)
    url, secrets = shown_url(address), Secrets(spec.target, address)
    recorder.begins(spec, url, [one.stall for one in plan])
    time_is_up = _deadline(spec)

    def result(*, interrupted: bool) -> ProbeResult:
        found = summarize(url, server, reports, time.perf_counter() - began_s, secrets.masked(output))
        found = replace(found, private_stack=spec.private_stack, interrupted=interrupted, failure=failure)
        return Thresholds.of(spec.limits).apply(found)

    found: ProbeResult | None = None
    complete = streamless = False
    try:
        for number, planned in enumerate(plan):
            if time_is_up():
                raise OutOfTime(f"the time is up, with {number} of {len(plan)} stalls tried")
            if streamless and not planned.keepalive:  # that is said once: these need a stream, too
                recorder.skips()
                continue
            if number and spec.command is None:
                await trio.sleep(_PAUSE_S)
            async with serving(spec.command, address, hosts) as (where, launched):
                recorder.tries(planned.stall)
                seen = await _try(spec, where, planned, launched, recorder, time_is_up)
                report, server = report_of(seen, judge(seen)), seen.server
                recorder.judged(report)
                reports.append(report)
                streamless = streamless or not (seen.baseline.has_stream or planned.keepalive or seen.end)
                output = launched.tail() if launched else ""
        complete = True
        found = result(interrupted=False)
        return found
    except StallsimError as error:
        if not reports:
            raise
        complete, failure = True, secrets.masked(str(error))
        found = result(interrupted=False)
        return found
    finally:
        if not complete and reports:
            found = result(interrupted=True)
        recorder.ends(found, time.perf_counter() - began_s, interrupted=not complete)


def probe_blocking(spec: ProbeSpec, timeout_s: float | None = None) -> ProbeResult:
    """The same in a process of its own, whatever this one runs (asyncio, threads, the server itself).

    Raises what ``probe`` raises, and OutOfTime.
    """
    told = ask_blocking("stallsim.probing.worker", msgspec.json.encode(spec), timeout_s)
    return msgspec.json.decode(told, type=ProbeResult)


def _deadline(spec: ProbeSpec) -> Callable[[], bool]:
    """Whether the time for the whole probe is up: then the stall that goes on ends, and is judged."""
    until_s = float("inf") if spec.timeout_s is None else trio.current_time() + spec.timeout_s
    return lambda: trio.current_time() >= until_s


async def _try(
    spec: ProbeSpec,
    where: Address,
    planned: Planned,
    launched: StartedServer | None,
    recorder: ProbeRecorder,
    time_is_up: Callable[[], bool],
) -> Observation:
    def look(witness: Connection) -> AbstractContextManager[ServerView]:
        return open_server_view(witness, spec.pid, launched.pid if launched else None)

    def gone() -> bool:
        return launched is not None and launched.gone

    fresh_s = START_TIMEOUT_S if spec.fresh else float("-inf")
    until_s = launched.ready_by_s if launched else trio.current_time() + fresh_s
    patience = Patience(until_s, gone, recorder.waits)
    if spec.before is not None:
        target, where = await prepare(spec.before, spec.target, where, patience)
        spec = replace(spec, target=target)
    trial = Trial(spec, where, planned, recorder, patience, time_is_up)
    try:
        with trio.fail_after(planned.limit_s + (launched.start_timeout_s if launched else 0.0)):
            return await trial.run(look, gone)
    except trio.TooSlowError:
        raise OutOfTime(f"{planned.stall.name}: no end within {planned.limit_s:g} s") from None
    except BaseExceptionGroup as group:
        error = innermost(group)
        if isinstance(error, NotReady) and launched is not None:
            raise launched.unfit("ended" if launched.gone else f"is not ready: {error}") from None
        raise error from None
