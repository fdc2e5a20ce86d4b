"""The tour without a learner: every lesson measures the answer to its question."""

import re
from pathlib import Path

import pytest

from stallsim.profile.load import load_profile
from stallsim.profile.scenario import Pace
from stallsim.tour.lesson import Lesson
from stallsim.tour.lessons import all_lessons

from .running import command


def _parameter(number: int, lesson: Lesson) -> object:
    pace = load_profile(lesson.run.profile, lesson.run.settings).scenario.pace
    return pytest.param(number, marks=[pytest.mark.realtime] if pace is Pace.REALTIME else [])


@pytest.mark.slow
@pytest.mark.loopback
@pytest.mark.parametrize("number", [_parameter(*one) for one in enumerate(all_lessons(), 1)])
def test_a_lesson_is_played_to_its_end(number: int, tmp_path: Path) -> None:
    page = tmp_path / "tour.md"
    done = command("tour", str(number), "--non-interactive", "--transcript", str(page))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    (row,) = re.findall(rf"^\| {number}\. .*$", page.read_text(), re.MULTILINE)
    _, _, predicted, measured, *_ = (cell.strip() for cell in row.split("|"))
    assert measured
    assert "(example)" in predicted
    assert re.search(r"Then the result is ", page.read_text())
