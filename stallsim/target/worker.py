"""The process behind ``probe_blocking``: a spec as JSON on standard input, a result on standard output."""

import sys

import msgspec
import trio

from ..helper import answer
from ..interruption import until_signal
from .probe import probe
from .result import ProbeResult
from .spec import ProbeSpec
from .stack import enter_if_wanted


def perform(question: bytes) -> bytes | None:
    """A spec in, a result out; None where a signal ended it. Raises what ``probe`` raises."""
    spec = msgspec.json.decode(question, type=ProbeSpec)
    found: list[ProbeResult] = []

    async def work() -> None:
        found.append(await probe(spec))

    enter_if_wanted(spec)
    return None if trio.run(until_signal, work) else msgspec.json.encode(found[0])


if __name__ == "__main__":
    sys.exit(answer(perform))
