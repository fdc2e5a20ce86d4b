"""Kills and signals at random moments of each command that starts something: what a campaign attempts."""

import fcntl
import os
import pty
import random
import re
import signal
import socket
import struct
import termios
import time
from collections.abc import Iterator
from contextlib import chdir, suppress
from functools import partial
from pathlib import Path

from stallsim.children.parent import end_with_parent
from stallsim.errors import RecordingError
from stallsim.timeline.recording import load_recording
from tests.pure.raw_text import RAW

from .campaign import Campaign
from .offspring import Command, become_parent, keep, keep_port
from .started import NAMES, Form, drawn

KILLS, SIGNALS = 1000, 800
"""A campaign of signals has 200 of each."""
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
_LASTS_S, _HANG_S = 5.0, 60.0
_COLD = 8
"""One in so many is started as users do; the others are forked where the imports have been done."""
_AT_LAST = re.compile(rb"\x1b\[\?(1049|25)([hl])")
_watched = ""
_usual: dict[tuple[str, ...], float] = {}


def prepare() -> None:
    """Also a server with a client that does not read, to be watched."""
    global _watched  # noqa: PLW0603 - one for each process of the campaign
    become_parent()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = listening.getsockname()
        asleep = socket.create_connection(address)
        awake, _ = listening.accept()
        _watched = f":{address[1]}"
        pid = os.fork()
        if not pid:
            end_with_parent()
            awake.sendall(b"x" * 100_000_000)
            os._exit(0)
    keep(pid)
    keep_port(address[1])
    asleep.close()
    awake.close()


def killed(name: str, draw: random.Random, number: int, folder: Path) -> Iterator[str]:
    """kill -9 at some moment."""
    form = drawn(name, draw, folder, _watched)
    warm = bool(number % _COLD)
    moment_s = _moment(draw, form, folder, warm=warm)
    command = Command(form.words, folder, warm=warm)
    code = command.wait(moment_s)
    if code is None:
        command.send(signal.SIGKILL)
        code = command.ends(_HANG_S)
        yield from _recording(form, folder)
    elif code not in form.codes:
        yield f"exit code {code} of a whole one: {form.words} {command.err[-600:].decode()}"
    yield from (f"{fault} of {form.words}" for fault in command.left())


def signalled(name: str, draw: random.Random, number: int, folder: Path) -> Iterator[str]:
    """A signal at some moment, at times a second one, at times on a terminal."""
    which = ENDING[number % len(ENDING)]
    form = drawn(name, draw, folder, _watched)
    twice, warm, drawing = draw.random() < 0.3, draw.random() > 1 / _COLD, draw.random() < 0.3
    after = f"after {which.name}{', twice' if twice else ''}: {form.words}"
    moment_s = _moment(draw, form, folder, warm=warm)
    ours, theirs = pty.openpty() if drawing else (-1, -1)
    screen = b""
    if drawing:
        os.set_blocking(ours, False)
        before = termios.tcgetattr(theirs)
        fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("4H", 30, 100, 0, 0))
    try:
        command = Command(form.words, folder, warm=warm, terminal=theirs if drawing else None)
        code, screen = _until(command, moment_s, ours)
        handled = True
        if code is None:
            handled = command.catches(signal.SIGHUP)  # Python itself catches SIGINT, sooner than we do
            command.send(which)
            if twice:
                wait_s = draw.choice((0.0, 0.01, 0.3, 0.55, 0.8))
                code, more = _until(command, wait_s, ours)
                screen += more
                if code is None:
                    command.send(which)
        if code is None:
            pieces = [screen]
            code = command.ends(_HANG_S, lambda: pieces.append(_shown(ours)))
            screen = b"".join((*pieces, _shown(ours)))
        if code is None:
            hangs = f"a hang: {which.name} does not end it within {_HANG_S:.0f} s: {form.words}"
            yield f"{hangs} {command.where()} {_said(command, screen)}"
            command.kill()
        elif form.exits_on_signals:
            allowed = {*form.codes, 130} if which is not signal.SIGQUIT else {*form.codes, -which}
            if code not in allowed and handled:
                yield f"exit code {code} {after} {_said(command, screen)}"
        said = command.err + command.out
        if form.exits_on_signals:
            for word in (b"Traceback", b"Exception ignored", b"internal error"):
                if handled and word in said + screen:
                    yield f"{word.decode()} {after} {_said(command, screen)}"
            if found := RAW.search(said.decode(errors="replace")):
                yield f"raw {found[0]!r}: {form.words}"
        yield from (f"{fault} {after}" for fault in command.left())
        yield from _recording(form, folder)
        if drawing and handled:
            yield from (f"{fault} {after}" for fault in _terminal(theirs, before, screen))
    finally:
        if drawing:
            os.close(ours)
            os.close(theirs)


def _said(command: Command, screen: bytes) -> str:
    return (command.err[-800:] or screen[-800:]).decode(errors="replace")


def _moment(draw: random.Random, form: Form, folder: Path, *, warm: bool) -> float:
    """Before its usual end; half of them in the first fifth, in which most is set up."""
    usual_s = _usual_s(form, folder, warm=warm)
    return draw.uniform(0.0, usual_s if draw.random() < 0.5 else usual_s / 5)


def _usual_s(form: Form, folder: Path, *, warm: bool) -> float:
    """How long it takes where nothing is done to it, at most ``_LASTS_S``; tried once in this process."""
    key = ("warm" if warm else "cold", *(word.replace(str(folder), "") for word in form.words))
    if key not in _usual:
        (beside := folder / "usual").mkdir()
        with chdir(beside):
            began_s = time.monotonic()
            command = Command(form.words, beside, warm=warm)
            if command.wait(_LASTS_S) is None:
                command.kill()
            _usual[key] = time.monotonic() - began_s
            assert not list(command.left()), f"something is left of a whole {form.words}"
    return _usual[key]


def _until(command: Command, within_s: float, terminal: int) -> tuple[int | None, bytes]:
    """As ``wait``; reads the terminal meanwhile, which would hold the command up otherwise."""
    screen, end_s = b"", time.monotonic() + within_s
    while True:
        code = command.wait(min(0.05, max(0.0, end_s - time.monotonic())) if terminal >= 0 else within_s)
        screen += _shown(terminal)
        if code is not None or time.monotonic() >= end_s:
            return code, screen


def _shown(terminal: int) -> bytes:
    """Since it was looked at last."""
    screen = b""
    if terminal >= 0:
        with suppress(OSError):
            while piece := os.read(terminal, 65536):
                screen += piece
    return screen


def _terminal(theirs: int, before: list[object], screen: bytes) -> Iterator[str]:
    if termios.tcgetattr(theirs) != before:
        yield "terminal modes are left changed"
    last = dict(_AT_LAST.findall(screen))
    if last.get(b"1049", b"l") != b"l":
        yield "the alternate screen is left"
    if last.get(b"25", b"h") != b"h":
        yield "the cursor is left hidden"


def _recording(form: Form, folder: Path) -> Iterator[str]:
    """Whole lines: it loads, unless nothing has been written yet."""
    path = folder / form.recording
    if form.recording and path.exists() and path.stat().st_size:
        try:
            load_recording(path)
        except RecordingError as error:
            if form.words[2] != "watch":
                yield f"a recording that is cut off cannot be read: {error}"


def campaigns() -> Iterator[Campaign]:
    """Two for each command."""
    for name in NAMES:
        yield Campaign(f"kills of {name}", KILLS, partial(killed, name), prepare)
        yield Campaign(f"signals of {name}", SIGNALS, partial(signalled, name), prepare)
