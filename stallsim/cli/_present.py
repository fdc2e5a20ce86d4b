"""How a timeline reaches the user: JSON, plain lines, or the dashboard; then the verdict."""

import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from ..errors import ExitCode, Unavailable

if TYPE_CHECKING:
    from ..profile.scenario import Scenario
    from ..timeline.records import Record
    from ..timeline.timeline import Timeline
    from ..views.probing import ProbeProgress
    from ..views.progress import RunProgress


def on_terminal(plain: bool) -> bool:
    """Whether there is a terminal to draw on."""
    return not plain and sys.stdout.isatty()


def plain_lines() -> "Callable[[Record], None]":
    """A timeline's listener that prints one line per event as it comes."""
    from ..views.plain import PlainWriter

    return PlainWriter(sys.stdout)


def progress() -> "RunProgress":
    """How far the run is, on standard error, for as long as nothing else shows it."""
    from rich.console import Console

    from ..views.progress import RunProgress

    return RunProgress(Console(stderr=True))


async def watch(timeline: "Timeline") -> str:
    """The live dashboard of a realtime run; ``quit`` ends the run."""
    from ..views.terminal.live import watch as draw

    return await draw(timeline)


def dashboard() -> "Callable[[Timeline], Awaitable[str]]":
    """The live dashboard, loaded by now: nothing is measured while a module is imported."""
    from ..views.terminal.live import watch as draw

    return draw


def probing() -> "ProbeProgress":
    """How far a probe is, on standard error, where the report goes elsewhere."""
    from rich.console import Console

    from ..views.probing import ProbeProgress

    return ProbeProgress(Console(stderr=True))


def waiting_line(record: "Record") -> None:
    """A timeline's listener that prints one line on standard error while a server is waited for."""
    from ..timeline import events
    from ..timeline.records import Event
    from ..views.clean import clean

    match record:
        case Event(what=events.ServerNotReady(reason=reason)):
            print(f"stallsim: waits for the server: {clean(reason, 300)}", file=sys.stderr)
        case _:
            pass


def present(
    timeline: "Timeline", *, json: bool, plain: bool, speed: float, strict: bool, seen: bool = False
) -> int:
    """Show a timeline (unless it was ``seen`` live), then its verdict; the exit code."""
    from ..verdict.verdict import judge

    verdict = judge(timeline)
    code = ExitCode.INTERRUPTED if timeline.interrupted else verdict.exit_code(strict)
    if json:
        from ..verdict.result import encode, summarize

        print(encode(summarize(timeline, verdict)))
        return code
    from ..views.plain import verdict_lines

    if not seen:
        code = show(timeline, plain=plain, speed=speed) or code
    for line in verdict_lines(timeline, verdict):
        print(line)
    return code


def exit_code(timeline: "Timeline", strict: bool) -> int:
    """What a run ends with, without a word about it."""
    from ..verdict.verdict import judge

    return ExitCode.INTERRUPTED if timeline.interrupted else judge(timeline).exit_code(strict)


def show(timeline: "Timeline", *, plain: bool, speed: float) -> ExitCode | None:
    """A finished timeline: paced on a terminal, else as lines; INTERRUPTED where a signal ended it."""
    if on_terminal(plain):
        return _play(timeline, speed)
    from ..views.plain import write_plain

    write_plain(timeline, sys.stdout)
    return None


def _play(timeline: "Timeline", speed: float) -> ExitCode | None:
    """The paced dashboard; INTERRUPTED where a signal ended it."""
    import trio

    from ..interruption import until_signal
    from ..views.terminal.player import play

    async def show() -> None:
        await play(timeline, speed)

    return ExitCode.INTERRUPTED if trio.run(until_signal, show) else None


def print_unsupported(scenario: "Scenario", missing: Unavailable, *, json: bool, strict: bool) -> int:
    """The verdict of a run that could not begin, with the remedy; the exit code."""
    from ..verdict.verdict import unsupported

    verdict = unsupported(str(missing))
    if json:
        from ..verdict.result import encode, nothing

        print(encode(nothing(scenario, verdict)))
    else:
        print(f"UNSUPPORTED  {scenario.profile}: {missing}")
    return verdict.exit_code(strict)
