"""``--on-stall COMMAND``: runs a command of the user when a connection has stalled, with the facts.

At most one command runs at a time and at most one starts each minute, so a stall of a thousand clients is
one alarm. If the command fails or hangs, the watch writes a line on standard error and continues.
"""

import os
import subprocess
import time
from collections.abc import Callable, Sequence

from ..kinds import Word
from ..timeline.changes import Change
from ..timeline.watched import Snapshot

EVERY_S = 60.0
_ENDS_WITHIN_S = 30.0


class Alarm:
    """Runs the command; ``complain`` is called with a message if the command fails."""

    def __init__(self, command: str, complain: Callable[[str], None], every_s: float = EVERY_S) -> None:
        self._command, self._complain, self._every_s = command, complain, every_s
        self._process: subprocess.Popen[bytes] | None = None
        self._began_s = float("-inf")
        self._waiting = False

    def note(self, snapshot: Snapshot, changes: Sequence[Change]) -> None:
        """Run the command if a connection has stalled now, or stalled while it was too early to run it
        again.
        """
        self._reap()
        stalled = [one.now for one in changes if not one.ended and one.now.word == Word.STALLED.value]
        self._waiting |= bool(stalled)
        now_s = time.monotonic()
        if not self._waiting or self._process is not None or now_s - self._began_s < self._every_s:
            return
        worst = next((one for one in snapshot.connections if one.word == Word.STALLED.value), None)
        self._waiting = False
        if worst is None:
            return
        facts = {
            "STALLSIM_PEER": worst.peer,
            "STALLSIM_PORT": str(worst.port),
            "STALLSIM_FOR_S": str(worst.for_s),
            "STALLSIM_UNSENT_BYTES": str(worst.unsent_bytes),
            "STALLSIM_PINNED_BYTES": str(snapshot.totals.pinned_bytes),
            "STALLSIM_STALLED": str(snapshot.totals.words[Word.STALLED.value]),
            "STALLSIM_CONNECTIONS": str(snapshot.totals.connections),
            "STALLSIM_PIDS": " ".join(str(pid) for server in snapshot.servers for pid in server.pids),
            "STALLSIM_VERDICT": snapshot.verdict,
        }
        self._began_s = now_s
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", self._command],
            env={**os.environ, **facts},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def close(self) -> None:
        """Wait up to a second for a running command to end; it is not killed."""
        if self._process is not None:
            try:
                self._process.wait(1.0)
            except subprocess.TimeoutExpired:
                self._complain(f"`on_stall=`: the command (process {self._process.pid}) is still running")
                return
        self._reap()

    def _reap(self) -> None:
        if self._process is None:
            return
        code = self._process.poll()
        if code is not None:
            if code:
                self._complain(f"`on_stall=`: the command ended with {code}")
            self._process = None
        elif time.monotonic() - self._began_s > _ENDS_WITHIN_S:
            self._began_s = time.monotonic()
            self._complain(f"`on_stall=`: the command (process {self._process.pid}) has not ended")
