"""The end of a fleet's step as one line of ``key=value``: the keys and their order are stable."""

from ...timeline.fleet.steps import Stepped
from ..outside import UNKNOWN


def fleet_fields(stepped: Stepped) -> dict[str, int | float | str]:
    """The fields of the line, in bytes, seconds and counts; ``unknown`` stands for what cannot be read."""
    step = stepped.step
    tally, look, seen, kernel = step.tally, step.look, step.witnessed, step.kernel_memory
    return {
        "kind": stepped.kind.value,
        "clients": step.clients,
        "open": step.open,
        "stalled": UNKNOWN if look is None else look.stalled,
        "ended": step.ended,
        "refused": tally.refused_count,
        "outq": UNKNOWN if look is None else look.outq_bytes,
        "rss": _known(step.rss_bytes),
        "tcp_memory": _known(step.tcp_memory_bytes),
        "ping_p50_s": _known(seen.p50_s),
        "ping_p99_s": _known(seen.p99_s),
        "ping_worst_s": seen.worst_s,
        "witness_rate": seen.bytes_per_s,
        "own_lag_s": seen.own_lag_s,
        "kernel_clients": UNKNOWN if kernel is None else kernel.clients.charged_bytes,
        "kernel_server": UNKNOWN
        if kernel is None or kernel.server is None
        else kernel.server.charged_bytes,
        "unanswered": tally.unanswered_count,
    }


def _known(value: float | None) -> float | str:
    return UNKNOWN if value is None else value
