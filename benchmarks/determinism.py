"""Every pinned profile, again and again, in peace and disturbed: one digest each.

    python -m benchmarks.determinism [PROFILE ...] [--runs N] [--others N] [--arm NAME] [--set KEY=VALUE]
        [--cgroup FOLDER]

Without a profile: ``sleeping-tab`` 1,000 times and each other pinned one 200 times, shared out among the
arms (``disturbance``: in peace, every core busy, memory and files copied on every core, twenty runs at
once, stopped for 300 ms at a random moment, one system call 300 ms late, on one CPU, at nice 19, and with
``--cgroup`` in a cgroup that limits TCP's memory). Prints how many digests each has had, and how many runs
were executed again or were not pinned; exits 1 where a pinned run has another digest than the others of
its profile, or none is pinned.
"""

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

from stallsim.profile.folder import names
from stallsim.profile.load import load_profile
from stallsim.profile.scenario import Pace

from .disturbance import ARMS, Arm, in_cgroup, in_peace
from .run_in_child import Run

MAIN = "sleeping-tab"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("profiles", nargs="*", metavar="PROFILE")
    parser.add_argument("--runs", type=int, default=1000, help="of the first profile")
    parser.add_argument("--others", type=int, default=200, help="of each other")
    parser.add_argument("--arm", action="append", choices=[*ARMS], help="all by default")
    parser.add_argument("--cgroup", type=Path, metavar="FOLDER", help="one with a limit of TCP's memory")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    profiles = arguments.profiles or [MAIN, *(name for name in lockstep_profiles() if name != MAIN)]
    arms = {name: ARMS[name] for name in arguments.arm or ARMS}
    if arguments.cgroup:
        arms["cgroup"] = in_cgroup(arguments.cgroup)
    else:
        print("without the arm cgroup, which needs a folder with a limit of TCP's memory (--cgroup)")
    print(f"{'profile':<22}{'arm':<10}{'runs':>6}{'digests':>9}{'again':>7}{'not pinned':>12}{'s':>8}")
    failed = 0
    for place, profile in enumerate(profiles):
        each = -(-(arguments.others if place else arguments.runs) // len(arms))
        run = Run(profile, tuple(arguments.set))
        failed += not one_digest(run, arms, each, random.Random(arguments.seed))
    print(f"{len(profiles) - failed} of {len(profiles)} profiles have one digest")
    return 1 if failed else 0


def lockstep_profiles() -> list[str]:
    """Those that claim a digest."""
    return [name for name in names() if load_profile(name).scenario.pace is Pace.LOCKSTEP]


def one_digest(run: Run, arms: dict[str, Arm], each: int, chance: random.Random) -> bool:
    """Whether all pinned runs of one profile agree, and there is one."""
    in_peace(run, chance)  # what is imported now is not imported in every child
    every: Counter[str] = Counter()
    for name, arm in arms.items():
        digests: Counter[str] = Counter()
        again = loose = 0
        started = time.perf_counter()
        with arm.beside():
            for _ in range(each):
                told = arm(run, chance)
                again += told.attempts - 1
                loose += not told.pinned
                digests.update([told.digest] if told.pinned else [])
        every.update(digests)
        seconds = time.perf_counter() - started
        print(
            f"{run.profile:<22}{name:<10}{each:>6}{len(digests):>9}{again:>7}{loose:>12}{seconds:>8.1f}",
            flush=True,
        )
    for digest, times in every.most_common():
        print(f"{'':<22}{digest}  {times}")
    return len(every) == 1


if __name__ == "__main__":
    sys.exit(main())
