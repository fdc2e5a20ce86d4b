"""``-o FILE``: reports that a command writes in addition to its usual output."""

from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Self

import typer

from ..errors import StallsimError
from ._unwritten import Unwritten

if TYPE_CHECKING:
    from ..reports.found import Found
    from ..reports.output import Output

Outputs = Annotated[
    list[str] | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write a report to this file; its suffix selects the format (see stallsim report --help). "
        "Repeatable; - is Markdown on standard output.",
    ),
]
Junit = Annotated[
    str | None,
    typer.Option(
        "--junit", metavar="FILE", help="Write a report to this file as JUnit XML, whatever its suffix."
    ),
]


class Reports:
    """The reports of one command: opened before it begins, written when there is a result."""

    def __init__(
        self, names: Sequence[str] | None, junit: str | None, *, force: bool, json: bool = False
    ) -> None:
        """Raises StallsimError if a file cannot be opened, or a format needs something that is not
        installed.
        """
        self._stack = ExitStack()
        self._outputs: list[Output] = []
        self._unwritten = Unwritten()
        wanted: list[tuple[str, str | None]] = [(name, None) for name in names or ()]
        wanted += [(junit, "junit")] if junit is not None else []
        if [name for name, _ in wanted].count("-") + json > 1:
            raise StallsimError("--json and each -o - write to standard output; give only one of them")
        with self._stack:
            for name, format_name in wanted:
                output = open_output(name, force=force, format_name=format_name)
                self._outputs.append(self._stack.enter_context(output))
            self._stack = self._stack.pop_all()

    def __bool__(self) -> bool:
        return bool(self._outputs)

    @property
    def on_standard_output(self) -> bool:
        """Whether a report replaces the command's usual output."""
        return any(one.to_standard_output for one in self._outputs)

    def write(self, found: "Found") -> None:
        """Write all reports. The result is to be shown even if one cannot be written (``check``)."""
        for output in self._outputs:
            with self._unwritten.noted():
                output.write([found])

    def check(self) -> None:
        """Raises EnvironmentUnfit if a report could not be written."""
        self._unwritten.check()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, traceback)


def open_output(name: str, *, force: bool, format_name: str | None) -> "Output":
    """Open one report's file. Raises StallsimError."""
    from ..reports.output import Output

    return Output(name, force=force, format_name=format_name)
