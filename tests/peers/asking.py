"""Asks the probe of a server of the table, by its command line, and several servers at once if told to."""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from stallsim.timeline.probed.result import ProbeResult

from .agreement import differences
from .launch import command
from .peer import Peer

TIMEOUT_S = 600.0
_STALLSIM = (sys.executable, "-m", "stallsim")
_RECORDING = ".jsonl"


@dataclass(frozen=True)
class Question:
    """What the command line has beside the server."""

    quick: bool = False
    stall: str = ""
    """Only this one; empty: the default command's."""

    @property
    def words(self) -> list[str]:
        return [*(["--profile", self.stall] if self.stall else []), *(["--quick"] if self.quick else [])]


@dataclass(frozen=True)
class Answer:
    """What the probe said, and what of it is not so."""

    peer: Peer
    result: ProbeResult
    wrong: tuple[str, ...]


def ask_all(
    peers: Sequence[Peer], question: Question, times: int, jobs: int, folder: Path
) -> Iterator[Answer]:
    """Each as often, one round after the other, ``jobs`` at a time. An answer is a file of ``folder``, with
    its recording beside it, and what has its file there is not asked again."""
    asked = [(peer, folder / f"{peer.name}-{number}.json") for number in range(times) for peer in peers]
    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(lambda one: _ask(one[0], one[1], question), asked)


def _ask(peer: Peer, path: Path, question: Question) -> Answer:
    """Raises SystemExit where the probe itself failed."""
    if not path.exists():
        _probe(peer, question, path)
    result = msgspec.json.decode(path.read_bytes(), type=ProbeResult)
    return Answer(peer, result, tuple(differences(peer, result, long=not question.quick)))


def _probe(peer: Peer, question: Question, path: Path) -> None:
    variables = shlex.join(f"{key}={value}" for key, value in peer.environment.items())
    server = f"exec env {variables} {shlex.join(command(peer))}"
    url = f"{peer.scheme}://127.0.0.1:0{peer.path}"
    words = [*_STALLSIM, "probe", url, "--exec", server, "--json", *question.words]
    words += ["--record", str(path.with_suffix(_RECORDING)), "--force"]
    words += [word for text in peer.hello for word in ("--hello", text)]
    words += [word for match, text in peer.replies.items() for word in ("--reply", f"{match}={text}")]
    words += peer.words
    path.write_text(_printed(peer.name, words))


def judge_again(path: Path) -> None:
    """Put into the place of an answer what its recording says when it is judged by today's rules."""
    recording = path.with_suffix(_RECORDING)
    path.write_text(_printed(path.name, [*_STALLSIM, "replay", str(recording), "--json"]))


def _printed(what: str, words: Sequence[str]) -> str:
    ended = subprocess.run(words, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    if ended.returncode:
        raise SystemExit(f"{what}: {ended.stderr}")
    return ended.stdout


@contextmanager
def both_cores_busy() -> Iterator[None]:
    """As many processes as there are CPUs, that only spin."""
    words = [sys.executable, "-c", "while True: pass"]
    spinning = [subprocess.Popen(words) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for process in spinning:
            process.kill()
            process.wait()
