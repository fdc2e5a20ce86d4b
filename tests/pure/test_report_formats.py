"""The rules for every report format; a new format is tested without being named here."""

import io
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from stallsim.errors import ReportError
from stallsim.reports.formats import FORMATS
from stallsim.reports.formats._base import Format
from stallsim.reports.formats._figure import PlotFormat
from stallsim.reports.found import Found, found_matrix
from stallsim.reports.output import format_of

from .raw_text import RAW
from .reports import HOSTILE, a_fleet, a_matrix, a_probe, a_run, can_be_written, probe_result, stalled_run

SUBJECTS = {
    "a run": [a_run()],
    "two runs": [a_run()] * 2,
    "a probe": [a_probe()],
    "a matrix": [a_matrix()],
    "a fleet": [a_fleet()],
    "a run, a probe and a fleet": [a_run(), a_probe(), a_fleet()],
}
MUST_BE_WRITTEN = ("a run", "two runs")
"""Every format has a place for a recording; for another subject it may say that it has none."""


@pytest.mark.parametrize("name", FORMATS.names())
def test_a_format_is_one_documented_file_with_suffixes_of_its_own(name: str) -> None:
    assert FORMATS.summary(name)
    others = [FORMATS.find(other).suffixes() for other in FORMATS.names() if other != name]
    for suffix in FORMATS.find(name).suffixes():
        assert isinstance(format_of(f"x{suffix}"), FORMATS.find(name))
        assert not any(suffix in each for each in others)


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("name", FORMATS.names())
def test_a_format_writes_every_subject_or_says_that_it_has_no_place_for_it(name: str, subject: str) -> None:
    if not can_be_written(FORMATS.find(name)):
        pytest.skip(f"what {name} needs is not installed")
    try:
        content = written(name, SUBJECTS[subject])
    except ReportError:
        assert subject not in MUST_BE_WRITTEN, f"{name} has no place for {subject}"
        return
    assert content, f"{name} writes nothing of {subject}"
    if FORMATS.find(name).is_text:
        found = RAW.search(text_of(name, content))
        assert found is None, f"{name} writes a character raw that a server has sent: {found!r}"


def test_the_words_in_the_subjects_are_hostile() -> None:
    assert RAW.search(HOSTILE)
    for subject in (stalled_run().happenings, probe_result()):
        assert repr(HOSTILE)[1:-1] in repr(subject)


def test_a_run_gives_the_same_file_each_time() -> None:
    """Figures are held to it in ``test_reports_drawn``: each takes a second."""
    kinds = {name: FORMATS.find(name) for name in FORMATS.names()}
    names = [name for name, kind in kinds.items() if can_be_written(kind) and not _is_drawn(kind)]
    differ = [name for name in names if written(name, [a_run()]) != written(name, [a_run()])]
    assert differ == []


def _is_drawn(kind: type[Format]) -> bool:
    return issubclass(kind, PlotFormat)


def written(name: str, found: Sequence[Found]) -> bytes:
    out = io.BytesIO()
    FORMATS.find(name)().write(found, out)
    return out.getvalue()


def text_of(name: str, content: bytes) -> str:
    try:
        return content.decode().replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise AssertionError(f"{name} writes no UTF-8: its class says is_text = False") from None


@pytest.mark.parametrize("name", ["md", "html", "csv", "junit"])
def test_the_names_in_a_matrix_are_text_from_outside_too(name: str) -> None:
    """Policies, guards and clients are columns, titles and rows, and a file may name any."""
    matrix = a_matrix().matrix
    assert matrix is not None
    cells = [replace(one, policy=HOSTILE, guards=HOSTILE, client=HOSTILE) for one in matrix.cells]
    made = io.BytesIO()
    FORMATS.find(name)().write([found_matrix(replace(matrix, cells=cells), HOSTILE)], made)
    assert RAW.search(made.getvalue().decode().replace("\r\n", "\n")) is None
