"""Sentences about a connection's end: the server's decision, its socket and its memory, each with its time
or with the statement that it was not observed.
"""

from collections.abc import Iterator

from ...timeline.probed.measures import Ending
from ...units import format_seconds, format_size
from ..observe.observation import Observation

_SIGNS = {
    "close": "the client received a Close frame",
    "fin": "the client received FIN",
    "rst": "the client received RST",
    "state": "its end of the TCP connection left ESTABLISHED, which the client had not noticed",
}


def end_lines(seen: Observation) -> Iterator[str]:
    """One sentence for each fact; none if the server ended no connection."""
    end = seen.record.end
    if end is None:
        return
    code = "" if end.code is None else f", status code {end.code}"
    of_http = end.how == "close" and not seen.record.has_ping
    means = "the end of the answer" if of_http else end.how
    ending = seen.record.ending
    if ending is None:
        yield f"the connection ended by {means}{code}"
        return
    sign = _SIGNS.get(ending.sign, ending.sign)
    if ending.sign == "close" and not seen.record.has_ping:
        sign = "the client received the end of the answer"
    yield f"the server decided to close {_at(ending.decided_after_s)} into the stall: {sign}"
    yield _socket(ending, seen.record.visible)
    memory = _memory(ending)
    if memory:
        yield memory
    how = "nothing until the watch ended" if end.how == "state" else means
    yield f"the client observed of the end: {how}{code}"


def _socket(ending: Ending, visible: bool) -> str:
    if ending.gone_after_s is not None:
        return f"the server's socket was gone {_at(ending.gone_after_s)} into the stall"
    if not visible:
        return "whether the server's socket was gone then could not be seen"
    return (
        f"the server's socket still existed {_at(ending.watched_s)} after that: {ending.left_state}, with "
        f"{format_size(ending.left_bytes or 0)} in the kernel's send queue"
    )


def _memory(ending: Ending) -> str:
    """When the memory came back; empty if it had grown too little to show that."""
    grown = ending.grown_bytes
    if ending.freed_after_s is not None:
        return (
            f"the server's memory had grown by {format_size(grown or 0)}; {_at(ending.freed_after_s)} into "
            "the stall, at most a fifth of this was left"
        )
    if grown is None or not ending.worth_freeing:
        return ""
    return (
        f"the server's memory had grown by {format_size(grown)}; {_at(ending.watched_s)} after the "
        "decision, more than a fifth of this was left"
    )


def _at(seconds: float) -> str:
    return format_seconds(max(seconds, 1e-3))
