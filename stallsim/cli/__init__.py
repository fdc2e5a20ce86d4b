"""The command line: one file per command, and this one place where errors become exit codes."""

import builtins
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from typer.exceptions import Exit, TyperException

from ..errors import ExitCode, OptionError, StallsimError, one_line
from ..family import names_in
from ..linux import require_linux
from ..named_options import flag_of, for_command_line
from ..signals import Interrupted, ignore_signals, raise_on_signals
from ..streams import ReaderGone, flush_for_good, has_hung_up
from ..version import __version__
from ._lines import print_lines
from ._options_in_order import OptionsInOrder
from .list import list_


def _examples(command: Callable[..., object]) -> str:
    """The examples of the command's module, a line each; the mark before them keeps click from wrapping."""
    lines: tuple[str, ...] = sys.modules[command.__module__].EXAMPLES
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


app = typer.Typer(
    name="stallsim",
    help="Make a WebSocket client stall on purpose, and see every queue fill.",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _commands() -> Iterator[tuple[str, Callable[..., object]]]:
    """Each module here without an underscore is a command, and has a function of its name."""
    for name in names_in(Path(__file__).parent):
        function = name.replace("-", "_")
        module = import_module(f".{function}", __name__)
        yield name, getattr(module, f"{function}_" if hasattr(builtins, function) else function)


for _name, _command in _commands():
    app.command(_name, cls=OptionsInOrder, epilog=_examples(_command))(_command)


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


_LIST = ["list"]
"""Without typer, which imports pydantic for the first option that there is: a quarter of a second."""


def main() -> NoReturn:
    """Run the command line; never returns. Errors are one line on standard error."""
    try:
        raise_on_signals()
        code = _run(sys.argv[1:] or ["--help"])
        ignore_signals()
    except BaseException as error:
        if not (Interrupted.raised or isinstance(error, KeyboardInterrupt)):
            raise
        ignore_signals()
        code = ExitCode.INTERRUPTED
    flush_for_good()
    sys.exit(code)


def _run(arguments: Sequence[str]) -> int:
    """The exit code of a command line."""
    try:
        require_linux()
        code = list_() if [*arguments] == _LIST else app(args=arguments, standalone_mode=False)
        sys.stdout.flush()
    except OptionError as error:
        return _fail(f"{flag_of(error.option)}: {error.problem}", error.exit_code)
    except StallsimError as error:
        return _fail(str(error), error.exit_code)
    except TyperException as error:
        return _fail(error.format_message(), ExitCode.USAGE)
    except typer.Abort:
        return ExitCode.INTERRUPTED
    except ReaderGone:  # it has what it wanted (``stallsim list | head``)
        return ExitCode.PASS
    except OSError as error:
        if has_hung_up(error):
            return ExitCode.INTERRUPTED
        return _fail(f"the system refused: {error}", ExitCode.ENVIRONMENT)
    return code if isinstance(code, int) else ExitCode.PASS


def _fail(message: str, code: ExitCode) -> ExitCode:
    if Interrupted.raised:
        return ExitCode.INTERRUPTED
    print_lines([f"stallsim: {one_line(for_command_line(message))}"], sys.stderr)
    return code
