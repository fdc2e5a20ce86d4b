"""Passes a watch's looks to files, to a command and to a monitoring system."""

import sys
from contextlib import ExitStack
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, NamedTuple

from ..errors import StallsimError
from ..named_options import for_command_line

if TYPE_CHECKING:
    from ..watching.session import WatchSession

_RECORDING = ".jsonl"


class Outputs(NamedTuple):
    """The options with these names."""

    record: Path | None
    on_stall: tuple[str, ...]
    ring_s: float
    metrics: str | None
    metrics_file: Path | None
    force: bool

    def listen(self, session: "WatchSession", stack: ExitStack) -> None:
        """Open all outputs before the first look, so that an error is reported at once."""
        if self.record is not None:
            from ..watching.recording.whole import WholeWatch

            whole = stack.enter_context(WholeWatch(self.record, session.watched, self.force))
            session.listeners.append(whole.note)
        for what in self.on_stall:
            self._on_stall(what, session, stack)
        if self.metrics is not None:
            from ..metrics.endpoint import MetricsServer

            server = stack.enter_context(MetricsServer(session.figures, self.metrics))
            print(f"stallsim: metrics at port {server.port}", file=sys.stderr)
        if self.metrics_file is not None:
            from ..metrics.exposition import MetricsFile

            file = MetricsFile(session.figures, self.metrics_file, force=self.force)
            session.listeners.append(lambda *_: file.write())

    def _on_stall(self, what: str, session: "WatchSession", stack: ExitStack) -> None:
        """Interpret ``--on-stall``: a single word that ends in .jsonl is a file, anything else is a shell
        command.
        """
        if what.endswith(_RECORDING) and len(what.split()) == 1:
            from ..watching.recording.ring import Ring

            ring = Ring(Path(what), self.ring_s, session.watched, _complain, force=self.force)
            stack.callback(ring.close)
            session.listeners.append(ring.note)
        else:
            from ..watching.alarm import Alarm

            if len(what.split()) < 2 and which(what) is None:
                raise StallsimError(
                    f"--on-stall {what}: no such command exists; a recording's name ends in {_RECORDING}"
                )

            alarm = Alarm(what, _complain)
            stack.callback(alarm.close)
            session.listeners.append(alarm.note)


def _complain(text: str) -> None:
    print(f"stallsim: {for_command_line(text)}", file=sys.stderr)
