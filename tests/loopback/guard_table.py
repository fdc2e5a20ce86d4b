"""``python -m tests.loopback.guard_table [RUNS]``: measures the table of docs/kernel-timers.md."""

import statistics
import subprocess
import sys
from collections import defaultdict

import msgspec

from .guards import FORBIDDEN, RUN_S, STACKS, Cell
from .running import CHECKOUT, ENVIRONMENT


def observe() -> list[Cell] | str:
    """Every cell of every stack, seen at the same time; or why private stacks are forbidden."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.loopback.guards", stack],
            cwd=CHECKOUT,
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for stack in STACKS
    ]
    told = [process.communicate(timeout=10 * RUN_S) for process in processes]
    for process, (_, stderr) in zip(processes, told, strict=True):
        if process.returncode == FORBIDDEN:
            return stderr.strip()
        assert process.returncode == 0, stderr
    return [cell for stdout, _ in told for cell in msgspec.json.decode(stdout, type=list[Cell])]


def main(runs: int) -> int:
    """Print what happened, with the least, the middle and the greatest time of all runs."""
    seen: defaultdict[tuple[str, str], list[Cell]] = defaultdict(list)
    for _ in range(runs):
        cells = observe()
        if isinstance(cells, str):
            print(cells, file=sys.stderr)
            return FORBIDDEN
        for cell in cells:
            seen[cell.peer, cell.guard].append(cell)
    print("| peer | guard | ended | after s: min/median/max | errno | ss timers | RST | ss peer | woken |")
    print("|---|---|---|---|---|---|---|---|---|")
    for (peer, guard), some in seen.items():
        print(f"| {peer} | {guard} | {' | '.join(words(some))} |")
    return 0


def words(some: list[Cell]) -> list[str]:
    """One kind of cell, in all runs; what differed between them stands side by side."""
    times = [cell.ended_s for cell in some if cell.ended_s is not None]
    figures = [f"{pick(times):.2f}" for pick in (min, statistics.median, max)] if times else ["-"]
    sets = [
        {str(cell.error or "-") for cell in some},
        {" ".join(cell.timers) or "-" for cell in some},
        {str(cell.resets) for cell in some},
        {cell.peer_state for cell in some},
        {cell.woken or "-" for cell in some},
    ]
    return [f"{len(times)} of {len(some)}", "/".join(figures), *("; ".join(sorted(one)) for one in sets)]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
