"""Reads key presses from a terminal: the mode that delivers keys one by one, and the bytes of each key.

Ctrl-C, Ctrl-Z and the other special keys of the terminal still send signals.
"""

import os
import re
import select
import signal
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import trio

from ..drawing.controls import Key, Press

_KEYS: dict[bytes, Press] = {
    **{str(digit).encode(): digit for digit in range(10)},
    b" ": Key.PAUSE,
    b".": Key.FORWARD,
    b",": Key.BACK,
    b">": Key.FORWARD_TEN,
    b"<": Key.BACK_TEN,
    b"\x1b[1;2C": Key.FORWARD_TEN,
    b"\x1b[1;2D": Key.BACK_TEN,
    b"]": Key.NEXT_PHASE,
    b"[": Key.PREVIOUS_PHASE,
    b"n": Key.NEXT_EVENT,
    b"p": Key.PREVIOUS_EVENT,
    b"k": Key.LOG_OLDER,
    b"j": Key.LOG_NEWER,
    b"\x1b[5~": Key.LOG_OLDER,
    b"\x1b[6~": Key.LOG_NEWER,
    b"\r": Key.ENTER,
    b"\n": Key.ENTER,
    b"\x7f": Key.ERASE,
    b"\x08": Key.ERASE,
    b"?": Key.HELP,
    b"h": Key.HELP,
    b"+": Key.FASTER,
    b"=": Key.FASTER,  # the same key without shift on many keyboards
    b"-": Key.SLOWER,
    b"\t": Key.NEXT,
    b"s": Key.SORT,
    b"f": Key.FILTER,
    b"d": Key.DETAILS,
    b"q": Key.QUIT,
    b"Q": Key.QUIT,
    b"\x1b[C": Key.FORWARD,
    b"\x1bOC": Key.FORWARD,
    b"\x1b[D": Key.BACK,
    b"\x1bOD": Key.BACK,
    b"\x1b[B": Key.NEXT,
    b"\x1bOB": Key.NEXT,
    b"\x1b[A": Key.PREVIOUS,
    b"\x1bOA": Key.PREVIOUS,
    b"\x1b[Z": Key.PREVIOUS,
    b"\x1b[H": Key.RESTART,
    b"\x1bOH": Key.RESTART,
    b"\x1b[1~": Key.RESTART,
    b"\x1b[7~": Key.RESTART,
    b"\x1b[F": Key.END,
    b"\x1bOF": Key.END,
    b"\x1b[4~": Key.END,
    b"\x1b[8~": Key.END,
}
_PRESS = re.compile(rb"\x1b\[[0-9;]*[A-Za-z~]|\x1bO[A-Za-z]|.", re.DOTALL)
_UNFINISHED = re.compile(rb"\x1b(\[[0-9;]*|O)?$")


class KeyParser:
    """Turns bytes into keys, in pieces of any size; unknown keys are ignored."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[Press]:
        """The keys that these bytes complete."""
        data = self._rest + data
        unfinished = _UNFINISHED.search(data)
        self._rest = unfinished.group() if unfinished else b""
        whole = data[: len(data) - len(self._rest)]
        return [_KEYS[press] for press in _PRESS.findall(whole) if press in _KEYS]


class Keyboard:
    """A terminal on a descriptor. If it is no terminal, there are no keys and no mode to restore."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._parser = KeyParser()
        self.present = descriptor >= 0 and os.isatty(descriptor)
        """Whether there is a keyboard."""

    @contextmanager
    def cbreak(self) -> Iterator[None]:
        """Deliver every key at once and without echo; leaving always restores the terminal."""
        if not self.present:
            yield
            return
        before = termios.tcgetattr(self._descriptor)
        try:
            tty.setcbreak(self._descriptor, termios.TCSADRAIN)
            yield
        finally:
            with suppress(termios.error):  # the terminal has hung up: nothing can be restored
                termios.tcsetattr(self._descriptor, termios.TCSADRAIN, before)

    async def pressed(self) -> None:
        """Wait until there is something to read; for ever if there is no terminal."""
        if self.present:
            await trio.lowlevel.wait_readable(self._descriptor)
        else:
            await trio.sleep_forever()

    def read(self) -> list[Press]:
        """The keys pressed so far; does not wait. A terminal that has hung up is a SIGHUP: the kernel sends
        one only to the processes whose controlling terminal it was, and a second one changes nothing.
        """
        if not self.present or not select.select([self._descriptor], [], [], 0)[0]:
            return []
        try:
            data = os.read(self._descriptor, 1024)
        except OSError:
            data = b""
        if not data:  # the terminal has hung up
            self.present = False
            signal.raise_signal(signal.SIGHUP)
        return self._parser.feed(data)
