"""Command lines of whatever commands and options there are, with values near what they mean."""

import random
import re
import signal
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import typer

from stallsim.cli._app import app
from stallsim.profile.folder import names as profile_names

from . import odd_files
from .campaign import Campaign
from .damage import HOSTILE_TEXT
from .in_process import faults_of
from .offspring import Command, become_parent
from .processes import CODES, Ended

COUNT = 3000
_RUNS_S, _WITHIN_S = 2.5, 60.0
_COLD = 25
"""One in so many is started as users do; the others are forked where the imports have been done."""
CLOSED = "ws://127.0.0.1:1/"
NUMBERS = (
    *(
        "0",
        "1",
        "2",
        "-1",
        "1.5",
        "1e3",
        "1e308",
        "1e999",
        "nan",
        "inf",
        "-inf",
        "007",
        "1_000",
        "0x10",
        "+1",
    ),
    *("9" * 18, "9" * 25, "9" * 5000, "\u0663", "\u00b2", "", " ", "1 "),
)
UNITS = ("", "s", "ms", "us", "h", "MiB", "kB", "B", "GiB", "%", "/s", "MB/s", "x", "s s", "\u00b5s")
WORDS = (
    *HOSTILE_TEXT,
    *(
        "\udcff",
        "a=b",
        "=",
        ":",
        ",",
        "a:",
        ":a",
        "a,b,,",
        "all",
        "none",
        "default",
        "-",
        "--",
        "@",
        "*",
        "*=*",
    ),
    *("@message.txt", "@message.bin", "@folder", "@fifo", "@zero", "@dangling", "@loop", "@none"),
    *(
        "stop-reading",
        "sleeping-tab=1,slow-reader=2",
        "stop-reading=nan",
        "stop-reading=-1",
        "sleeping-tab=1e999",
    ),
    *(
        "tcp://127.0.0.1:1",
        "127.0.0.1:0",
        ":0",
        "127.0.0.1:99999",
        "[::1]:0",
        "mqtt",
        "mqtt a",
        "socket.io",
    ),
    *(
        "stalled",
        "stalled:1s",
        "growth",
        "witnesses",
        "outcome",
        "true",
        "exit 3",
        "printf '\\033[31m\\377'",
        "/",
    ),
    *("ticks=3", "stream.frame=nan", "server.policy=none", "clients.0.count=9999999999", "00ff", "0", "zz"),
)
URLS = (
    CLOSED,
    "http://127.0.0.1:1/",
    "ws+unix:/nowhere:/",
    "ws://127.0.0.1:0/",
    "wss://127.0.0.1:1/",
    "",
    "x",
)
_OF_FILES = re.compile(r"\b(FILE|RECORDING|OLD|NEW|A|B|file|picture)\b")
_NOT_ALWAYS = 0.85


class Option(NamedTuple):
    """An option, or an argument, whose flag is empty."""

    flag: str
    takes: str
    """Its metavar, or its name; empty for a switch."""
    needed: bool


@cache
def commands() -> dict[str, list[Option]]:
    """Every command and what it can be given."""
    group: Any = typer.main.get_command(app)
    return {name: [_option(one) for one in command.params] for name, command in group.commands.items()}


def _option(parameter: Any) -> Option:
    names = [*parameter.opts, *parameter.secondary_opts]
    flag = "" if parameter.param_type_name == "argument" else names[-1]
    takes = "" if getattr(parameter, "is_flag", False) else parameter.metavar or parameter.name
    return Option(flag, takes, bool(parameter.required) or not flag)


def command_line(draw: random.Random, names: list[str]) -> Iterator[str]:
    """A command and some of its options."""
    every = commands()
    (command,) = draw.choices([*every], [1 + len(options) for options in every.values()])
    options = every[command]
    yield command
    chosen = [one for one in options if one.flag]
    for option in draw.sample(chosen, min(len(chosen), draw.choice((0, 1, 1, 2, 2, 3, 5)))):
        yield option.flag
        if option.takes:
            yield value(option, draw, names)
    for option in options:
        if not option.flag and draw.random() < _NOT_ALWAYS:
            yield value(option, draw, names)
    if command == "watch" and draw.random() < 1 / 2:
        yield "--once"


def value(option: Option, draw: random.Random, names: list[str]) -> str:
    """What fits it, nearly, or anything."""
    if _OF_FILES.search(option.takes):
        return (
            draw.choice((*odd_files.NEW, *names)) if draw.random() < _NOT_ALWAYS else draw.choice(NUMBERS)
        )
    if draw.random() < 1 / 4:
        return draw.choice(WORDS)
    match option.takes:
        case "url":
            return draw.choice(URLS)
        case "name" | "profile" | "[PROFILE]":
            return draw.choice((*profile_names(), *(one for one in names if one.endswith(".toml"))))
        case "[PID | :PORT | NAME]":
            return draw.choice((f":{draw.choice(NUMBERS)}", draw.choice(NUMBERS), "python"))
        case _:
            return draw.choice(NUMBERS) + draw.choice(UNITS)


def attempt(draw: random.Random, number: int, folder: Path) -> Iterator[str]:
    """It ends by itself, or by the signal that comes when it has not."""
    names = odd_files.fill(folder, draw)
    before = odd_files.kinds(folder, names)
    words = list(command_line(draw, names))
    if any("\0" in word for word in words):
        words = [word.replace("\0", "") for word in words]  # no command line can have one
    line, warm = ["-m", "stallsim", *words], bool(number % _COLD)
    command = Command(line, folder, warm=warm, more=environment(draw))
    code = command.wait(_RUNS_S)
    if code is None:
        which = draw.choice((signal.SIGTERM, signal.SIGINT, signal.SIGHUP))
        command.send(which)
        code = command.ends(_WITHIN_S)
    if code is None:
        yield f"a hang: {_WITHIN_S:.0f} s after a signal: {words} {command.where()}"
        command.kill()
        return
    ended = Ended(code, command.out, command.err)
    for fault in faults_of(ended):
        yield f"{fault}: {words} {ended.err[-600:]!r}"
    if code not in CODES:
        yield f"exit code {code}: {words} {ended.err[-400:]!r}"
    for fault in command.left():
        yield f"{fault}: {words}"
    for name, kind in odd_files.kinds(folder, names).items():
        if kind != before[name]:
            yield f"a file is of another kind now: {name}: {words}"


def environment(draw: random.Random) -> dict[str, str]:
    """As a terminal, a service or a container may have it."""
    odd = {
        "COLUMNS": ("0", "-1", "1", "x", "999999999999", ""),
        "LINES": ("0", "x", "1"),
        "TERM": ("", "dumb", "x" * 3000),
        "LC_ALL": ("C", "POSIX", "xx_YY.none"),
        "PYTHONIOENCODING": ("ascii", "utf-8:strict"),
        "NO_COLOR": ("", "1"),
        "HOME": ("", "/nowhere", "relative"),
        "TMPDIR": ("/nowhere", "", "."),
        "STALLSIM_TOKEN": ("", "\x1b[31m", "t"),
        "TZ": ("", "x" * 3000, ":/etc/passwd"),
    }
    return {name: draw.choice(values) for name, values in odd.items() if draw.random() < 1 / len(odd)}


def campaigns() -> Iterator[Campaign]:
    yield Campaign("options", COUNT, attempt, become_parent)
