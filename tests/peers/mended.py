"""Servers that have been mended, each in its own way, and whether the probe says so:
``python -m tests.peers.mended [--times 10] [--busy] [--one-stall] [NAME...]``.

A bound of 64 KiB, 1, 16 and 64 MiB, beyond which messages are dropped or conflated, or the client is
disconnected; write timeouts of 5, 10 and 30 s; ping timeouts of 20 s; and one that is not mended.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import trio

from stallsim.probing.options.limits import limits_of
from stallsim.probing.probe import probe
from stallsim.probing.result import ProbeResult
from stallsim.probing.spec import MAIN_STALLS, Command, ProbeSpec, Target, Watch

from .asking import both_cores_busy
from .peer import DISCONNECTS, DROPS, UNBOUNDED

SERVER = Path(__file__).parent / "servers" / "mended.py"
KIB, MIB = 2**10, 2**20
FAIL_ON = "unbounded-growth,blocks-everyone"


@dataclass(frozen=True)
class Mended:
    name: str
    outcome: str
    environment: dict[str, str]
    nightly: bool = True
    """It takes longer than a quick arm may."""


def _bounds() -> Iterator[Mended]:
    outcomes = {"drop": DROPS, "conflate": DROPS, "disconnect": DISCONNECTS}
    for name, size in (("64KiB", 64 * KIB), ("1MiB", MIB), ("16MiB", 16 * MIB), ("64MiB", 64 * MIB)):
        for policy, outcome in outcomes.items():
            environment = {"POLICY": policy, "BOUND": str(size)}
            yield Mended(f"{policy}-{name}", outcome, environment, nightly=size > MIB)


MENDED = (
    *_bounds(),
    *(Mended(f"write-timeout-{s}s", DISCONNECTS, {"WRITE_TIMEOUT_S": f"{s}"}) for s in (5, 10, 30)),
    Mended("ping-timeout-20s", DISCONNECTS, {"PING_TIMEOUT_S": "20", "PING_EACH_S": "5"}),
    Mended("ping-each-20s-timeout-20s", DISCONNECTS, {"PING_TIMEOUT_S": "20", "PING_EACH_S": "20"}),
    Mended("slow-stream-1MiB", DISCONNECTS, {"RATE": "70", "POLICY": "disconnect", "BOUND": str(MIB)}),
    Mended("not-mended", UNBOUNDED, {}),
)


def ask(server: Mended, stalls: tuple[str, ...] = MAIN_STALLS, watch: Watch | None = None) -> ProbeResult:
    """The default command, with the limits that a continuous integration run would have."""
    words = ("env", *(f"{key}={value}" for key, value in server.environment.items()), sys.executable)
    spec = ProbeSpec(
        target=Target(url="ws://127.0.0.1:0/"),
        command=Command(words=(*words, str(SERVER))),
        stalls=stalls,
        watch=watch,
    )
    return limits_of({"fail_on": FAIL_ON}).apply(trio.run(probe, spec))


def wrong(server: Mended, result: ProbeResult) -> list[str]:
    """A sentence for each thing that is not so."""
    told = [] if result.outcome == server.outcome else [f"{result.outcome.value}, not {server.outcome}"]
    if result.unmet != (server.outcome == UNBOUNDED):
        told.append("; ".join((*result.violations, *result.untested)) or "nothing was found")
    told += [f"finding {finding.value}" for finding in result.findings if finding.value != "drops-silently"]
    return told


def main() -> int:
    """1 if anything was said that is not so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--busy", action="store_true", help="beside two processes that only spin")
    parser.add_argument("--one-stall", action="store_true", help="only the stall that is watched for long")
    parser.add_argument("names", nargs="*")
    asked = parser.parse_args()
    bad = 0
    with both_cores_busy() if asked.busy else nullcontext():
        for server in MENDED:
            if asked.names and server.name not in asked.names:
                continue
            said: Counter[str] = Counter()
            walls: list[float] = []
            for _ in range(asked.times):
                began_s = time.monotonic()
                result = ask(server, MAIN_STALLS[:1] if asked.one_stall else MAIN_STALLS)
                walls.append(time.monotonic() - began_s)
                found = wrong(server, result)
                bad += bool(found)
                said[
                    f"WRONG: {'; '.join(found)}" if found else f"{result.outcome} ({result.confidence})"
                ] += 1
            words = ", ".join(f"{words} {count}/{asked.times}" for words, count in said.items())
            print(f"{server.name}: {words}; {median(walls):.1f} s, at most {max(walls):.1f} s", flush=True)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
