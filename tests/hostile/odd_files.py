"""Files that nobody would name: of every sort that a folder can hold, their contents nearly right."""

import gzip
import os
import random
import socket
import stat
from functools import cache
from pathlib import Path

from stallsim.profile.folder import folder as profiles

from .damage import damaged

RECORDINGS = sorted((Path(__file__).parents[1] / "data").glob("*.jsonl"))
_NULL, _ZERO, _FULL = os.makedev(1, 3), os.makedev(1, 5), os.makedev(1, 7)
_BOMB_BYTES = 200 * 2**20
_SPARSE_BYTES = 2**33
FLEETS = sorted((profiles() / "fleet").glob("*.toml"))
NEW = (
    "new.jsonl",
    "new.html",
    "new.md",
    "new.xml",
    "new.svg",
    "new.pcapng",
    "new.jsonl.gz",
    "none/new.jsonl",
)
"""Names of files that are not there."""


def fill(folder: Path, draw: random.Random) -> list[str]:
    """Put them into the folder; their names."""
    whole = draw.choice(RECORDINGS).read_bytes()
    profile = draw.choice(sorted(profiles().glob("*.toml"))).read_bytes()
    contents = {
        "empty.jsonl": b"",
        "whole.jsonl": whole,
        "whole.jsonl.gz": gzip.compress(whole, 1),
        "twice.jsonl.gz": gzip.compress(whole, 1) * 2,
        "cut.jsonl.gz": _cut(gzip.compress(whole, 1), draw),
        "damaged.jsonl.gz": gzip.compress(damaged(whole, draw), 1),
        "changed.jsonl.gz": _changed(gzip.compress(whole, 1), draw),
        "bomb.jsonl.gz": _bomb(),
        "no.jsonl.gz": whole,
        "no.jsonl.zst": b"\x28\xb5\x2f\xfd" + draw.randbytes(50),
        "noise.jsonl": draw.randbytes(3000),
        "bom.toml": b"\xef\xbb\xbf" + profile,
        "utf-16.toml": profile.decode().encode("utf-16"),
        "crlf.toml": profile.replace(b"\n", b"\r\n"),
        "cr.toml": profile.replace(b"\n", b"\r"),
        "nul.toml": profile.replace(b"=", b"\0", 1),
        "deep.toml": b"a = " + b"[" * 5000 + b"]" * 5000,
        "tables.toml": b"[" + b".".join([b"a"] * 20_000) + b"]",
        "digits.toml": b"ticks = " + b"9" * 5000,
        "message.txt": b"a" * draw.choice((0, 1, 70_000, 2_000_000)),
        "message.bin": draw.randbytes(300),
        "token": b"secret\n" * draw.choice((0, 1, 2)),
        "a\nb\x1b[31m.jsonl": whole,
        "n" * 251 + ".gz": b"",
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    os.truncate(folder / "message.bin", draw.choice((0, 300, _SPARSE_BYTES)))
    (folder / "folder").mkdir()
    (folder / "folder.jsonl").mkdir()
    os.mkfifo(folder / "fifo")
    for name, device in (("null", _NULL), ("zero", _ZERO), ("full", _FULL)):
        if os.geteuid() == 0:  # the machine's own must not be replaced by what is tried here
            os.mknod(folder / name, 0o666 | stat.S_IFCHR, device)
    for name, to in (("link.jsonl", "whole.jsonl"), ("dangling", "nothing"), ("loop", "loop")):
        (folder / name).symlink_to(to)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(folder / "socket"))
    (folder / "unreadable.jsonl").write_bytes(whole)
    (folder / "unreadable.jsonl").chmod(0)
    return sorted(path.name for path in folder.iterdir())


def kinds(folder: Path, names: list[str]) -> dict[str, int]:
    """What sort each of them is, to see whether it still is."""
    return {name: stat.S_IFMT((folder / name).lstat().st_mode) for name in names if _there(folder / name)}


def _there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _cut(data: bytes, draw: random.Random) -> bytes:
    return data[: draw.randrange(len(data))]


def _changed(data: bytes, draw: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(3):
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


@cache
def _bomb() -> bytes:
    return gzip.compress(bytes(_BOMB_BYTES), 1)
