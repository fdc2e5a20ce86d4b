"""The predictions and measurements of a tour as Markdown, which a teacher can collect."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from platform import release

from ..version import __version__
from .taught import Taught


def transcript(taught: Sequence[Taught], at: datetime | None = None) -> str:
    """A table, then the lessons with their explanations. ``at`` is the time in the heading; by
    default now.
    """
    return "\n".join(_lines(taught, at or datetime.now(UTC))) + "\n"


def _lines(taught: Sequence[Taught], at: datetime) -> Iterator[str]:
    yield "# TCP flow control: predictions and measurements"
    yield ""
    yield f"stallsim {__version__}, Linux {release()}, {at:%Y-%m-%d %H:%M} UTC"
    yield ""
    yield "| lesson | predicted | measured | model |"
    yield "|---|---|---|---|"
    for one in taught:
        show = one.lesson.question.show
        model = "" if one.model is None else show(one.model.value)
        guess = f"{show(one.prediction)}{' (example)' if one.scripted else ''}"
        yield f"| {one.number}. {one.lesson.title} | {guess} | {show(one.measured.value)} | {model} |"
    for one in taught:
        yield from _lesson(one)


def _lesson(one: Taught) -> Iterator[str]:
    lesson = one.lesson
    yield from ("", f"## {one.number}. {lesson.title}", "", lesson.question.text, "")
    yield from (f"{one.comparison()} {lesson.why}", "")
    yield f"- Measured: {one.measured.words}"
    model = one.model_line()
    if model is not None:
        yield f"- {model}"
    if one.turned is not None:
        then = lesson.question.show(one.turned.value)
        yield f"- {lesson.knob.text} Then the result is {then}: {one.turned.words}"
    yield f"- To repeat the run: `{lesson.run.command}`"
