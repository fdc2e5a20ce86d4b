"""One line on a terminal while a probe runs: which stall, how far, how much was refused."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from ..units import format_size
from .observation import Sample

_STAGES = {
    "baseline": "reads along, for a baseline",
    "stalled": "is stalled",
    "wakes": "reads again",
}


class ProbeProgress:
    """A probe's listener; on leaving, however that is, the terminal is as it was."""

    def __init__(self) -> None:
        columns = (SpinnerColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
        console = Console(stderr=True)
        self._progress = Progress(*columns, console=console, auto_refresh=False, transient=True)
        self._task = self._progress.add_task("starts the server")

    def __call__(self, stall: str, stage: str, sample: Sample | None, refused: float) -> None:
        """The latest of one stall; what the server holds is inferred."""
        words = f"{stall}: the client {_STAGES[stage]}"
        if stage == "stalled" and sample is not None:
            words += f" for {sample.at_s:.1f} s; refused by the kernels {format_size(refused)}"
            if sample.memory_bytes is not None:
                words += f"; server's memory {format_size(sample.memory_bytes)}"
        self._progress.update(self._task, description=words, refresh=True)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._progress.stop()
