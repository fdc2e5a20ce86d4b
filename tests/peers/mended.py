"""Servers that have been mended, each in its own way, and whether the probe says so:
``python -m tests.peers.mended [--times 10] [--jobs 4] [--busy] [--one-stall] [NAME...]``.

A bound of 64 KiB, 1, 16 and 64 MiB, beyond which messages are dropped or conflated, or the client is
disconnected; write timeouts of 5, 10 and 30 s; ping timeouts of 20 s; and one that is not mended.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from stallsim.probing.options.limits import limits_of
from stallsim.probing.probe import probe_blocking
from stallsim.probing.spec import MAIN_STALLS, Command, ProbeSpec, Target, WatchUntil
from stallsim.timeline.probed.measures import Healthy
from stallsim.timeline.probed.outcomes import Confidence, Finding
from stallsim.timeline.probed.result import ProbeResult

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
            yield Mended(f"{policy}-{name}", outcome, environment, nightly=size > 64 * KIB)


MENDED = (
    *_bounds(),
    *(Mended(f"write-timeout-{s}s", DISCONNECTS, {"WRITE_TIMEOUT_S": f"{s}"}) for s in (5, 10, 30)),
    Mended("ping-timeout-20s", DISCONNECTS, {"PING_TIMEOUT_S": "20", "PING_EACH_S": "5"}),
    Mended("ping-each-20s-timeout-20s", DISCONNECTS, {"PING_TIMEOUT_S": "20", "PING_EACH_S": "20"}),
    Mended("slow-stream-1MiB", DISCONNECTS, {"RATE": "70", "POLICY": "disconnect", "BOUND": str(MIB)}),
    Mended("not-mended", UNBOUNDED, {}),
)


def ask(
    server: Mended, stalls: tuple[str, ...] = MAIN_STALLS, watch: WatchUntil | None = None
) -> ProbeResult:
    """The default command, with the limits that a continuous integration run would have."""
    words = ("env", *(f"{key}={value}" for key, value in server.environment.items()), sys.executable)
    return probe_blocking(
        ProbeSpec(
            target=Target(url="ws://127.0.0.1:0/"),
            command=Command(words=(*words, str(SERVER))),
            stalls=stalls,
            watch=watch,
            limits=limits_of({"fail_on": FAIL_ON}),
        )
    )


def wrong(server: Mended, result: ProbeResult) -> list[str]:
    """A sentence for each thing that is not so."""
    told = [] if result.outcome == server.outcome else [f"{result.outcome.value}, not {server.outcome}"]
    if result.unmet != (server.outcome == UNBOUNDED):
        told.append("; ".join((*result.violations, *result.untested)) or "nothing was found")
    right = {
        Finding.DROPS_SILENTLY,
        *([Finding.CUTS_HEALTHY_CLIENTS] if _cuts_the_slow(server, result) else []),
    }
    told += [f"finding {finding.value}" for finding in result.findings if finding not in right]
    return told


def _cuts_the_slow(server: Mended, result: ProbeResult) -> bool:
    """It is true that who bounds a queue by the end of the connection ends that of a slow reader, too: but
    only of that one."""
    cut = {cut.who for one in result.stalls for cut in one.cuts}
    return server.environment.get("POLICY") == "disconnect" and cut == {Healthy.SLOW_CLIENT}


def told(server: Mended, result: ProbeResult) -> str:
    """The answer in a few words, which begin with WRONG where it is."""
    found = wrong(server, result)
    return f"WRONG: {'; '.join(found)}" if found else f"{result.outcome} ({result.confidence})"


def _show(server: Mended, result: ProbeResult) -> None:
    """What has to be looked at: a wrong answer, and one of low confidence."""
    print(f"{server.name}: {told(server, result)}", flush=True)
    for row in result.stalls:
        print(f"    {row.stall}: {row.outcome} ({row.confidence}), {row.summary}")
        print(*(f"        {words}" for words in row.evidence), sep="\n", flush=True)


def main() -> int:
    """1 if anything was said that is not so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1, help="so many at once: they mostly wait")
    parser.add_argument("--busy", action="store_true", help="beside two processes that only spin")
    parser.add_argument("--one-stall", action="store_true", help="only the stall that is watched for long")
    parser.add_argument("names", nargs="*")
    asked = parser.parse_args()
    servers = [server for server in MENDED if not asked.names or server.name in asked.names]
    stalls = MAIN_STALLS[:1] if asked.one_stall else MAIN_STALLS
    said = {server.name: Counter[str]() for server in servers}
    walls: dict[str, list[float]] = {server.name: [] for server in servers}
    with both_cores_busy() if asked.busy else nullcontext(), ThreadPoolExecutor(asked.jobs) as pool:
        # each server once before any of them again: what is wrong shows early
        waiting = {
            pool.submit(ask, server, stalls): server for _ in range(asked.times) for server in servers
        }
        for done in as_completed(waiting):
            server, result = waiting[done], done.result()
            said[server.name][told(server, result)] += 1
            walls[server.name].append(result.wall_s)
            if wrong(server, result) or result.confidence is Confidence.LOW:
                _show(server, result)
    for name, answers in said.items():
        words = ", ".join(f"{words} {count}/{asked.times}" for words, count in answers.items())
        print(f"{name}: {words}; {median(walls[name]):.1f} s, at most {max(walls[name]):.1f} s", flush=True)
    return int(any(words.startswith("WRONG") for answers in said.values() for words in answers))


if __name__ == "__main__":
    sys.exit(main())
