"""The destination of a report: a file that is opened before the run, or standard output."""

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from ..errors import ReportError
from .formats import FORMATS
from .formats._base import Format
from .found import Found
from .new_file import NewFile

STANDARD_OUTPUT = "-"
_ON_STANDARD_OUTPUT = "md"


class Output:
    """One report to be written.

    Raises ReportError if no format has the file's suffix, if the file exists and ``force`` is not given, or
    if it cannot be written; Unavailable if the format needs something that is not installed.
    """

    def __init__(self, name: str, *, force: bool = False, format_name: str | None = None) -> None:
        self.name = name
        self.format = format_of(name, format_name)
        self.format.prepare()
        self._file = None if name == STANDARD_OUTPUT else NewFile(Path(name), force=force)

    @property
    def to_standard_output(self) -> bool:
        """Whether the report goes to standard output, where nothing else should be printed then."""
        return self._file is None

    def write(self, found: Sequence[Found]) -> None:
        """Write the report. Raises ReportError, and BrokenPipeError if the reader has closed standard
        output.
        """
        made = io.BytesIO()
        self.format.write(found, made)
        if self._file is not None:
            self._file.fill(made.getbuffer())
        else:
            sys.stdout.buffer.write(made.getbuffer())
            sys.stdout.buffer.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.__exit__(kind, error, traceback)


def format_of(name: str, format_name: str | None = None) -> Format:
    """The format that is named, or that the file's suffix selects."""
    if format_name is not None:
        return FORMATS.find(format_name)()
    if name == STANDARD_OUTPUT:
        return FORMATS.find(_ON_STANDARD_OUTPUT)()
    formats = [FORMATS.find(each) for each in FORMATS.names()]
    by_suffix = {suffix: one for one in formats for suffix in one.suffixes()}
    for suffix in sorted(by_suffix, key=len, reverse=True):
        if name.lower().endswith(suffix):
            return by_suffix[suffix]()
    if name.lower().endswith((".pcap", ".pcapng")):
        raise ReportError(f"{name}: packets can be captured only during a run or a probe: `pcap=` {name}")
    raise ReportError(f"{name}: no report format has this suffix; allowed: {', '.join(sorted(by_suffix))}")
