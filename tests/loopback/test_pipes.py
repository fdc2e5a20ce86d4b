"""A reader that closes the pipe is no error, and no command prints more than was asked for."""

import subprocess

import pytest

from .running import COMMAND, ENVIRONMENT, command

pytestmark = pytest.mark.loopback


@pytest.mark.parametrize(
    "words",
    [
        ("run", "mixed-crowd"),
        ("run", "mixed-crowd", "--json"),
        ("run", "mixed-crowd", "--set", "pace=realtime", "--set", "stream.interval=1ms"),
        ("list",),
        ("show", "mixed-crowd"),
        ("schema",),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("lines", [0, 1])
def test_a_closed_pipe_is_no_error(words: tuple[str, ...], lines: int) -> None:
    with subprocess.Popen(
        [*COMMAND, *words], env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for _ in range(lines):
            assert process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (0, b"")


def test_plain_lines_are_the_same_each_time() -> None:
    first, second = (command("run", "mixed-crowd") for _ in range(2))
    assert first.stdout == second.stdout
    assert (first.returncode, first.stderr) == (0, "")
    assert all(line.isascii() and line.isprintable() for line in first.stdout.splitlines())
