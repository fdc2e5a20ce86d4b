"""One look as a table, for ``--once``: the verdict, the totals, and the connections, the worst first."""

from collections.abc import Iterator

from ...kinds import CALM
from ...timeline.watched import Process, Snapshot
from ...units import format_count, format_seconds, format_size
from ..clean import clean, encodable
from .cells import fitting, peer_cell, size, watch_cell

_CALM = frozenset(word.value for word in CALM)
_CALM_ROWS = 10
_PEER_CELLS = 28


def watch_table_lines(snapshot: Snapshot, width: int, encoding: str | None) -> list[str]:
    """The lines of the table; columns that do not fit in ``width`` cells are left out."""
    return [encodable(line.rstrip(), encoding) for line in _lines(snapshot, width)]


def _lines(snapshot: Snapshot, width: int) -> Iterator[str]:
    yield f"VERDICT  {clean(snapshot.verdict)}"
    yield ""
    yield from (f"server   {server_words(snapshot, place)}" for place in range(len(snapshot.servers)))
    yield f"source   {clean(snapshot.source)}; read in {snapshot.took_ms:.1f} ms"
    yield f"totals   {totals_words(snapshot)}"
    if snapshot.process is not None:
        yield f"memory   {memory_words(snapshot.process)}"
    yield from (f"siblings {line}" for line in sibling_words(snapshot))
    yield from (f"note     {clean(note)}" for note in snapshot.notes)
    yield ""
    yield from _rows(snapshot, width)
    yield ""
    yield from (f"helps    {clean(one)}" for one in snapshot.remedies)


def _rows(snapshot: Snapshot, width: int) -> Iterator[str]:
    columns = fitting(width, _PEER_CELLS)
    yield "peer".ljust(_PEER_CELLS) + "".join(watch_cell(column.name, column) for column in columns)
    troubled = [one for one in snapshot.connections if one.word not in _CALM]
    calm = [one for one in snapshot.connections if one.word in _CALM][:_CALM_ROWS]
    for one in (*troubled, *calm):
        yield peer_cell(one, _PEER_CELLS) + "".join(
            watch_cell(column.text(one), column) for column in columns
        )
        if one.word not in _CALM:
            yield f"  {clean(one.why)}"
    others = snapshot.totals.connections - len(troubled) - len(calm)
    if others > 0:
        yield f"... and {format_count(others)} more"


def server_words(snapshot: Snapshot, place: int) -> str:
    """A server as ``:8000 node (pid 4711), user 1000``."""
    server = snapshot.servers[place]
    name = clean(server.name, 60) or "process not visible"
    pids = f" (pid {', '.join(map(str, server.pids[:4]))})" if server.pids else ""
    return f":{server.port} {name}{pids}, user {server.uid}"


def totals_words(snapshot: Snapshot) -> str:
    """The connections by word, and the bytes that are queued for them."""
    totals = snapshot.totals
    words = ", ".join(f"{format_count(count)} {word}" for word, count in totals.words.items() if count)
    held = f"{format_size(totals.queued_bytes)} queued, {size(totals.pinned_bytes)} of kernel memory"
    share = totals.tcp_memory_share
    machine = "" if share is None else f"; all sockets of this machine: {100 * share:.1f}% of tcp_mem"
    return f"{format_count(totals.connections)} connections ({words or 'none'}); {held}{machine}"


def memory_words(process: Process) -> str:
    """The servers' memory, its slope, and what the slope suggests."""
    words = format_size(process.rss_bytes)
    if process.slope is None:
        return f"{words}; too few looks for a slope"
    words += f", {'+' if process.slope >= 0 else ''}{format_size(process.slope)}/s"
    if process.ends_s is not None:
        words += f"; this machine would run out of memory in {format_seconds(process.ends_s)}"
    fitting_words = {
        "kept": "; this fits a server that keeps what the stalled clients are due",
        "not-kept": "; this fits a server that drops, or does not make, what the stalled clients are due",
        "neither": "; this fits neither keeping nor dropping what the stalled clients are due",
    }
    return words + fitting_words.get(process.fits, "")


def sibling_words(snapshot: Snapshot) -> list[str]:
    """The witnesses: the rates of the connections that keep up."""
    return [
        f"{format_count(one.count)} connection{' of' if one.count == 1 else 's of'} :{one.port} "
        f"{'keeps' if one.count == 1 else 'keep'} up; the median rate is {format_size(one.median_rate)}/s "
        f"(half of them {format_size(one.low_rate)}/s to {format_size(one.high_rate)}/s)"
        for one in snapshot.siblings
    ]
