"""Leads a learner through lessons: ask, run, show, measure, explain, change one setting.

Every run is a run of ``stallsim run`` in a process of its own; its recording is shown and measured.
"""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from msgspec.structs import replace
from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from ..errors import EnvironmentUnfit
from ..helper import ask_blocking
from ..kinds import EventKind
from ..runner.worker import RunSpec
from ..timeline.recording import load_recording
from ..timeline.records import PhaseEvent
from ..timeline.timeline import Timeline
from ..verdict.result import Result
from ..verdict.verdict import VerdictKind
from ..views.words import describe_happening
from .lesson import Lesson, Question, Run
from .taught import Taught

Ask = Callable[[Question], float]
Show = Callable[[Timeline], None]
_KEYS = "Keys of the dashboard: ] next phase, . next tick, space play or pause, q back to the lesson."
_WORKER = "stallsim.runner.worker"
_MARKS = (EventKind.STALLED, EventKind.ZERO_WINDOW)


class Guide:
    """Teaches lessons. ``ask`` returns a prediction, and is None if there is no learner; ``show`` shows a
    run.
    """

    def __init__(self, console: Console, ask: Ask | None, show: Show | None) -> None:
        self._console, self._ask, self._show = console, ask, show

    def teach(self, number: int, lesson: Lesson) -> Taught:
        """Teach one lesson, from its question to its knob. Raises EnvironmentUnfit if this machine cannot
        execute a run of it.
        """
        self._console.print(Rule(Text(f"{number}. {lesson.title}"), align="left"))
        self._print(lesson.idea)
        prediction = self._predict(lesson.question)
        self._print(lesson.look)
        if self._show is not None:
            self._print(_KEYS, style="dim")
        timeline = self._run(lesson.run)
        self._print("\n".join(_sentences(timeline)), style="dim")
        measured, model = lesson.measure(timeline), lesson.model(timeline)
        taught = Taught(
            number=number,
            lesson=lesson,
            prediction=prediction,
            scripted=self._ask is None,
            measured=measured,
            model=model,
            turned=None,
        )
        self._explain(taught)
        self._print(lesson.knob.text, style="bold")
        turned = lesson.measure(self._run(lesson.knob.run))
        self._print(f"The result is now {lesson.question.show(turned.value)}: {turned.words}")
        return replace(taught, turned=turned)

    def _predict(self, question: Question) -> float:
        choices = [
            f"\n  {letter}) {one}" for letter, one in zip("abcdefgh", question.choices, strict=False)
        ]
        self._print("".join([question.text, *choices]), style="bold")
        return self._ask(question) if self._ask else question.parse(question.example)

    def _explain(self, taught: Taught) -> None:
        self._print(taught.comparison(), style="bold")
        self._print(taught.lesson.why)
        self._print(f"Measured: {taught.measured.words}")
        model = taught.model_line()
        if model is not None:
            self._print(model)

    def _run(self, run: Run) -> Timeline:
        self._print(f"$ {run.command}", style="dim")
        with tempfile.TemporaryDirectory(prefix="stallsim-tour-") as folder:
            recording = Path(folder) / "run.jsonl"
            spec = RunSpec(profile=run.profile, overrides=run.settings, record=str(recording))
            result = msgspec.json.decode(ask_blocking(_WORKER, msgspec.json.encode(spec)), type=Result)
            if result.verdict == VerdictKind.UNSUPPORTED.value:
                raise EnvironmentUnfit(result.reasons[0])
            timeline = load_recording(recording)
        if self._show is not None:
            self._show(timeline)
        return timeline

    def _print(self, text: str, style: str = "") -> None:
        self._console.print(Padding(Text(text, style=style), (0, 0, 1, 0)))


def _sentences(timeline: Timeline) -> Iterator[str]:
    """What happened in each phase, in the words of the dashboard's event log."""
    for one in timeline.happenings:
        if isinstance(one, PhaseEvent) or one.kind in _MARKS:
            yield f"tick {one.tick}: {describe_happening(one, timeline)}"
