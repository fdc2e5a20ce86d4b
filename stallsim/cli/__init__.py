"""The command line: one file per command, and this one place where errors become exit codes."""

import functools
import os
import signal
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.exceptions import Exit, TyperException

from .. import __version__
from ..errors import ExitCode, StallsimError
from ..linux import require_linux
from .diff import diff
from .list import list_
from .matrix import matrix
from .probe import probe
from .replay import replay
from .run import run
from .schema import schema
from .show import show


class _ReaderGone(Exception):
    """Standard output is a pipe that nobody reads any more."""


def _guarded(command: Callable[..., int | None]) -> Callable[..., int | None]:
    """The command, with a closed pipe told as what it is: left to it, click would exit 1."""

    @functools.wraps(command)
    def run_command(*arguments: Any, **options: Any) -> int | None:
        try:
            code = command(*arguments, **options)
            sys.stdout.flush()
        except BrokenPipeError:
            raise _ReaderGone from None
        return code

    return run_command


app = typer.Typer(
    name="stallsim",
    help="Make a WebSocket client stall on purpose, and see every queue fill.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for _command, _name in (
    (run, "run"),
    (probe, "probe"),
    (list_, "list"),
    (show, "show"),
    (replay, "replay"),
    (diff, "diff"),
    (matrix, "matrix"),
    (schema, "schema"),
):
    app.command(_name)(_guarded(_command))


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"stallsim {__version__}")
        raise Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Make a WebSocket client stall on purpose, and see every queue fill."""


def main() -> None:
    """Run the command line; never returns. Errors are one line on standard error."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    if sys.stdout is None:  # started with it closed (``>&-``)
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - for as long as the process lives
    try:
        require_linux()
        code = app(args=sys.argv[1:] or ["--help"], standalone_mode=False)
    except StallsimError as error:
        code = _fail(str(error), error.exit_code)
    except TyperException as error:
        code = _fail(error.format_message(), ExitCode.USAGE)
    except (KeyboardInterrupt, typer.Abort):
        code = ExitCode.INTERRUPTED
    except (_ReaderGone, BrokenPipeError):
        code = ExitCode.PASS  # the reader has what it wanted (``stallsim list | head``)
        _close_stdout()
    except OSError as error:
        code = _fail(f"the system refused: {error}", ExitCode.ENVIRONMENT)
        _close_stdout()
    sys.exit(code if isinstance(code, int) else ExitCode.PASS)


def _close_stdout() -> None:
    """What is left in the buffer has no reader, and Python would complain about it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(message: str, code: ExitCode) -> ExitCode:
    line = " ".join("".join(c if c.isprintable() else "?" for c in message).split())
    print(f"stallsim: {line}", file=sys.stderr)
    return code
