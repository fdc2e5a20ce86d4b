"""Figures and Parquet: the files can be opened, have the right content, and name what is missing."""

import io
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from stallsim.errors import ReportError, Unavailable
from stallsim.reports.formats import FORMATS
from stallsim.reports.found import Found, found_in
from stallsim.reports.tracks import thin_tracks
from stallsim.timeline.sample import Sample

from .builders import sample
from .reports import HOSTILE, a_fleet, a_matrix, a_probe, a_run, stalled_run
from .test_reports import recorded

SVG = "{http://www.w3.org/2000/svg}"
BEGINNINGS = {"png": b"\x89PNG\r\n\x1a\n", "svg": b"<?xml", "pdf": b"%PDF-"}


def made(name: str, *found: Found) -> bytes:
    out = io.BytesIO()
    FORMATS.find(name)().write(found, out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "found"),
    [("png", [a_run()]), ("pdf", [a_run()]), ("svg", [a_run()] * 2), ("svg", [a_fleet()])],
)
def test_a_figure_is_of_its_format_and_the_same_each_time(name: str, found: Sequence[Found]) -> None:
    pytest.importorskip("matplotlib", reason="the extra plot is not installed")
    drawn = made(name, *found)
    assert drawn.startswith(BEGINNINGS[name])
    assert drawn == made(name, *found)


def test_a_figure_names_the_phases_with_the_numbers_of_their_beginnings() -> None:
    pytest.importorskip("matplotlib", reason="the extra plot is not installed")
    hostile = Found(HOSTILE, a_run().account._replace(title=HOSTILE), stalled_run())
    root = ET.fromstring(made("svg", hostile))
    words = ["".join(one.itertext()).strip() for one in root.iter(f"{SVG}text")]
    for number, phase in enumerate(stalled_run().phases(0), start=1):
        assert f"{number} {phase.phase.value}" in words
        assert f"queue {phase.sample.queue_bytes:,}" in words
    assert any("onerror" in one for one in words)


def test_a_figure_without_samples_says_so() -> None:
    pytest.importorskip("matplotlib", reason="the extra plot is not installed")
    with pytest.raises(ReportError, match="report the recording instead"):
        made("png", a_probe())
    with pytest.raises(ReportError, match="no cell of the matrix was run"):
        made("png", a_matrix())
    with pytest.raises(ReportError, match="no axis in common"):
        made("png", a_matrix(), a_run())


def test_parquet_read_back_is_equal_to_the_samples(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="the extra parquet is not installed")
    path = tmp_path / "run.parquet"
    path.write_bytes(made("parquet", found_in(recorded(stalled_run(), tmp_path / "run.jsonl"))))
    fields = Sample.__struct_fields__
    rows = duckdb.sql(f"SELECT {', '.join(fields)} FROM '{path}'").fetchall()
    series = stalled_run().samples[0]
    assert rows == [
        tuple(getattr(value, "value", value) for value in (getattr(one, name) for name in fields))
        for one in series
    ]


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no extra were installed."""
    for module in ("_figure", "parquet"):
        monkeypatch.setattr(f"stallsim.reports.formats.{module}.find_spec", lambda _: None)


@pytest.mark.parametrize(("name", "extra"), [("png", "plot"), ("pdf", "plot"), ("parquet", "parquet")])
@pytest.mark.usefixtures("bare")
def test_a_missing_extra_is_named_with_what_installs_it(name: str, extra: str) -> None:
    with pytest.raises(Unavailable, match=rf"not installed; pip install 'stallsim\[{extra}\]'"):
        FORMATS.find(name)().prepare()


def test_thinning_keeps_every_peak_and_every_beginning() -> None:
    series = [sample(tick, queue_bytes=tick % 7, snd_wnd_bytes=9) for tick in range(10_000)]
    series[4_321] = sample(4_321, queue_bytes=10**6, snd_wnd_bytes=9)
    series[6_543] = sample(6_543, rcvq_bytes=10**6, snd_wnd_bytes=9)
    series[7_777] = sample(7_777, snd_wnd_bytes=0)
    kept = thin_tracks(series, {1_234}, 500)
    assert len(kept) <= 600
    assert {0, 1_234, 4_321, 6_543, 7_777, 9_999} <= {one.tick for one in kept}
    assert [one.tick for one in kept] == sorted({one.tick for one in kept})
