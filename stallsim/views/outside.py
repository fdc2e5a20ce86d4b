"""Describes a server that is observed from outside: inferred values have a ``~``.

*Refused* bytes are those that the witness was given and this client's kernels were not. The server has kept
them, dropped them, or never made them; only the end of a stall shows which.
"""

from ..kinds import Phase
from ..timeline.records import ConnectionInfo
from ..timeline.sample import Sample
from ..units import format_count

UNKNOWN = "unknown"


def is_outside(info: ConnectionInfo | None) -> bool:
    """Whether the connection's server was observed from outside."""
    return info is not None and bool(info.inferred or info.unknown)


def figure_text(info: ConnectionInfo, now: Sample, field: str) -> str:
    """A count as a cell: plain if it was read, with ``~`` if inferred, ``?`` if unknown."""
    if field in info.unknown:
        return "?"
    return ("~" if field in info.inferred else "") + format_count(getattr(now, field))


def plain_field(info: ConnectionInfo | None, now: Sample, field: str) -> int | str:
    """A count as a value of a plain line: a number if it was read, ``~`` and a number if inferred, or
    ``unknown``.
    """
    value: int = getattr(now, field)
    if info is None or field not in (*info.inferred, *info.unknown):
        return value
    return f"~{value}" if field in info.inferred else UNKNOWN


def outside_phase(phase: Phase, now: Sample, info: ConnectionInfo) -> str | None:
    """The meaning of the start of ``phase`` for a server observed from outside; None: the same as
    in a run.
    """
    n = format_count
    refused = figure_text(info, now, "queue_bytes")
    queued = f"{figure_text(info, now, 'outq_bytes')} bytes in the server's kernel"
    if "outq_bytes" in info.unknown:
        queued = "the server's kernel cannot be seen"
    match phase:
        case Phase.RECEIVER_FILLING if "snd_wnd_bytes" in info.unknown:
            return f"the client's kernel holds {n(now.rcvq_bytes)} unread bytes"
        case Phase.WRITE_BLOCKED:
            return f"the kernels take no more (inferred), {queued}; {refused} bytes refused"
        case Phase.DRAINING:
            return f"the client reads again; {refused} bytes refused, {queued}"
        case Phase.RECOVERED:
            return f"the client is level with the witness; {n(now.read_bytes)} bytes were read"
        case Phase.CLOSED:
            return f"the connection has ended; {n(now.read_bytes)} bytes were read"
        case Phase.RESET:
            return f"the connection was aborted (RST); {n(now.read_bytes)} bytes were read"
        case _:
            return None
