"""The commands as typer's application, made only if a command needs it; each command is one file."""

import builtins
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import Exit, TyperException

from ..errors import ExitCode, StallsimError
from ..family import names_in
from ..version import __version__
from ._options_in_order import OptionsInOrder


def _examples(command: Callable[..., object]) -> str:
    """The examples of the command's module, one a line; the mark before them keeps click from wrapping
    them.
    """
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
    """The commands: each module here without an underscore contains a function with its name."""
    for name in names_in(Path(__file__).parent):
        function = name.replace("-", "_")
        module = import_module(f".{function}", __package__)
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


def run_app(arguments: Sequence[str]) -> object:
    """Run a command and return its result. Raises the command's errors, and StallsimError for a wrong
    command line.
    """
    try:
        return app(args=arguments, standalone_mode=False)
    except TyperException as error:
        raise StallsimError(error.format_message()) from None
    except typer.Abort:
        return ExitCode.INTERRUPTED
