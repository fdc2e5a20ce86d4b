"""1,000 runs, one digest: 800 in one process, 200 in fresh ones, half of all with every core busy.

    python benchmarks/determinism.py [PROFILE] [--runs N] [--set KEY=VALUE ...]

Prints how many different digests there were and how many runs had to be executed again because a
kernel timer had fired; exits 1 where there is more than one digest.
"""

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from stallsim.profile.load import load
from stallsim.runner.execute import Production
from stallsim.timeline.ledger import make_ledger

IN_PROCESS_SHARE = 0.8


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("profile", nargs="?", default="sleeping-tab")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    arguments = parser.parse_args()
    here = round(arguments.runs * IN_PROCESS_SHARE)
    fresh = arguments.runs - here
    production = Production(load(arguments.profile, arguments.set))
    production.prepare()
    digests: Counter[str] = Counter()
    redone = 0
    for words, busy in (("idle", False), ("every core busy", True)):
        started = time.perf_counter()
        with busy_cores(os.cpu_count() or 1 if busy else 0):
            runs = [run_here(production) for _ in range(here // 2)]
            runs += [run_fresh(arguments.profile, arguments.set) for _ in range(fresh // 2)]
        digests.update(digest for digest, _ in runs)
        again = sum(attempts - 1 for _, attempts in runs)
        redone += again
        seconds = time.perf_counter() - started
        print(f"{words}: {len(runs)} runs in {seconds:.1f} s, {again} executed again", flush=True)
    for digest, times in digests.most_common():
        print(f"{times:6}  {digest}")
    print(f"{digests.total()} runs, {len(digests)} digest(s), {redone} executed again")
    return 0 if len(digests) == 1 else 1


def run_here(production: Production) -> tuple[str, int]:
    """The digest and the number of attempts of one run in this process."""
    timeline = production.execute()
    assert timeline.end is not None, "an executed timeline has its end"
    return make_ledger(timeline).digest, timeline.end.attempts


def run_fresh(profile: str, overrides: list[str]) -> tuple[str, int]:
    """The same, from the command line."""
    command = [sys.executable, "-m", "stallsim", "run", profile, "--json"]
    command += [word for override in overrides for word in ("--set", override)]
    result = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return result["ledger"]["digest"], result["attempts"]


@contextmanager
def busy_cores(number: int) -> Iterator[None]:
    """Keep that many cores busy for as long as the block runs."""
    burners = [multiprocessing.Process(target=burn, daemon=True) for _ in range(number)]
    for burner in burners:
        burner.start()
    try:
        yield
    finally:
        for burner in burners:
            burner.terminate()
            burner.join()


def burn() -> None:
    while True:
        pass


if __name__ == "__main__":
    sys.exit(main())
