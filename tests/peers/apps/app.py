"""One application, as a peer of the table that is started by a command and joined by a few messages."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

from ..peer import Peer

if TYPE_CHECKING:
    from .client import AppClient

FOLDER = Path(os.environ.get("STALLSIM_APPS") or Path.home() / ".cache" / "stallsim-apps")
"""Where packages of npm and PyPI are installed, and where applications write."""
HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class App(Peer):
    setup: str
    """Installs it: a command for the shell, run in FOLDER; apt-get as root."""
    start: str
    """Starts it on PORT, for the shell, in FOLDER; APPS is the folder of this file, FEED prints lines."""
    programs: tuple[str, ...]
    """Or files below FOLDER: what must be there."""
    join: "Callable[[AppClient], None]" = lambda _: None
    """How a client of plain sockets joins."""
    resource: Callable[[int], str] | None = None
    """What that client asks for, on that port, where it is not ``path``."""
    subprotocol: str = ""
    heartbeat: bytes = b""
    """What a client that is awake sends each few seconds."""

    @property
    def command(self) -> list[str]:
        feed = f"{sys.executable} {HERE / 'scripts' / 'feed_lines.py'}"
        return [
            "/bin/sh",
            "-c",
            f"mkdir -p {FOLDER} && cd {FOLDER} && APPS={HERE} && FEED='{feed}' && {self.start}",
        ]

    @property
    def absent(self) -> list[str]:
        return [one for one in self.programs if not (which(one) or (FOLDER / one).exists())]
