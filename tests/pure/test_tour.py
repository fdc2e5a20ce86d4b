"""The tour: the predictions that a learner types, their comparison, and the transcript."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from stallsim.cli.tour import tour
from stallsim.errors import EnvironmentUnfit
from stallsim.profile.load import load_profile
from stallsim.tour import guide
from stallsim.tour.guide import Guide
from stallsim.tour.lesson import Knob, Lesson, Measurement, Model, Question, Run, Unit
from stallsim.tour.lessons import all_lessons
from stallsim.tour.taught import Taught
from stallsim.tour.transcript import transcript
from stallsim.verdict.result import encode, nothing
from stallsim.verdict.verdict import unsupported

from .command_line import CommandLine

BYTES = Question(text="How many?", unit=Unit.BYTES, example="64KiB")
SECONDS = Question(text="How long?", unit=Unit.SECONDS, example="1s")
CHOICE = Question(text="Which?", unit=Unit.CHOICE, choices=("this", "that"), example="a")
LESSONS = all_lessons()


class Made(Lesson):
    title = "A lesson | of a test"
    idea = "An idea."
    question = BYTES
    run = Run(profile="stop-reading")
    look = "Look."
    why = "Because."
    knob = Knob(text="Turn it.", run=Run(profile="stop-reading", settings=("ticks=60",)))

    def measure(self, timeline: object) -> Measurement:
        raise AssertionError("nothing runs here")


def taught(prediction: float, measured: float) -> Taught:
    return Taught(
        number=1,
        lesson=Made(),
        prediction=prediction,
        scripted=False,
        measured=Measurement(value=measured, words="read."),
        model=Model(value=50, formula="half of 100"),
        turned=Measurement(value=7, words="read again."),
    )


@pytest.mark.parametrize(
    ("question", "typed", "value"),
    [
        (BYTES, " 64KiB ", 65536),
        (BYTES, "109080", 109080),
        (SECONDS, "250ms", 0.25),
        (CHOICE, "B", 1),
    ],
)
def test_a_prediction_is_read(question: Question, typed: str, value: float) -> None:
    assert question.parse(typed) == value


@pytest.mark.parametrize(
    ("question", "typed", "allowed"),
    [
        (BYTES, "many", "size"),
        (SECONDS, "3", "duration"),
        (CHOICE, "c", "a, b"),
        (CHOICE, "ab", "a, b"),
        (CHOICE, "", "a, b"),
    ],
)
def test_what_is_no_prediction_is_told_what_is(question: Question, typed: str, allowed: str) -> None:
    with pytest.raises(ValueError, match=allowed):
        question.parse(typed)


def test_a_prediction_within_a_tenth_is_right_and_another_is_compared() -> None:
    assert "The prediction is right" in taught(95, 100).comparison()
    assert taught(50, 100).comparison() == (
        "You predicted 50 bytes; the kernel reports 100 bytes, 2 times as much. The reason:"
    )
    assert "times" not in taught(0, 100).comparison()


def test_the_model_states_its_error() -> None:
    assert taught(1, 100).model_line() == "A simple model gives 50 bytes (half of 100); its error is 50%."


def test_a_transcript_has_a_row_and_a_section_for_each_lesson() -> None:
    text = transcript([taught(95, 100)], datetime(2026, 1, 2, 3, 4, tzinfo=UTC))
    assert "2026-01-02 03:04 UTC" in text
    assert "| 95 bytes | 100 bytes | 50 bytes |" in text
    assert "Then the result is 7 bytes: read again." in text
    assert "`stallsim run stop-reading`" in text


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda one: type(one).__name__)
def test_a_lesson_asks_what_it_can_read_and_runs_what_there_is(lesson: Lesson) -> None:
    lesson.question.parse(lesson.question.example)
    assert (lesson.question.unit is Unit.CHOICE) == bool(lesson.question.choices)
    for run in (lesson.run, lesson.knob.run):
        assert load_profile(run.profile, run.settings).scenario.ticks > 0


def test_the_titles_are_those_of_twelve_lessons() -> None:
    assert len({one.title for one in LESSONS}) == len(LESSONS) == 12


def test_a_tour_that_is_stopped_before_its_first_lesson_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Guide, "teach", stop)
    page = tmp_path / "tour.md"
    with pytest.raises(KeyboardInterrupt):
        tour(1, transcript=page, non_interactive=True)
    assert not page.exists()
    page.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        tour(1, transcript=page, force=True, non_interactive=True)
    assert page.read_text() == "old"


def test_a_lesson_that_this_machine_cannot_play_is_left_out_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command_line: CommandLine
) -> None:
    """Three lessons need a private stack."""
    missing = unsupported("private stack: this system forbids it; allow user namespaces")
    answer = encode(nothing(load_profile("half-open").scenario, missing)).encode()
    monkeypatch.setattr(guide, "ask_blocking", lambda *_: answer)
    page = tmp_path / "tour.md"
    ended = command_line("tour", "7", "--non-interactive", "--transcript", str(page))
    assert (ended.code, ended.err) == (3, "")
    line = ended.out.splitlines()[-1]
    assert line == "UNSUPPORTED  lesson 7: private stack: this system forbids it; allow user namespaces"
    assert not page.exists()


def test_the_other_lessons_are_played(monkeypatch: pytest.MonkeyPatch, command_line: CommandLine) -> None:
    def teach(_: Guide, number: int, __: Lesson) -> Taught:
        if number == 7:
            raise EnvironmentUnfit("private stack: this system forbids it")
        return taught(1, 1)

    monkeypatch.setattr(Guide, "teach", teach)
    ended = command_line("tour", "--non-interactive")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "UNSUPPORTED  lesson 7: private stack: this system forbids it\n"
