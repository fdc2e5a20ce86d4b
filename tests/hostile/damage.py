"""Damage to recordings, drawn from a seed: to bytes, to lines, and to what a line says."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

HOSTILE_TEXT = (
    "\x1b]0;PWN\x07\x1b[31mPWN\x1b[0m",
    "PWN\x9b31m\x9d0;x\x9c\x85",
    "\u202ePWN\u2066\u200f\ufeff",
    "[bold red]PWN[/bold red][link=http://evil]x[/link]",
    "a\nb\rc\x00d\x7fe\x08",
    "\ud83d\ude00" * 50,
    "x" * 5000,
    "",
)
_NUMBERS = (-1, 0, 1, 2**31, 2**53 + 1, 2**63, 10**30, -(2**63), 1e308, -0.5, 0.0)
_OTHERS: tuple[Any, ...] = (None, True, [], {}, [[]], {"": ""}, "abc", "7")
_DEPTH_MAX = 40


def damaged(recording: bytes, draw: random.Random) -> bytes:
    """The recording after one to three accidents."""
    for _ in range(draw.randint(1, 3)):
        recording = draw.choice(_ACCIDENTS)(recording, draw)
    return recording


def _bytes(recording: bytes, draw: random.Random) -> bytes:
    place = draw.randrange(len(recording) + 1)
    return recording[:place] + draw.randbytes(draw.randint(1, 4)) + recording[place + draw.randint(0, 4) :]


def _cut(recording: bytes, draw: random.Random) -> bytes:
    return recording[: draw.randrange(len(recording) + 1)]


def _nested(recording: bytes, draw: random.Random) -> bytes:
    lines = recording.splitlines(keepends=True) or [b"\n"]
    lines.insert(draw.randrange(len(lines) + 1), draw.choice((b"[", b'{"a":')) * 100_000 + b"\n")
    return b"".join(lines)


def _lines(recording: bytes, draw: random.Random) -> bytes:
    lines = recording.splitlines(keepends=True) or [b"\n"]
    one, other = draw.randrange(len(lines)), draw.randrange(len(lines))
    match draw.randrange(4):
        case 0:
            lines[one], lines[other] = lines[other], lines[one]
        case 1:
            lines.insert(one, lines[other])
        case 2:
            del lines[one]
        case _:
            del lines[min(one, other) : max(one, other)]
    return b"".join(lines)


def _values(recording: bytes, draw: random.Random) -> bytes:
    """One value of one line, of a rare kind of line as often as of a sample."""
    lines = recording.splitlines(keepends=True)
    rare = [place for place, line in enumerate(lines) if line[:1] != b"["]
    places = rare if rare and draw.random() < 0.8 else list(range(len(lines)))
    place = draw.choice(places or [0])
    try:
        value = json.loads(lines[place])
    except (ValueError, IndexError, RecursionError):
        return recording
    spots = list(_spots(value))
    if spots:
        holder, key = draw.choice(spots)
        if draw.random() < 0.1 and isinstance(holder, dict):
            del holder[key]
        else:
            holder[key] = draw.choice((*HOSTILE_TEXT, *_NUMBERS, *_OTHERS))
    lines[place] = json.dumps(value, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"
    return b"".join(lines)


def _texts(recording: bytes, draw: random.Random) -> bytes:
    """Every text of one line that is no word of ours."""
    lines = recording.splitlines(keepends=True)
    place = draw.choice([place for place, line in enumerate(lines) if line[:1] != b"["] or [0])
    try:
        value = json.loads(lines[place])
    except (ValueError, IndexError, RecursionError):
        return recording
    for holder, key in list(_spots(value)):
        if isinstance(holder[key], str) and draw.random() < 0.3:
            holder[key] = draw.choice(HOSTILE_TEXT)
    lines[place] = json.dumps(value).encode("utf-8", "surrogatepass") + b"\n"
    return b"".join(lines)


def _spots(value: Any, depth: int = 0) -> Iterator[tuple[Any, Any]]:
    """Every place of a JSON value: what holds it, and its key."""
    if depth > _DEPTH_MAX or not isinstance(value, dict | list):
        return
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield value, key
        yield from _spots(inner, depth + 1)


_ACCIDENTS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _bytes,
    _cut,
    _nested,
    _lines,
    _values,
    _values,
    _values,
    _texts,
)
