"""The command line: one file for each command, and the single place where errors become exit codes."""

import sys
from collections.abc import Sequence
from typing import NoReturn

from ..errors import ExitCode, OptionError, StallsimError, one_line, refusal
from ..linux import require_address_space, require_linux
from ..named_options import flag_of, for_command_line
from ..signals import Interrupted, ignore_signals, leave_soon, raise_on_signals
from ..streams import ReaderGone, flush_for_good, has_hung_up
from ._lines import print_lines
from .list import list_

_LIST = ["list"]
"""The command that needs neither typer nor the other commands, whose imports would take most of its
time.
"""


def main() -> NoReturn:
    """Run the command line; never returns. Errors are one line on standard error."""
    try:
        raise_on_signals()
        code = _run(sys.argv[1:] or ["--help"])
        ignore_signals()
    except BaseException as error:
        if not (Interrupted.raised or isinstance(error, KeyboardInterrupt)):
            raise
        leave_soon()
        code = ExitCode.INTERRUPTED
    flush_for_good()
    sys.exit(code)


def _run(arguments: Sequence[str]) -> int:
    """Run a command line; return its exit code."""
    try:
        require_linux()
        require_address_space()
        code = list_() if [*arguments] == _LIST else _run_app(arguments)
        sys.stdout.flush()
    except OptionError as error:
        return _fail(f"{flag_of(error.option)}: {error.problem}", error.exit_code)
    except StallsimError as error:
        return _fail(str(error), error.exit_code)
    except UnicodeEncodeError as error:  # for example in the name of a file
        return _fail(f"{error.object!r} cannot be written as {error.encoding} text", ExitCode.USAGE)
    except ReaderGone:  # the reader of a pipe has ended (``stallsim list | head``)
        return ExitCode.PASS
    except Exception as error:
        if isinstance(error, OSError) and has_hung_up(error):
            return ExitCode.INTERRUPTED
        refused = refusal(error)
        if refused is None:
            raise
        return _fail(str(refused), refused.exit_code)
    return code if isinstance(code, int) else ExitCode.PASS


def _run_app(arguments: Sequence[str]) -> object:
    from ._app import run_app

    return run_app(arguments)


def _fail(message: str, code: ExitCode) -> ExitCode:
    if Interrupted.raised:
        return ExitCode.INTERRUPTED
    print_lines([f"stallsim: {one_line(for_command_line(message))}"], sys.stderr)
    return code
