"""Sentences about a connection's end: the server's decision, its socket and its memory, each with its time
or with the statement that it was not observed.
"""

from collections.abc import Iterator

from ...timeline.probed.measures import Ending
from ...units import format_seconds, format_size
from ..observe.observation import Observation

_SIGNS = {
    "close": "a Close frame came",
    "fin": "FIN came",
    "rst": "RST came",
    "state": "its own end of TCP left ESTABLISHED, and nothing of that had reached the client",
}


def end_lines(seen: Observation) -> Iterator[str]:
    """One sentence for each fact; none if the server ended no connection."""
    end = seen.record.end
    if end is None:
        return
    code = "" if end.code is None else f", status code {end.code}"
    ending = seen.record.ending
    if ending is None:
        yield f"the connection ended by {end.how}{code}"
        return
    sign = _SIGNS.get(ending.sign, ending.sign)
    yield f"the server decided to close {_at(ending.decided_after_s)} into the stall: {sign}"
    yield _socket(ending, seen.record.visible)
    memory = _memory(ending)
    if memory:
        yield memory
    how = "nothing until the watch ended" if end.how == "state" else end.how
    yield f"what the client saw of the end: {how}{code}"


def _socket(ending: Ending, visible: bool) -> str:
    if ending.gone_after_s is not None:
        return f"its socket was gone {_at(ending.gone_after_s)} into the stall"
    if not visible:
        return "whether its socket was gone then could not be seen"
    return (
        f"its socket had not gone {_at(ending.watched_s)} after that: {ending.left_state}, with "
        f"{format_size(ending.left_bytes or 0)} in the kernel's send queue"
    )


def _memory(ending: Ending) -> str:
    """When the memory came back; empty if it had grown too little to show that."""
    grown = ending.grown_bytes
    if ending.freed_after_s is not None:
        return (
            f"its memory, grown by {format_size(grown or 0)}, was back {_at(ending.freed_after_s)} in, "
            "but for a fifth at most"
        )
    if grown is None or not ending.worth_freeing:
        return ""
    return (
        f"of the {format_size(grown)} that its memory had grown by, more than a fifth was still there "
        f"{_at(ending.watched_s)} after that"
    )


def _at(seconds: float) -> str:
    return format_seconds(max(seconds, 1e-3))
