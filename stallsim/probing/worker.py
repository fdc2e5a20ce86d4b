"""The process behind ``probe_blocking``: a spec as JSON on standard input, a result on standard output."""

import sys

import msgspec

from ..helper import answer
from .run_probe import run_probe
from .spec import ProbeSpec


def work(question: bytes) -> bytes | None:
    """A spec in, a result out; None where a signal ended it. Raises what ``probe`` raises."""
    result = run_probe(msgspec.json.decode(question, type=ProbeSpec))
    return None if result is None or result.interrupted else msgspec.json.encode(result)


if __name__ == "__main__":
    sys.exit(answer(work))
