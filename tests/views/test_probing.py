"""The one line of a probe whose report goes elsewhere: what is refused is inferred, and it is harmless."""

import io

from rich.console import Console

from stallsim.views.probing import ProbeProgress

from .probe_scenes import probe


def line_of(name: str = "stop-reading") -> str:
    out = io.StringIO()
    timeline = probe(name=name)
    console = Console(file=out, force_terminal=True, width=150, color_system=None, _environ={})
    with ProbeProgress(console) as progress:
        for record in timeline.records():
            progress(record)
        for memory in timeline.memory:
            progress(memory)
        for sample in timeline.samples[1]:
            progress(sample)
    return out.getvalue()


def test_it_names_stall_refusal_and_memory() -> None:
    text = line_of()
    assert "zero-window: the client" in text
    assert "refused by the kernels ~" in text
    assert "server's memory 30." in text


def test_hostile_names_stay_harmless() -> None:
    assert "\x1b[2J" not in line_of("\x1b[2J\u202e")
