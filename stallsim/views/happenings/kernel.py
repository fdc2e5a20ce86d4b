"""What the kernels report, in words."""

from typing import assert_never

from ...timeline.events.kernel import (
    KernelEvent,
    LargePagesShort,
    ServerEnds,
    SocketGone,
    Stalled,
    TcpMemoryPressure,
    TicksLate,
    ZeroWindow,
)
from ...units import format_count, format_seconds
from .wording import safe


def kernel_event_words(what: KernelEvent) -> str:
    """What happened, as one sentence without its full stop."""
    n = format_count
    match what:
        case Stalled():
            return f"the kernel confirms it: {safe(what.evidence)}"
        case ZeroWindow():
            behind = f"{n(what.rcvq_bytes)} bytes are unread, and {n(what.notsent_bytes)} are not sent"
            return f"the client's window is 0; {behind}"
        case SocketGone():
            return "the server's kernel has released the connection"
        case TcpMemoryPressure():
            used = f"{n(what.used_pages)} pages of {n(what.pressure_pages)}"
            return f"the machine's TCP memory runs short, {used}: buffers do not have the requested sizes"
        case LargePagesShort():
            pieces = f"{n(what.pieces)} free pieces of 32 KiB, {n(what.free_kib)} KiB in all"
            return f"the machine has {pieces}: the kernel stores sent bytes in other pieces"
        case TicksLate():
            since, most = n(what.first_tick), format_seconds(what.late_s)
            late = f"tick {since} was late by {most}"
            if what.ticks > 1:
                late = f"{n(what.ticks)} ticks since tick {since} were late, by up to {most}"
            return f"{late}: a phase that began and ended within that time is missing"
        case ServerEnds():
            return f"the server's end of the connection is in the state {safe(what.state)}"
        case _:
            assert_never(what)
