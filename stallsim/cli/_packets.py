"""``--pcap FILE``: writes the packets of a run or a probe to a file."""

import io
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Self

import typer

from ._unwritten import Unwritten

if TYPE_CHECKING:
    from ..packets.capture import Captured
    from ..timeline.records import Record
    from ..timeline.timeline import Timeline

Pcap = Annotated[
    str | None,
    typer.Option(
        "--pcap",
        metavar="FILE",
        help="Write the packets to this file (pcapng), with phases and events as comments, for Wireshark. "
        "In a private stack this needs no root.",
    ),
]


class Packets:
    """The file and the capture; without a name, nothing is captured."""

    def __init__(self, name: str | None, *, force: bool) -> None:
        self._stack = ExitStack()
        self._capture = None
        self._unwritten = Unwritten()
        if name is None:
            return
        from ..packets.capture import Capture
        from ..reports.new_file import NewFile

        with self._stack:
            self._file = self._stack.enter_context(NewFile(Path(name), force=force))
            self._capture = self._stack.enter_context(Capture())
            self._stack = self._stack.pop_all()

    def beside(self, listener: "Callable[[Record], None] | None") -> "Callable[[Record], None] | None":
        """A timeline's listener that also captures packets."""
        capture = self._capture
        if capture is None or listener is None:
            return listener if capture is None else capture.note

        def both(record: "Record") -> None:
            capture.note(record)
            listener(record)

        return both

    def write(self, timeline: "Timeline") -> None:
        """End the capture, write the file, and print one line about it on standard error.

        The result is to be shown even if the file cannot be written (``check``).
        """
        if self._capture is None:
            return
        made = io.BytesIO()
        captured = self._capture.write(timeline, made)
        with self._unwritten.noted():
            self._file.fill(made.getbuffer())
            print(f"stallsim: {'; '.join(_words(captured, self._file.path))}", file=sys.stderr)

    def check(self) -> None:
        """Raises EnvironmentUnfit if the file could not be written."""
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


def _words(captured: "Captured", path: Path) -> list[str]:
    words = [f"{captured.packets:,} packets in {path}"]
    words += (
        [f"{captured.lost:,} more were lost, because the machine was too busy"] if captured.lost else []
    )
    words += (
        ["the later packets are missing, because the capture became too large"] if captured.full else []
    )
    return words
