"""How close ours is: one row for each thing compared, and by how much it may differ."""

from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from .real_trace import INITIAL_RCVBUF_BYTES, RealTrace
from .seen import Seen, Setup
from .trace_stack import loopback_mtu

TIME_S = 0.05
QUEUE_BYTES = 5 * 1024
ABSORBED_BYTES = 10 * 1024
_SYSCTLS = ("tcp_rmem", "tcp_wmem", "tcp_moderate_rcvbuf", "tcp_timestamps", "tcp_notsent_lowat")


class Decides(Enum):
    """Who decides what a row shows: what has to be alike for it to be compared."""

    BROWSER = "browser"
    """The browser's own rules: the same on any machine."""
    KERNEL = "kernel"
    """The two kernels: the same only where kernel, settings and buffers are."""
    CHANCE = "chance"
    """Differs between two runs of the same browser: shown, not judged."""


class Compared(NamedTuple):
    """One row."""

    what: str
    real: object
    ours: object
    allowed: str
    alike: bool
    decides: Decides


def compare(real: Seen, ours: Seen, setup: Setup) -> Iterator[Compared]:
    """Every row, in the order in which a stall shows them."""
    browser, kernel = Decides.BROWSER, Decides.KERNEL
    phases = real.phases[: len(ours.phases)]
    options = ours.options | {name: ours.options.get(name) for name in real.options}
    frame = setup.frame_bytes
    if real.options:
        yield Compared("socket options", real.options, options, "exact", real.options == options, browser)
    if setup.deflate:
        yield _near("held in the browser, messages", _messages(real), _messages(ours), 1, browser)
    else:
        held = None if ours.stopped_s is None else ours.held_bytes  # it slept too short to be full
        yield _near("held in the browser, bytes", real.held_bytes, held, frame, browser)
    yield _near("reading stops, s", real.stopped_s, ours.stopped_s, TIME_S, browser)
    yield _same("Pings answered while asleep", real.pongs_asleep, ours.pongs_asleep)
    yield _near("zero window, s", real.zero_window_s, ours.zero_window_s, TIME_S, kernel)
    yield _near("receive queue then, bytes", real.rcvq_bytes, ours.rcvq_bytes, QUEUE_BYTES, kernel)
    yield _near("first refused write, s", real.refused_s, ours.refused_s, TIME_S, kernel)
    yield _near(
        "freeze to refusal, bytes", real.absorbed_bytes, ours.absorbed_bytes, ABSORBED_BYTES, kernel
    )
    yield _near("send queue then, bytes", real.outq_bytes, ours.outq_bytes, QUEUE_BYTES, kernel)
    yield Compared("phases", phases, ours.phases, "same order", phases == ours.phases, browser)
    yield _same("Pings answered late", real.pongs_late, ours.pongs_late)
    yield _same("ending", real.ending, ours.ending)
    yield Compared(
        "read before closing, bytes",
        real.last_read_bytes,
        ours.last_read_bytes,
        "not judged",
        True,
        Decides.CHANCE,
    )
    rates = (_megabytes(real.drain_bytes_per_s), _megabytes(ours.drain_bytes_per_s))
    yield Compared("drained, MB/s", *rates, "80 to 120, not judged", True, Decides.CHANCE)


def _messages(seen: Seen) -> int | None:
    return None if seen.stopped_s is None else round(seen.held_bytes / seen.message_bytes)


def _same(what: str, real: object, ours: object) -> Compared:
    return Compared(what, real, ours, "exact", real == ours, Decides.BROWSER)


def _near(
    what: str, real: float | None, ours: float | None, tolerance: float, decides: Decides
) -> Compared:
    timed = what.endswith(", s")
    if real is None or ours is None:
        return Compared(what, real, ours, "not reached", True, Decides.CHANCE)
    if timed:
        real, ours = round(real, 3), round(ours, 3)
    alike = abs(real - ours) <= tolerance
    return Compared(what, real, ours, f"± {tolerance:,}", alike, decides)


def _megabytes(rate: float | None) -> int | None:
    return None if rate is None else round(rate / 1e6)


def unlike(trace: RealTrace) -> list[str]:
    """Why the kernels' share cannot be compared here; empty where it can."""
    meta = trace.header["meta"]
    reasons = []
    if trace.setup.rcvbuf_bytes > INITIAL_RCVBUF_BYTES:
        grown = f"an earlier burst had grown the browser's buffer to {trace.setup.rcvbuf_bytes:,}"
        reasons.append(grown)
    if trace.setup.deflate:
        mean = f"the trace's messages are compressed to {trace.seen.message_bytes:,} bytes"
        reasons.append(f"{mean}, ours to another size")
    kernel = Path("/proc/sys/kernel/osrelease").read_text()
    if kernel.split(".")[:2] != meta["kernel"].split(".")[:2]:
        reasons.append(f"kernel {kernel.strip()}; the trace's was {meta['kernel']}")
    mtu = loopback_mtu()  # by ioctl: /sys goes on to show the namespace in which it was mounted
    if mtu != meta["lo_mtu"]:
        reasons.append(f"loopback's MTU is {mtu}; the trace's was {meta['lo_mtu']}")
    for name in _SYSCTLS:
        value = " ".join(Path("/proc/sys/net/ipv4", name).read_text().split())
        wanted = meta["sysctl"].get(name, value)
        if value != wanted:
            reasons.append(f"{name} is {value}; the trace's was {wanted}")
    if trace.setup.congestion not in _congestion_controls():
        reasons.append(f"this kernel has no {trace.setup.congestion} congestion control")
    return reasons


def _congestion_controls() -> list[str]:
    return Path("/proc/sys/net/ipv4/tcp_available_congestion_control").read_text().split()


def with_a_congestion_control(setup: Setup) -> Setup:
    """The setup, with the system's congestion control where the trace's cannot be had."""
    if setup.congestion in _congestion_controls():
        return setup
    ours = Path("/proc/sys/net/ipv4/tcp_congestion_control").read_text().strip()
    return setup._replace(congestion=ours)
