"""The columns of a watch, for the printed table and the dashboard."""

from collections.abc import Callable
from typing import NamedTuple

from ...timeline.watched import WatchedConnection
from ...units import format_seconds, format_size
from ..clean import clean

NOT_SEEN = "?"


class Column(NamedTuple):
    """One column; ``cells`` is its width with the gap."""

    name: str
    cells: int
    text: Callable[[WatchedConnection], str]
    right: bool = True


def lasted(one: WatchedConnection) -> str:
    """A time such as ``2.2 h``, with ``>`` if it is a lower bound."""
    if one.for_s is None:
        return ""
    return f"{'>' if one.at_least else ''}{format_seconds(max(0.001, one.for_s))}"


def size(value: int | None) -> str:
    """A size, or ``?`` if the source does not show it."""
    return NOT_SEEN if value is None else format_size(value)


def rate(value: float | None) -> str:
    """A rate in bytes per second, or ``?`` if the source does not show it."""
    return NOT_SEEN if value is None else f"{format_size(value)}/s"


def share(value: float | None) -> str:
    """A share, in percent, of the time in which a connection had something to send."""
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
"""The most important columns first, since a narrow table has only the first ones."""
PEER_CELLS_MIN = 22


def fitting(width: int, peer: int) -> tuple[Column, ...]:
    """The columns that fit beside a peer's name of ``peer`` cells."""
    used, kept = peer, []
    for column in COLUMNS:
        used += column.cells
        if used > width:
            break
        kept.append(column)
    return tuple(kept)


def watch_cell(text: str, column: Column) -> str:
    """The text cut or padded to the column's width; one cell stays free."""
    text = text[: column.cells - 1]
    return f"{text:>{column.cells}}" if column.right else f" {text:<{column.cells - 1}}"


def peer_cell(one: WatchedConnection, cells: int) -> str:
    """The peer's name, cut or padded to ``cells``."""
    name = clean(one.peer, 200)
    return f"{name[: cells - 1]:<{cells}}"
