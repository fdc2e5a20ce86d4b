"""The command line: one file per command, and this one place where errors become exit codes."""

import os
import signal
import sys
from typing import Annotated

import typer
from typer.exceptions import Exit, TyperException

from .. import __version__
from ..errors import ExitCode, StallsimError
from ..linux import require_linux
from .diff import diff
from .list import list_
from .replay import replay
from .run import run
from .schema import schema
from .show import show

app = typer.Typer(
    name="stallsim",
    help="Make a WebSocket client stall on purpose, and see every queue fill.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for _command, _name in (
    (run, "run"),
    (list_, "list"),
    (show, "show"),
    (replay, "replay"),
    (diff, "diff"),
    (schema, "schema"),
):
    app.command(_name)(_command)


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
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        require_linux()
        code = app(args=sys.argv[1:] or ["--help"], standalone_mode=False)
        sys.stdout.flush()
    except StallsimError as error:
        code = _fail(str(error), error.exit_code)
    except TyperException as error:
        code = _fail(error.format_message(), ExitCode.USAGE)
    except (KeyboardInterrupt, typer.Abort):
        code = ExitCode.INTERRUPTED
    except BrokenPipeError:
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
