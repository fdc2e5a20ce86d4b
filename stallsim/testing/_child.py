"""Runs a check in a child of this process, which may enter a network stack of its own, and returns its
result.

The child is a copy (fork), since a checked client need not be importable: a test may have defined it in a
function. This process keeps its threads, its event loop and its stack.
"""

import os
import signal
import traceback
import warnings
from collections.abc import Callable

import msgspec
from msgspec import Struct

from ..children.copies import fork_copy
from ..errors import StallsimError
from ..helper import Failure
from ..interruption import innermost
from ._contract import ContractBroken


class _Broken(Struct, frozen=True, tag="broken"):
    """The contract does not hold."""

    expected: str


class _Failed(Struct, frozen=True, tag="failed"):
    """The check could not be run."""

    failure: Failure


class _Crashed(Struct, frozen=True, tag="crashed"):
    """The client's own code raised an error."""

    trace: str


class ClientCrashed(Exception):
    """The client under check has raised an error; the text is its traceback."""


def in_child(check: Callable[[], None]) -> None:
    """Call ``check`` in a child. Raises ContractBroken or StallsimError as it did, ClientCrashed for any
    other error. Not to be called in a thread in which an event loop runs: the child would have it, too.
    """
    reads, writes = os.pipe()

    def work() -> None:
        signal.set_wakeup_fd(-1)  # it belongs to the parent's event loop
        os.write(writes, msgspec.json.encode(_found(check)))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the child needs no other thread
        pid = fork_copy(work)
    os.close(writes)
    with os.fdopen(reads, "rb") as file:
        answer = file.read()
    _, status = os.waitpid(pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise ClientCrashed(f"the process of the check has ended with {os.waitstatus_to_exitcode(status)}")
    match msgspec.json.decode(answer, type=_Broken | _Failed | _Crashed | None):
        case _Broken(expected):
            raise ContractBroken(expected)
        case _Failed(failure):
            raise failure.error()
        case _Crashed(trace):
            raise ClientCrashed(trace)
        case None:
            pass


def _found(check: Callable[[], None]) -> _Broken | _Failed | _Crashed | None:
    try:
        check()
    except BaseException as raised:  # noqa: BLE001 - raised again, by the parent
        match innermost(raised):
            case ContractBroken() as broken:
                return _Broken(str(broken))
            case StallsimError() as error:
                return _Failed(Failure.of(error))
            case other:
                return _Crashed("".join(traceback.format_exception(other)))
    return None
