"""The command line on a terminal of 100 columns and 30 rows."""

import errno
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios

from .running import COMMAND, ENVIRONMENT

_DIGEST = re.compile(r"digest\s+([0-9a-f]{64})")


def digest_on_terminal(*words: str, keys: bytes = b"") -> str:
    """The digest that the command ends with; ``keys`` are pressed once the first frame is there."""
    code, screen = on_terminal(*words, keys=keys)
    assert code == 0, screen
    found = _DIGEST.search(screen)
    assert found, screen
    return found[1]


def on_terminal(*words: str, keys: bytes | signal.Signals = b"", once: bytes = b"\x1b[") -> tuple[int, str]:
    """The exit code, and all that was drawn; ``keys`` are pressed, or sent, once ``once`` has been."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("4H", 30, 100, 0, 0))
    environment = {**ENVIRONMENT, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"}
    with subprocess.Popen(
        [*COMMAND, *words],
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        screen = b""
        while data := _read(ours):
            screen += data
            if keys and once in screen:
                os.write(ours, keys) if isinstance(keys, bytes) else process.send_signal(keys)
                keys = b""
    os.close(ours)
    return process.returncode, screen.decode(errors="replace")  # a signal can cut a frame


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError as error:
        if error.errno != errno.EIO:  # EIO: nobody has the other side open any more
            raise
        return b""
