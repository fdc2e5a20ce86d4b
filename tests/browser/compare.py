"""``python tests/browser/compare.py TRACE.jsonl``: ours beside a trace of a real browser.

Takes tick, frame, Pings, what sleeps and how it wakes from the trace, runs ours with the same in a network
stack that is set like the trace's, and prints what both did. Exits 1 where something differs by more than
is allowed, 3 where it may differ only because this machine was too busy, 2 where the trace is of something
else than a sleep.
"""

import argparse
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

if not __package__:
    sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.browser import trace_stack
from tests.browser.comparison import Compared, Decides, compare, unlike, with_a_congestion_control
from tests.browser.our_run import OurRun, run
from tests.browser.real_trace import RealTrace


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare one trace; the exit code."""
    parser = argparse.ArgumentParser(description="Our sleeping tab beside a trace of a real browser.")
    parser.add_argument("trace", type=Path, help="JSON lines; the first one documents the columns")
    parser.add_argument("--asleep", type=float, metavar="SECONDS", help="sleep shorter than the trace did")
    parser.add_argument("--runs", type=int, default=1, help="runs of ours; the median one by refusal time")
    given = parser.parse_args(arguments)
    try:
        trace = RealTrace(given.trace)
        setup, real = trace.setup, trace.seen
    except (OSError, ValueError, LookupError, StopIteration) as error:
        print(f"{given.trace}: cannot be compared: {error}", file=sys.stderr)
        return 2
    refused = trace_stack.enter(trace)
    reasons = [*unlike(trace), *([refused] if refused else [])]
    runs = [run(with_a_congestion_control(setup), given.asleep) for _ in range(given.runs)]
    ours = _median(runs)
    print(f"{given.trace.name}: {trace.header['meta']['chromium']}, {_setting(trace)}")
    verdicts = set()
    for row in compare(real, ours.seen, setup):
        verdict = _verdict(row, bool(reasons), ours.starved)
        verdicts.add(verdict)
        print(f"  {row.what:28} {_text(row.real):>44} {_text(row.ours):>44}  {row.allowed:22} {verdict}")
    for reason in reasons:
        print(f"  the kernels' share is not judged: {reason}")
    print(f"  longest time in which ours did not get to run: {ours.blind_s * 1000:.0f} ms")
    return 1 if "FAIL" in verdicts else 3 if "starved" in verdicts else 0


def _median(runs: Sequence[OurRun]) -> OurRun:
    """The run with the median time of the first refusal, among those that had the machine's time."""
    fit = [run for run in runs if not run.starved] or runs
    times = [run.seen.refused_s or run.seen.zero_window_s or 0.0 for run in fit]
    return fit[times.index(statistics.median_low(times))]


def _setting(trace: RealTrace) -> str:
    setup = trace.setup
    pings = f", Pings every {setup.ping_interval_s:g} s" if setup.ping_interval_s else ""
    stream = f"{setup.frame_bytes:,} bytes every {setup.interval_s * 1000:g} ms{pings}"
    return f"{stream}, {setup.congestion}; asleep={setup.asleep.value} wake={setup.wake.value}"


def _verdict(row: Compared, unlike_kernels: bool, starved: bool) -> str:
    if row.decides is Decides.CHANCE or (row.decides is Decides.KERNEL and unlike_kernels):
        return "-"
    if row.alike:
        return "pass"
    return "starved" if starved else "FAIL"


def _text(value: object) -> str:
    match value:
        case int():
            return f"{value:,}"
        case tuple():
            return " > ".join(str(each).split("-")[0] for each in value)
        case dict():
            return " ".join(str(each) for each in value.values())
        case None:
            return "-"
    return str(value)


if __name__ == "__main__":
    sys.exit(main())
