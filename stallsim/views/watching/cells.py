"""The columns of a watch, each once, for the table on paper and the one on a terminal."""

from collections.abc import Callable
from typing import NamedTuple

from ...timeline.watched import WatchedConnection
from ...units import format_seconds, format_size
from ..clean import clean

NOT_SEEN = "?"


class Column(NamedTuple):
    """One column; ``cells`` wide, its gap included."""

    name: str
    cells: int
    text: Callable[[WatchedConnection], str]
    right: bool = True


def lasted(one: WatchedConnection) -> str:
    """``2.2 h``, with ``>`` before it where it may be more."""
    if one.for_s is None:
        return ""
    return f"{'>' if one.at_least else ''}{format_seconds(max(0.001, one.for_s))}"


def size(value: int | None) -> str:
    """A size, or that the source does not show it."""
    return NOT_SEEN if value is None else format_size(value)


def rate(value: float | None) -> str:
    """A rate, in bytes a second."""
    return NOT_SEEN if value is None else f"{format_size(value)}/s"


def share(value: float | None) -> str:
    """A share of the time in which a connection had something to send."""
    return "" if value is None else f"{100 * value:.0f}%"


COLUMNS = (
    Column("word", 20, lambda one: one.word, right=False),
    Column("for", 9, lasted),
    Column("unsent", 9, lambda one: size(one.unsent_bytes)),
    Column("in flight", 10, lambda one: size(one.inflight_bytes)),
    Column("window", 9, lambda one: size(one.window_bytes)),
    Column("pinned", 9, lambda one: size(one.pinned_bytes)),
    Column("limited", 8, lambda one: share(one.limited_share)),
    Column("takes", 11, lambda one: rate(one.acked_rate)),
    Column("unread", 9, lambda one: size(one.unread_bytes)),
    Column("port", 7, lambda one: f":{one.port}"),
)
"""In the order of their importance: the last ones go where it is narrow."""
PEER_CELLS_MIN = 22


def fitting(width: int, peer: int) -> tuple[Column, ...]:
    """Those that fit beside a peer's name of ``peer`` cells."""
    used, kept = peer, []
    for column in COLUMNS:
        used += column.cells
        if used > width:
            break
        kept.append(column)
    return tuple(kept)


def watch_cell(text: str, column: Column) -> str:
    """Cut or padded; one cell stays free."""
    text = text[: column.cells - 1]
    return f"{text:>{column.cells}}" if column.right else f" {text:<{column.cells - 1}}"


def peer_cell(one: WatchedConnection, cells: int) -> str:
    """The peer, cut where there is no room."""
    name = clean(one.peer, 200)
    return f"{name[: cells - 1]:<{cells}}"
