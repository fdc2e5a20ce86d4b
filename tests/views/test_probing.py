"""The progress line of a probe: refused bytes are marked as inferred, and hostile text is cleaned."""

import io

from stallsim.progress_bar import BarConsole
from stallsim.views.probing import ProbeProgress

from .probe_scenes import probe


def line_of(name: str = "stop-reading") -> str:
    out = io.StringIO()
    timeline = probe(name=name)
    console = BarConsole(file=out, force_terminal=True, width=150, color_system=None, _environ={})
    with ProbeProgress(console) as progress:
        assert timeline.header is not None
        progress(timeline.header)
        for info in timeline.connections:
            progress(info)
        rest = [*timeline.happenings, *timeline.memory[1], *timeline.samples[1]]
        for record in sorted(rest, key=lambda one: one.tick):
            progress(record)
    return out.getvalue()


def test_it_names_stall_refusal_and_memory() -> None:
    text = line_of()
    assert "stop-reading: the client is stalled" in text
    assert "stop-reading: the client reads again" in text
    assert "refused by the kernels ~" in text
    assert "server's memory 30." in text


def test_hostile_names_stay_harmless() -> None:
    assert "\x1b[2J" not in line_of("\x1b[2J\u202e")
