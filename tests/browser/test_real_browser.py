"""Our sleeping tab held to what real browsers did, by the tolerances of docs/browsers.md.

Sleeps are cut short where the rest shows nothing new; the whole of them: ``compare.py``.
"""

import functools
import subprocess
import sys
from pathlib import Path

import pytest

from stallsim.clients._browser import Asleep
from stallsim.clients.sleeping_tab import Wake

from .comparison import Compared, Decides, compare, unlike, with_a_congestion_control
from .our_run import OurRun, run
from .real_trace import RealTrace
from .seen import Setup

HERE = Path(__file__).parent
ATTEMPTS_MAX = 3
ASLEEP_S = {
    "frozen_legacy_r1": 3.3,
    "frozen_legacy_r2": 3.3,
    "frozen_v156_r1": 3.3,
    "ping_frozen_legacy_r1": 3.3,
    "frozen_legacy-50ms_r1": 2.4,
    "jsblock_r1": 0.8,
}
"""Long enough for the first refused write, the zero window, the full pipe."""
GROWN = {"jsblock_r1"}
"""An earlier burst had made the kernel grow the browser's receive buffer, which no option asks for."""

pytestmark = [pytest.mark.loopback, pytest.mark.slow, pytest.mark.alone]
each_trace = pytest.mark.parametrize("name", ASLEEP_S)


@functools.cache
def trace_of(name: str) -> RealTrace:
    return RealTrace(HERE / "data" / f"{name}.jsonl")


@functools.cache
def attempts_at(setup: Setup) -> list[OurRun]:
    """The runs of ours so far; traces that ask for the same share them."""
    return [run(setup)]


def attempt(name: str, number: int = 0) -> OurRun:
    """One run of ours, or a further one."""
    setup = with_a_congestion_control(trace_of(name).setup)
    phase_of_pings = setup.sleeps_after % setup.ping_ticks
    setup = setup._replace(sleeps_after=phase_of_pings, asleep_s=ASLEEP_S[name])
    runs = attempts_at(setup)
    if number == len(runs):
        runs.append(run(setup))
    return runs[number]


def differing(name: str, decides: Decides) -> list[Compared]:
    """Rows beyond their tolerance. A machine too busy to tell is tried again, then skipped aloud."""
    trace = trace_of(name)
    for number in range(ATTEMPTS_MAX):
        ours = attempt(name, number)
        rows = compare(trace.seen, ours.seen, trace.setup)
        wrong = [row for row in rows if row.decides is decides and not row.alike]
        if not (wrong and ours.starved):
            return wrong
    pytest.skip(f"this process did not get to run for {ours.blind_s * 1000:.0f} ms, thrice; {wrong}")


@each_trace
def test_what_the_browser_decides(name: str) -> None:
    assert not differing(name, Decides.BROWSER)


@pytest.mark.parametrize("name", [name for name in ASLEEP_S if name not in GROWN])
def test_what_the_kernels_decide(name: str) -> None:
    reasons = unlike(trace_of(name))
    if reasons:
        pytest.skip("; ".join(reasons))
    assert not differing(name, Decides.KERNEL)


@each_trace
def test_bytes_are_conserved(name: str) -> None:
    (samples,) = attempt(name).timeline.samples
    settled = [sample for sample in samples if sample.settled]
    assert len(settled) > len(samples) * 0.9
    assert {sample.unaccounted_bytes for sample in settled} == {0}


@pytest.mark.parametrize("name", ["frozen_legacy_r1", "ping_frozen_legacy_r1"])
def test_it_drains_at_the_renderers_pace(name: str) -> None:
    rates = []
    for number in range(ATTEMPTS_MAX):
        ours = attempt(name, number)
        assert ours.seen.drain_bytes_per_s is not None
        rates.append(ours.seen.drain_bytes_per_s)
        if 80e6 <= rates[-1] <= 120e6:
            return
        if not ours.starved:
            break
    assert ours.starved, f"drained at {rates} bytes/s"
    pytest.skip(f"too busy to tell: drained at {rates} bytes/s")


def test_a_trace_says_what_ours_is_to_be_given() -> None:
    legacy, current, script, pings = (
        trace_of(name).setup
        for name in ("frozen_legacy_r1", "frozen_v156_r1", "jsblock_r1", "ping_frozen_legacy_r1")
    )
    assert (legacy.frame_bytes, legacy.interval_s, legacy.ping_interval_s) == (6680, 0.005, None)
    assert (legacy.asleep, legacy.wake) == (Asleep.TAB, Wake.DRAIN)
    assert (current.asleep, current.wake) == (Asleep.TAB, Wake.CLOSE_1001)
    assert (script.asleep, script.wake) == (Asleep.SCRIPT, Wake.CLOSE_1001)
    assert (pings.ping_interval_s, pings.ping_ticks) == (0.05, 10)


def test_a_grown_buffer_is_noticed() -> None:
    grown = [name for name in ASLEEP_S if any("had grown" in reason for reason in unlike(trace_of(name)))]
    assert set(grown) == GROWN


def test_a_difference_is_seen() -> None:
    trace = trace_of("frozen_v156_r1")
    real = trace.seen
    other = real._replace(
        held_bytes=real.held_bytes + 6681,
        stopped_s=(real.stopped_s or 0.0) + 0.06,
        outq_bytes=(real.outq_bytes or 0) - 5121,
        phases=real.phases[1::-1],
        ending="drained",
    )
    wrong = [row.what for row in compare(real, other, trace.setup) if not row.alike]
    assert wrong == [
        "held in the browser, bytes",
        "reading stops, s",
        "send queue then, bytes",
        "phases",
        "ending",
    ]


def test_the_script_runs_by_itself() -> None:
    script = str(HERE / "compare.py")
    missing = subprocess.run(
        [sys.executable, script, "no-such-trace.jsonl"], capture_output=True, text=True, check=False
    )
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "no-such-trace.jsonl: cannot be compared" in missing.stderr
