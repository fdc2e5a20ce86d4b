"""A fleet as a table: a row for each size, and the send queues as a line of heights."""

from ...timeline.fleet.looks import FleetLook
from ...timeline.fleet.pings import slow_ping
from ...timeline.fleet.reading import Reading
from ...timeline.fleet.steps import FleetStep
from ...timeline.fleet.witnessed import Witnessed
from ...timeline.histogram import Histogram
from ...units import format_count, format_seconds, format_size
from ..drawing.palette import UNICODE, Glyphs

HEAD = ("clients", "open", "stalled", "ended", "memory", "kernels", "slow Ping", "a witness")
_WIDTHS = (8, 8, 8, 7, 8, 8, 9, 9)


def row(one: FleetStep | Reading) -> tuple[str, ...]:
    """One step's cells, or those of a moment, in the order of ``HEAD``; ``?``: the value cannot be seen."""
    tally, seen = one.tally, one.witnessed
    return (
        format_count(one.clients if isinstance(one, FleetStep) else tally.wanted),
        format_count(one.open),
        "?" if one.look is None else format_count(one.look.stalled),
        format_count(one.ended),
        "?" if one.rss_bytes is None else format_size(one.rss_bytes),
        "?" if one.kernel_memory is None else format_size(one.kernel_memory.charged_bytes),
        "?" if seen is None else _slow_words(seen),
        "?" if seen is None else f"{format_size(seen.bytes_per_s)}/s",
    )


def _slow_words(seen: Witnessed) -> str:
    """``>``: none was answered, and one has waited for so long."""
    slow_s = slow_ping(seen).seconds
    return f"{'' if seen.pongs else '>'}{format_seconds(slow_s)}" if slow_s else "?"


def line(cells: tuple[str, ...]) -> str:
    """One row of cells as a line of text."""
    return "  ".join(f"{cell:>{width}}" for cell, width in zip(cells, _WIDTHS, strict=True))


def octaves(histogram: Histogram) -> list[int]:
    """Counts by power of two: of 0, of 1, of 2 to 3, of 4 to 7, and so on; none after the last value."""
    bounds = [0, *(1 << power for power in range(64))]
    most = histogram.at(1.0)
    if most is None:
        return []
    upto = [histogram.below(bound) for bound in bounds if bound <= most * 2 + 1]
    return [after - before for before, after in zip(upto, [*upto[1:], histogram.total], strict=True)]


def queue_line(look: FleetLook | None, glyphs: Glyphs = UNICODE) -> str:
    """The number of send queues of each size, in one line; empty if none is visible or all are empty."""
    most = look.queues.at(1.0) if look is not None else None
    if look is None or not most:
        return ""
    counts = octaves(look.queues)
    first = next(place for place, count in enumerate(counts) if count)
    shown = counts[first:]
    top = max(shown)
    heights = "".join(glyphs.levels[-(-8 * count // top)] for count in shown)
    low = format_size(0 if first == 0 else 1 << first - 1)
    whose = "unread" if look.of_clients else "queues"
    sizes = f"{low} to {format_size(most)}"
    return f"{whose:<8} {heights.rstrip()}  {sizes}; a column for each power of two, its height: clients"
