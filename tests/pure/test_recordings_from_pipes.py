"""A pipe is read once: a run is replayed from one, and what reads its input twice says so."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from .command_line import CommandLine

DATA = Path(__file__).parents[1] / "data"
RUN, PROBE = DATA / "run-3.jsonl", DATA / "probe-3.jsonl"
WRITTEN_DOWN = str(PROBE)


@contextmanager
def piped(source: Path) -> Iterator[str]:
    """The name of a pipe with the content of a file."""
    reading, writing = os.pipe()

    def write() -> None:
        with suppress(BrokenPipeError), os.fdopen(writing, "wb") as pipe:
            pipe.write(source.read_bytes())

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield f"/dev/fd/{reading}"
    finally:
        os.close(reading)
        thread.join()


def test_a_run_is_replayed_from_a_pipe(command_line: CommandLine) -> None:
    with piped(RUN) as pipe:
        assert command_line("replay", pipe, "--plain") == command_line("replay", str(RUN), "--plain")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("replay",), ("--plain",)),
        (("replay",), ("--json",)),
        (("report",), ("--format", "md")),
        (("compare",), (WRITTEN_DOWN,)),
        (("compare", WRITTEN_DOWN), ()),
    ],
)
def test_what_is_read_twice_is_no_pipe(
    before: tuple[str, ...], after: tuple[str, ...], command_line: CommandLine
) -> None:
    with piped(PROBE) as pipe:
        saying = (pipe, "is a pipe or a device, and has to be read twice: copy it to a file first")
        command_line.refuses(*before, pipe, *after, code=2, saying=saying)
