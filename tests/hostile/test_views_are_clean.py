"""Whatever text a recording holds, no view shows it raw: dashboard, plain lines, reports of text."""

import io
import json
import random
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from stallsim.errors import StallsimError
from stallsim.reports.formats import FORMATS
from stallsim.reports.formats._base import Format
from stallsim.reports.formats._figure import PlotFormat
from stallsim.reports.found import found_timeline
from stallsim.timeline.recording import load_recording
from stallsim.timeline.timeline import Timeline
from stallsim.views.drawing.controls import Controls
from stallsim.views.drawing.dashboard import Dashboard
from stallsim.views.drawing.palette import ASCII, UNICODE
from stallsim.views.plain import write_plain
from tests.pure.raw_text import RAW
from tests.pure.reports import can_be_written

from .damage import HOSTILE_TEXT

DATA = Path(__file__).parents[1] / "data"
OURS = frozenset(
    {
        "type",
        "kind",
        "phase",
        "stalls",
        "policy",
        "write",
        "pace",
        "outcome",
        "confidence",
        "name",
        "stall",
        "refusal",
        "metric",
        "fin",
        "content",
    }
)
"""Keys whose values are words of ours: with others the recording is refused."""
SEEDS = 6


def text_formats(seed: int) -> list[type[Format]]:
    """Those that are text, and can be written on this machine; those that are drawn, of the first seed."""
    formats = [FORMATS.find(name) for name in FORMATS.names()]
    texts = [one for one in formats if one.is_text and can_be_written(one)]
    return [one for one in texts if seed == 0 or not issubclass(one, PlotFormat)]


def forged(recording: Path, draw: random.Random, folder: Path) -> Timeline | None:
    """The recording with hostile texts; None where that makes it one that is refused."""
    lines = []
    for line in recording.read_text().splitlines():
        value = json.loads(line)
        if isinstance(value, dict):
            _forge(value, draw)
        lines.append(json.dumps(value))
    path = folder / "forged.jsonl"
    path.write_text("\n".join(lines) + "\n")
    try:
        return load_recording(path)
    except StallsimError:
        return None


def _forge(value: Any, draw: random.Random) -> None:
    for key, inner in list(value.items()) if isinstance(value, dict) else enumerate(value):
        if key == "sample":  # its one text is a word of ours
            continue
        if isinstance(inner, dict | list):
            _forge(inner, draw)
        elif isinstance(inner, str) and key not in OURS and draw.random() < 0.4:
            value[key] = draw.choice(HOSTILE_TEXT)


@pytest.mark.parametrize("recording", sorted(DATA.glob("*.jsonl")), ids=lambda path: path.name)
def test_no_view_shows_text_from_outside_raw(recording: Path, tmp_path: Path) -> None:
    shown = 0
    for seed in range(SEEDS):
        timeline = forged(recording, random.Random(f"{recording.name} {seed}"), tmp_path)
        if timeline is None:
            continue
        shown += 1
        for text in everything_shown(timeline, seed):
            found = RAW.search(text)
            assert found is None, f"seed {seed}: {text[max(0, found.start() - 60) : found.end() + 60]!r}"
    assert shown, "every forgery was refused: nothing was tested"


def everything_shown(timeline: Timeline, seed: int) -> list[str]:
    out = io.StringIO()
    write_plain(timeline, out)
    dashboard = Dashboard(timeline)
    dashboard.moments.catch_up()
    frames = []
    for tick in {0, dashboard.last_tick // 2, dashboard.last_tick}:
        for width, height, glyphs in ((100, 30, UNICODE), (60, 20, ASCII), (160, 50, UNICODE)):
            frames.append(dashboard.frame(tick, Controls(0), width, height, glyphs).text)
            console = Console(file=io.StringIO(), width=width, force_terminal=False)
            console.print(dashboard.frame(tick, Controls(0), width, height, glyphs))
            frames.append(console.file.getvalue())  # type: ignore[attr-defined]
    reports = []
    for kind in text_formats(seed):
        made = io.BytesIO()
        kind().write([found_timeline(timeline, "a recording")], made)
        reports.append(made.getvalue().decode().replace("\r\n", "\n"))
    return [out.getvalue(), *frames, *reports]
