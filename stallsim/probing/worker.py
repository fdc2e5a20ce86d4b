"""The process of ``probe_blocking``: a spec as JSON on standard input, a result on standard output."""

import sys

import msgspec

from ..helper import answer
from ..timeline.timeline import Timeline
from .recording.file import recorded
from .run_probe import run_probe
from .spec import ProbeSpec


def work(question: bytes) -> bytes | None:
    """Run the probe of a spec and return its result; None if a signal ended it. Raises what ``probe``
    raises.
    """
    spec, timeline = msgspec.json.decode(question, type=ProbeSpec), Timeline()
    with recorded(spec, timeline) as recorder:
        result = run_probe(spec, timeline=timeline)
    if recorder is not None:
        recorder.check()
    return None if result is None or result.interrupted else msgspec.json.encode(result)


if __name__ == "__main__":
    sys.exit(answer(work))
