"""The probe's verdict of every peer beside what is known of it, as the tables of docs/peers.md have it:
``python -m tests.peers.agree [--times 5] [--long] [--busy] [--write] [NAME...]``, each command timed.
"""

import argparse
import re
import shlex
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from statistics import median
from typing import Any

import msgspec

from .agreement import differences, known
from .launch import command, missing
from .measured import PAGE, line
from .peer import Peer
from .table import PEERS

HEADINGS = ("server", "known", "said", "findings", "seconds: median, worst")
TIMEOUT_S = 180.0


@dataclass(frozen=True)
class Answer:
    outcome: str
    confidence: str
    findings: tuple[str, ...]
    wrong: tuple[str, ...]
    wall_s: float


def ask(peer: Peer, *joining: str, quick: bool = True) -> Answer:
    """One stall, a short one if it is ``quick``, and how long the whole command took."""
    variables = shlex.join(f"{key}={value}" for key, value in peer.environment.items())
    server = f"exec env {variables} {shlex.join(command(peer))}"
    words = [
        sys.executable,
        "-m",
        "stallsim",
        "probe",
        f"{peer.scheme}://127.0.0.1:0{peer.path}",
        "--exec",
        server,
    ]
    words += ["--profile", "stop-reading", *(["--quick"] if quick else []), "--json", *joining]
    words += [word for text in peer.hello for word in ("--hello", text)]
    words += [word for match, text in peer.replies.items() for word in ("--reply", f"{match}={text}")]
    began_s = time.monotonic()
    ended = subprocess.run(words, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    wall_s = time.monotonic() - began_s
    if ended.returncode:
        raise SystemExit(f"{peer.name}: {ended.stderr}")
    report: dict[str, Any] = msgspec.json.decode(ended.stdout)["stalls"][0]
    findings = tuple(report["findings"])
    wrong = differences(peer, report["outcome"], report["dropped"], findings)
    return Answer(report["outcome"], report["confidence"], findings, tuple(wrong), wall_s)


def row(peer: Peer, answers: list[Answer]) -> str:
    said = Counter(f"{one.outcome} ({one.confidence})" for one in answers)
    found = Counter(finding for one in answers for finding in one.findings)
    wrong = Counter(words for one in answers for words in one.wrong)
    walls = [one.wall_s for one in answers]
    return line(
        (
            peer.name,
            known(peer) + (f" (beyond it {peer.outcome})" if peer.refused_bytes_min else ""),
            _counted(said, len(answers))
            + (f" **wrong: {_counted(wrong, len(answers))}**" if wrong else ""),
            _counted(found, len(answers)),
            f"{median(walls):.1f}, {max(walls):.1f}",
        )
    )


def _counted(words: Counter[str], times: int) -> str:
    return ", ".join(f"{word} {count}/{times}" for word, count in words.most_common())


@contextmanager
def both_cores_busy() -> Iterator[None]:
    """Two processes that only spin."""
    spinning = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    try:
        yield
    finally:
        for process in spinning:
            process.kill()
            process.wait()


def write(name: str, rows: list[str]) -> None:
    """Into the page, between the comments of that name."""
    table = "\n".join([line(HEADINGS), line(("---",) * len(HEADINGS)), *rows, ""])
    place = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.DOTALL)
    PAGE.write_text(place.sub(lambda _: table, PAGE.read_text()))


def main() -> int:
    """1 if any answer is not what is known."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--busy", action="store_true", help="beside two processes that only spin")
    parser.add_argument("--write", action="store_true", help="into docs/peers.md; for all peers only")
    parser.add_argument("--long", action="store_true", help="as far as the default command looks")
    parser.add_argument("names", nargs="*")
    asked = parser.parse_args()
    if asked.write and asked.names:
        parser.error("--write is for all peers")
    print(line(HEADINGS), line(("---",) * len(HEADINGS)), sep="\n")
    rows, wrong = [], 0
    with both_cores_busy() if asked.busy else nullcontext():
        for peer in PEERS:
            if asked.names and peer.name not in asked.names:
                continue
            if reason := missing(peer):
                print(f"{peer.name}: {reason}", file=sys.stderr)
                continue
            answers = [ask(peer, quick=not asked.long) for _ in range(asked.times)]
            wrong += sum(bool(answer.wrong) for answer in answers)
            rows.append(row(peer, answers))
            print(rows[-1], flush=True)
    if asked.write:
        write("busy" if asked.busy else "idle", rows)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
