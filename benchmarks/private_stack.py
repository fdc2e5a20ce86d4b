"""What a private stack makes repeatable: digests of runs with keys left to the kernel.

    python -m benchmarks.private_stack [--runs N] [--only KEY ...]

Each row leaves one pin (or all) out of a profile; each column is a stack; each cell counts the different
digests of N runs on an idle machine and of N more with every core busy. Every run is a process of its
own, so a private stack is a fresh one. The table is the one in docs/private-stack.md.
"""

import argparse
import multiprocessing
import re
import sys
import tempfile
from multiprocessing.pool import AsyncResult
from pathlib import Path
from typing import NamedTuple

from stallsim.errors import EnvironmentUnfit
from stallsim.profile.load import load_profile
from stallsim.runner.execute import ATTEMPTS_MAX, Execution
from stallsim.timeline.ledger import make_ledger

from .neighbours import busy_cores

PROFILES = Path(__file__).parents[1] / "profiles"
PINS = ("sndbuf", "rcvbuf", "maxseg", "congestion")
LONG_ENOUGH = {
    "stop-reading": ("ticks=800",),
    "sleeping-tab": ("ticks=1100", "clients.sleeper.wake-tick=800"),
}
"""Auto-tuned buffers hold megabytes: the stall must last until they are full."""
FIXED = (
    'stack.sysctl={"net.ipv4.tcp_rmem" = "131072 131072 131072", '
    '"net.ipv4.tcp_wmem" = "262144 262144 262144", "net.ipv4.tcp_congestion_control" = "reno"}'
)
STACKS: dict[str, tuple[str, ...]] = {
    "the machine's": (),
    "private": ("stack.private=true",),
    "tcp_moderate_rcvbuf=0": ('stack.sysctl={"net.ipv4.tcp_moderate_rcvbuf" = 0}',),
    "all fixed": (FIXED,),
}


class Run(NamedTuple):
    digest: str | None
    """None where a kernel timer fired in every attempt: the machine was too busy for lockstep."""
    attempts: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--only", action="append", choices=[*PINS, "all"])
    arguments = parser.parse_args()
    rows = [(profile, left_out) for profile in LONG_ENOUGH for left_out in (*PINS, "all")]
    print("| profile | left out |", *(f"{stack} |" for stack in STACKS))
    print("|---|---|", *("---|" for _ in STACKS))
    with tempfile.TemporaryDirectory() as folder:
        for profile, left_out in rows:
            if arguments.only is None or left_out in arguments.only:
                path = without(profile, PINS if left_out == "all" else (left_out,), Path(folder))
                cells = [cell(path, LONG_ENOUGH[profile], stack, arguments.runs) for stack in STACKS]
                print(f"| {profile} | {left_out} |", *(f"{one} |" for one in cells), flush=True)
    return 0


def without(profile: str, keys: tuple[str, ...], folder: Path) -> Path:
    """The profile's text without these keys."""
    text = (PROFILES / f"{profile}.toml").read_text()
    for key in keys:
        text = re.sub(rf"(?m)^{key} = .*\n", "", text)
    path = folder / f"{profile}-without-{'-'.join(keys)}.toml"
    path.write_text(text)
    return path


def cell(path: Path, overrides: tuple[str, ...], stack: str, runs: int) -> str:
    """How many digests idle, how many busy, how many in all; what was executed again, what gave up."""
    idle = [alone(path, overrides, stack) for _ in range(runs)]
    with busy_cores():
        busy = [alone(path, overrides, stack) for _ in range(runs)]
    counts = [len({run.digest for run in some if run.digest}) for some in (idle, busy, idle + busy)]
    again = sum(run.attempts - 1 for run in idle + busy if run.digest)
    gave_up = sum(run.digest is None for run in idle + busy)
    words = f"{counts[0]}, {counts[1]} busy: {counts[2]}"
    notes = [f"{again} again"] * bool(again) + [f"{gave_up} gave up"] * bool(gave_up)
    return f"{words} ({', '.join(notes)})" if notes else words


def alone(path: Path, overrides: tuple[str, ...], stack: str) -> Run:
    """One run in a process, and if asked for a stack, of its own."""
    with multiprocessing.get_context("fork").Pool(1) as pool:
        run: AsyncResult[Run] = pool.apply_async(execute, (path, (*overrides, *STACKS[stack])))
        return run.get()


def execute(path: Path, overrides: tuple[str, ...]) -> Run:
    execution = Execution(load_profile(str(path), overrides))
    execution.prepare()
    try:
        timeline = execution.execute()
    except EnvironmentUnfit:
        return Run(None, ATTEMPTS_MAX)
    assert timeline.end is not None, "an executed timeline has its end"
    return Run(make_ledger(timeline).digest, timeline.end.attempts)


if __name__ == "__main__":
    sys.exit(main())
