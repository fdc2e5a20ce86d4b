"""Shows a timeline as JSON, as plain lines or on the dashboard, followed by the verdict."""

import os
import shlex
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from ..errors import ExitCode, Unavailable
from ._lines import print_lines
from ._names import completes

if TYPE_CHECKING:
    from ..profile.scenario import Scenario
    from ..progress_bar import RunBar
    from ..timeline.records import Record
    from ..timeline.timeline import Timeline
    from ..views.probing import ProbeProgress
    from ..views.progress import RunProgress


DUMB = ("dumb", "unknown")
"""The values of TERM for terminals that cannot show a drawing."""
THEMES = ("auto", "light", "dark", "none")
Exit = Annotated[
    bool, typer.Option("--exit", help="Leave the dashboard after the last tick; do not wait for a key.")
]


def on_terminal(plain: bool) -> bool:
    """Whether standard output is a terminal and may be drawn on."""
    return not plain and sys.stdout.isatty()


def plain_lines() -> "Callable[[Record], None]":
    """A timeline's listener that prints one line for each event."""
    from ..views.plain import PlainWriter

    return PlainWriter(sys.stdout)


def progress() -> "RunProgress":
    """The run's progress on standard error, for when nothing else shows it."""
    from ..views.progress import RunProgress

    drawn = sys.stderr.isatty() and os.environ.get("TERM", "") not in DUMB
    return RunProgress(sys.stderr, _run_bar if drawn else None)


def _run_bar() -> "RunBar":
    from ..progress_bar import BarConsole, RunBar

    return RunBar(BarConsole(stderr=True))


class Display(NamedTuple):
    """How a command shows a timeline on a terminal."""

    plain: bool = False
    speed: float = 1.0
    leaves: bool = False
    """Whether the dashboard ends after the last tick instead of waiting for a key."""
    theme: str = "auto"
    replay: str = ""
    """The recording that can be replayed; empty if none was made."""


def check_theme(name: str) -> str:
    """Check a theme's name. Raises BadParameter with the allowed names."""
    if name not in THEMES:
        raise typer.BadParameter(f"expected {', '.join(THEMES)}, got {name!r}")
    return name


ThemeName = Annotated[
    str,
    typer.Option(
        "--theme",
        metavar="NAME",
        callback=check_theme,
        autocompletion=completes(THEMES),
        help="auto (the terminal's own), light (for a projector), dark, or none (no colour).",
    ),
]


def dashboard(display: Display) -> "Callable[[Timeline], Awaitable[str]]":
    """The live dashboard. It is imported here, since no import may take place during a measurement."""
    from ..views.drawing.theme import Theme
    from ..views.terminal.live import follow_run as draw

    async def watch(timeline: "Timeline") -> str:
        return await draw(timeline, stays=not display.leaves, theme=Theme(display.theme))

    return watch


def print_how_to_see_it_again(display: Display) -> None:
    """Print how to replay the run: on a terminal only, since programs depend on a pipe's lines."""
    if not sys.stdout.isatty():
        return
    if display.replay:
        name = shlex.quote(display.replay)
        print_lines(
            [f"again     stallsim replay {name}; to share it: stallsim report {name} -o report.html"]
        )
    else:
        print_lines(
            ["again     --record FILE makes a recording to replay, -o report.html a report to share"]
        )


def probing() -> "ProbeProgress":
    """The probe's progress on standard error, for when the report is written elsewhere."""
    from ..progress_bar import BarConsole
    from ..views.probing import ProbeProgress

    return ProbeProgress(BarConsole(stderr=True))


def waiting_line(record: "Record") -> None:
    """A timeline's listener that prints one line on standard error while the command waits for a server."""
    from ..timeline.events.probe import ServerNotReady
    from ..timeline.records import Event
    from ..views.clean import clean

    match record:
        case Event(what=ServerNotReady(reason=reason)):
            print(f"stallsim: waiting for the server: {clean(reason, 300)}", file=sys.stderr)
        case _:
            pass


def present(timeline: "Timeline", display: Display, *, json: bool, strict: bool, seen: bool = False) -> int:
    """Show a timeline (unless it was ``seen`` live) and its verdict; return the exit code."""
    from ..verdict.verdict import judge_run

    verdict = judge_run(timeline)
    code = ExitCode.INTERRUPTED if timeline.interrupted else verdict.exit_code(strict)
    if json:
        from ..verdict.result import encode, summarize_run

        print(encode(summarize_run(timeline, verdict)))
        return code
    from ..views.plain import verdict_lines

    if not seen:
        code = show_timeline(timeline, display) or code
    print_lines(verdict_lines(timeline, verdict))
    print_how_to_see_it_again(display)
    return code


def exit_code(timeline: "Timeline", strict: bool) -> int:
    """The exit code of a run; nothing is printed."""
    from ..verdict.verdict import judge_run

    return ExitCode.INTERRUPTED if timeline.interrupted else judge_run(timeline).exit_code(strict)


def show_timeline(timeline: "Timeline", display: Display) -> ExitCode | None:
    """Show a finished timeline: at a set speed on a terminal, else as lines; INTERRUPTED if a signal ended
    it.
    """
    if on_terminal(display.plain):
        return _play(timeline, display)
    from ..views.plain import write_plain

    write_plain(timeline, sys.stdout)
    return None


def _play(timeline: "Timeline", display: Display) -> ExitCode | None:
    """Show the timeline on the dashboard at a set speed; INTERRUPTED if a signal ended it."""
    from ..interruption import run_until_signal
    from ..views.drawing.theme import Theme
    from ..views.terminal.player import play

    async def show_timeline() -> None:
        await play(timeline, display.speed, stays=not display.leaves, theme=Theme(display.theme))

    return ExitCode.INTERRUPTED if run_until_signal(show_timeline) else None


def print_unsupported(scenario: "Scenario", missing: Unavailable, *, json: bool, strict: bool) -> int:
    """Print the verdict of a run that could not begin, with the remedy; return the exit code."""
    from ..verdict.verdict import unsupported

    verdict = unsupported(str(missing))
    if json:
        from ..verdict.result import encode, nothing

        print(encode(nothing(scenario, verdict)))
    else:
        print(f"UNSUPPORTED  {scenario.profile}: {missing}")
    return verdict.exit_code(strict)
