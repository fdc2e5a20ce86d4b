"""``stallsim tour``: teaches TCP flow control on real sockets."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import EnvironmentUnfit, ExitCode, StallsimError
from ._lines import print_lines
from ._present import ThemeName
from ._speed import Speed

if TYPE_CHECKING:
    from rich.console import Console

    from ..timeline.timeline import Timeline
    from ..tour.guide import Ask, Show
    from ..tour.lesson import Question
    from ..tour.taught import Taught

EXAMPLES = (
    "stallsim tour",
    "stallsim tour 3",
    "stallsim tour --non-interactive --transcript tour.md",
)


def tour(
    lesson: Annotated[
        int | None,
        typer.Argument(metavar="[LESSON]", help="The number of one lesson; default: all."),
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="Print the titles of all lessons.")] = False,
    transcript: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write predictions and measurements to this file (Markdown)."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the transcript.")] = False,
    non_interactive: Annotated[
        bool,
        typer.Option("--non-interactive", help="Ask and draw nothing: use example predictions."),
    ] = False,
    speed: Speed = 1.0,
    theme: ThemeName = "auto",
) -> int:
    """Learn TCP flow control from predictions and measurements.

    Each lesson asks for a prediction, runs a profile on real sockets, puts the kernel's own numbers beside
    the prediction and beside a simple model, and changes one setting.
    """
    from ..reports.new_file import NewFile
    from ..tour.guide import Guide
    from ..tour.lessons import all_lessons
    from ..tour.transcript import transcript as page_of
    from ..views.terminal.bounded_console import BoundedConsole

    lessons = list(enumerate(all_lessons(), start=1))
    if list_:
        for number, one in lessons:
            print(f"{number:>3}  {one.title}")
        return ExitCode.PASS
    if lesson is not None:
        if not 1 <= lesson <= len(lessons):
            raise StallsimError(f"lesson {lesson} does not exist; allowed are 1 to {len(lessons)}")
        lessons = [lessons[lesson - 1]]
    asks = not non_interactive
    if asks and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise StallsimError("the tour asks questions on a terminal; without one, use --non-interactive")
    console = BoundedConsole(highlight=False)  # a rule is as long as the terminal is wide
    guide = Guide(console, _ask(console) if asks else None, _show(speed, theme) if asks else None)
    taught: list[Taught] = []
    with ExitStack() as stack:
        page = None if transcript is None else stack.enter_context(NewFile(transcript, force=force))
        for number, one in lessons:
            try:
                taught.append(guide.teach(number, one))
            except EnvironmentUnfit as unfit:  # a machine without private stacks can play the others
                print_lines([f"UNSUPPORTED  lesson {number}: {unfit}"], sys.stdout)
                continue
            if page is not None:  # written after each lesson, in case the learner stops early
                page.fill(page_of(taught).encode())
    if transcript is not None and taught:
        print(f"transcript: {transcript}")
    return ExitCode.PASS if taught else ExitCode.ENVIRONMENT


def _ask(console: "Console") -> "Ask":
    from rich.prompt import Prompt

    def ask(question: "Question") -> float:
        while True:
            answer = Prompt.ask(f"Your prediction (for example {question.example})", console=console)
            try:
                return question.parse(answer)
            except ValueError as error:
                console.print(str(error), markup=False)

    return ask


def _show(speed: float, theme: str) -> "Show":

    from ..interruption import run_until_signal
    from ..views.drawing.theme import Theme
    from ..views.terminal.player import play

    def show(timeline: "Timeline") -> None:
        async def work() -> None:
            await play(timeline, speed, stays=True, paused=True, theme=Theme(theme))

        if run_until_signal(work):
            raise KeyboardInterrupt

    return show
