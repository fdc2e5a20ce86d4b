"""The command line on a terminal of 100 columns and 30 rows."""

import errno
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios

from .running import COMMAND, ENVIRONMENT

_DIGEST = re.compile(r"digest\s+([0-9a-f]{64})")


def digest_on_terminal(*words: str, keys: bytes = b"") -> str:
    """The digest that the command ends with; ``keys`` are pressed once the first frame is there."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("4H", 30, 100, 0, 0))
    environment = {**ENVIRONMENT, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"}
    with subprocess.Popen(
        [*COMMAND, *words], env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        screen = b""
        while data := _read(ours):
            screen += data
            if keys and b"\x1b[" in screen:
                os.write(ours, keys)
                keys = b""
    os.close(ours)
    assert process.returncode == 0, screen.decode()
    found = _DIGEST.search(screen.decode())
    assert found, screen.decode()
    return found[1]


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError as error:
        if error.errno != errno.EIO:  # EIO: nobody has the other side open any more
            raise
        return b""
