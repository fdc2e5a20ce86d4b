"""What `truth` measured of the servers, as the table of docs/peers.md; measures them when it is run:
``python -m tests.peers.measured [NAME...]``. Without names, all that can be started here.
"""

import re
import sys
from pathlib import Path

from .launch import missing, versions
from .peer import Peer
from .table import PEERS
from .truth import Truth, growth_after_death, sleep_and_wake

PAGE = Path(__file__).parents[2] / "docs" / "peers.md"
TABLE = re.compile(r"(?<=<!-- measured -->\n).*(?=<!-- /measured -->)", re.DOTALL)
HEADINGS = (
    "server",
    "versions",
    "outcome",
    "RSS grew / refused, MB",
    "ratio",
    "witness, messages/s",
    "its longest wait after the wake",
    "missing",
    "RSS after a sleeper's death",
)


def row(peer: Peer, truth: Truth, dead_growth_bytes_per_s: float) -> tuple[str, ...]:
    ratio = truth.grown_bytes / truth.refused_bytes if truth.refused_bytes > 1_000_000 else None
    return (
        peer.name,
        ", ".join(f"{package} {found}" for package, found in versions(peer).items()),
        truth.outcome + ("" if truth.outcome == peer.outcome else f" (known: {peer.outcome})"),
        f"{truth.grown_bytes / 1e6:.1f} / {truth.refused_bytes / 1e6:.1f}",
        "" if ratio is None else f"{ratio:.1f}",
        f"{truth.rate_before:.0f} → {truth.rate_asleep:.0f}",
        f"{truth.awake_gap_s:.2f} s",
        f"{truth.missing:,}",
        f"{dead_growth_bytes_per_s / 1e6:+.1f} MB/s",
    )


def line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def write(measured: dict[str, str]) -> None:
    """Into the page's table, in the order of ours; a row that was not measured now is left as it was."""
    page = PAGE.read_text()
    before = {row.split(" | ")[0].removeprefix("| "): row for row in TABLE.findall(page)[0].splitlines()}
    lines = {**before, **measured}
    rows = [lines[peer.name] for peer in PEERS if peer.name in lines]
    table = "\n".join([line(HEADINGS), line(("---",) * len(HEADINGS)), *rows, ""])
    PAGE.write_text(TABLE.sub(lambda _: table, page))


def main(names: list[str]) -> int:
    """1 if what was measured of any is not what the table says of it."""
    measured: dict[str, str] = {}
    wrong = 0
    for peer in PEERS:
        if names and peer.name not in names:
            continue
        if reason := missing(peer):
            print(f"{peer.name}: {reason}", file=sys.stderr)
            continue
        truth = sleep_and_wake(peer)
        measured[peer.name] = line(row(peer, truth, growth_after_death(peer)))
        wrong += truth.outcome != peer.outcome
        print(measured[peer.name], flush=True)
    write(measured)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
