"""What the probe's default command says of every peer, beside what is known of it (docs/peers.md):
``python -m tests.peers.agree [--times 5] [--jobs 4] [--busy] [--write] [NAME...]``.

A changed rule is held against the answers of an earlier run, without asking a server:
``python -m tests.peers.agree --keep FOLDER --again``.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TypeVar

from .agreement import known
from .asking import Answer, Question, ask_all, both_cores_busy, judge_again
from .launch import missing
from .measured import PAGE, line
from .peer import Peer
from .table import PEERS

P = TypeVar("P", bound=Peer)
HEADINGS = ("server", "known", "said", "findings", "seconds: median, worst")


def row(peer: Peer, answers: Sequence[Answer]) -> str:
    """One line of the table."""
    results = [one.result for one in answers]
    said = _counted(Counter(f"{one.outcome} ({one.confidence})" for one in results), len(answers))
    wrong = Counter(words for one in answers for words in one.wrong)
    late = f", until then {known(peer)}" if peer.acts_late else ""
    walls = [one.wall_s for one in results]
    return line(
        (
            peer.name,
            peer.outcome + late,
            said + (f" **wrong: {_counted(wrong, len(answers))}**" if wrong else ""),
            _counted(Counter(finding for one in results for finding in one.findings), len(answers)),
            f"{median(walls):.0f}, {max(walls):.0f}",
        )
    )


def _counted(words: Counter[str], times: int) -> str:
    return ", ".join(f"{word} {count}/{times}" for word, count in words.most_common())


def startable(peers: Iterable[P], names: Sequence[str]) -> list[P]:
    """Those that were named, or all; why one can't be started is told on stderr."""
    named = [peer for peer in peers if not names or peer.name in names]
    for peer in named:
        if reason := missing(peer):
            print(f"{peer.name}: {reason}", file=sys.stderr)
    return [peer for peer in named if not missing(peer)]


def table_of(peers: Sequence[Peer], question: Question, asked: argparse.Namespace) -> tuple[list[str], int]:
    """Its lines, and how many answers were wrong."""
    of_peer: dict[str, list[Answer]] = {peer.name: [] for peer in peers}
    with TemporaryDirectory() as temporary, both_cores_busy() if asked.busy else nullcontext():
        folder = Path(asked.keep or temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if asked.again:
            for path in folder.glob("*.json"):
                judge_again(path)
        for answer in ask_all(peers, question, asked.times, asked.jobs, folder):
            of_peer[answer.peer.name].append(answer)
            if answer.wrong:
                print(f"{answer.peer.name}: {'; '.join(answer.wrong)}", file=sys.stderr, flush=True)
    lines = [row(peer, of_peer[peer.name]) for peer in peers]
    return lines, sum(bool(one.wrong) for answers in of_peer.values() for one in answers)


def write(name: str, rows: Sequence[str], headings: tuple[str, ...] = HEADINGS) -> None:
    """Into the page, between the comments of that name."""
    table = "\n".join([line(headings), line(("---",) * len(headings)), *rows, ""])
    place = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.DOTALL)
    PAGE.write_text(place.sub(lambda _: table, PAGE.read_text()))


def arguments(description: str | None) -> argparse.ArgumentParser:
    """What this table and that of the applications both take."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=4, help="so many probes at once")
    parser.add_argument("--busy", action="store_true", help="beside a process for each CPU that only spins")
    parser.add_argument(
        "--keep", metavar="FOLDER", help="for the answers' JSON; what is there is not asked again"
    )
    parser.add_argument(
        "--again", action="store_true", help="judge the recordings of --keep by today's rules first"
    )
    parser.add_argument("--write", action="store_true", help="into docs/peers.md; for all only")
    parser.add_argument("names", nargs="*", metavar="NAME")
    return parser


def parsed(parser: argparse.ArgumentParser, words: Sequence[str] | None = None) -> argparse.Namespace:
    """The options, by default of the command line. If they do not fit together, it exits with 2."""
    asked = parser.parse_args(words)
    if asked.write and asked.names:
        parser.error("--write is for all servers: give no names with it")
    if asked.again and not asked.keep:
        parser.error("--again needs --keep FOLDER, the folder whose recordings are judged again")
    return asked


def main() -> int:
    """1 if any answer is not what is known."""
    parser = arguments(__doc__)
    parser.add_argument("--quick", action="store_true", help="look as far as --quick does")
    asked = parsed(parser)
    rows, wrong = table_of(startable(PEERS, asked.names), Question(quick=asked.quick), asked)
    print(line(HEADINGS), line(("---",) * len(HEADINGS)), *rows, sep="\n")
    if asked.write:
        write("busy" if asked.busy else "idle", rows)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
