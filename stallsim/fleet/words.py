"""A fleet in words: the rows while it grows, and the report."""

from collections.abc import Iterator

from ..units import format_count, format_seconds, format_size
from ..views.clean import clean, encodable
from .result import Capacity, Cost, FleetResult, Step, Wall

HEAD = ("clients", "open", "stalled", "ended", "memory", "kernels", "p99 of a Ping", "each witness")
_WIDTHS = (9, 9, 9, 7, 9, 9, 14, 13)
_MARKS = "▁▂▃▄▅▆▇█"


def row(step: Step) -> tuple[str, ...]:
    """One step's cells, in the order of ``HEAD``; ``?``: it cannot be seen."""
    tally, seen = step.tally, step.witnessed
    p99_s = seen.p99_s if seen.p99_s is not None else (seen.worst_s or None)
    return (
        format_count(step.clients),
        format_count(tally.parked),
        "?" if step.look is None else format_count(step.look.stalled),
        format_count(tally.ended_fin + tally.ended_rst),
        "?" if step.rss_bytes is None else format_size(step.rss_bytes),
        "?" if step.tcp_memory_bytes is None else format_size(step.tcp_memory_bytes),
        "?" if p99_s is None else format_seconds(p99_s),
        f"{format_size(seen.bytes_per_s)}/s",
    )


def histogram(step: Step) -> str:
    """The send queues from the shortest to the longest, as heights; empty where they cannot be seen."""
    queues = step.look.queues if step.look else ()
    most = max(queues, default=0)
    if not most:
        return ""
    heights = "".join(_MARKS[min(7, 8 * queue // (most + 1))] for queue in queues)
    return f"send queues, shortest to longest: {heights} up to {format_size(most)}"


def line(cells: tuple[str, ...]) -> str:
    """Cells as one line of text."""
    return "  ".join(f"{cell:>{width}}" for cell, width in zip(cells, _WIDTHS, strict=True))


def report_lines(result: FleetResult, encoding: str | None) -> list[str]:
    """The report; lines without their ends."""
    return [encodable(clean(one), encoding) for one in _lines(result)]


def _lines(result: FleetResult) -> Iterator[str]:
    mix = ", ".join(f"{name} {share:.0%}" for name, share in result.mix.items())
    yield f"stallsim {result.stallsim} fleet against {result.url} ({result.server}): {mix}"
    yield ""
    yield line(HEAD)
    for step in result.steps:
        yield line(row(step))
    yield ""
    for step in result.steps[-1:]:
        yield from filter(None, (histogram(step),))
        for reason, count in sorted(step.tally.refused.items()):
            yield f"refused  {count:,} clients: {reason}"
    if result.steps and (ended := result.steps[-1].tally.ended_fin + result.steps[-1].tally.ended_rst):
        yield f"ended    {ended:,} parked clients were ended by the server (or with it)"
    yield f"opened   {result.opened_per_s:,.0f} opening handshakes a second"
    yield f"memory   {_cost(result.memory, 'of the server for each parked client')}"
    yield f"kernels  {_cost(result.kernel, 'of TCP memory for each, both ends where both are here')}"
    if result.woken is not None:
        p99_s = result.woken.p99_s or result.woken.worst_s
        yield f"wake     while they drained, a Ping took {format_seconds(max(p99_s, 1e-6))} (p99)"
    if result.stopped:
        yield f"stopped  {result.stopped}"
    if result.interrupted:
        yield "interrupted: this is what was seen until then"
    yield f"CAPACITY {_capacity(result.capacity)}"
    for violation in result.violations:
        yield f"FAIL     {violation}"


def _cost(cost: Cost | None, of: str) -> str:
    if cost is None:
        return "not known: it takes three steps whose size can be read"
    low, high = format_size(cost.low), format_size(cost.high)
    return f"~{format_size(cost.each)} {of} (the middle half of the slopes: {low} to {high})"


def _capacity(found: Capacity) -> str:
    held = f"with {found.held:,} parked clients the witnesses were within their baseline"
    match found.wall:
        case Wall.WITNESSES:
            return f"at {found.clients:,} clients {found.reason}; {held}"
        case Wall.REFUSED:
            return f"the server refuses clients at {found.clients:,}; {held}"
        case Wall.NONE:
            return f"no wall was seen, and none can be calculated; {held}"
        case Wall.MEMORY | Wall.TCP_MEM | Wall.DESCRIPTORS:
            names = {
                Wall.MEMORY: "the memory ends",
                Wall.TCP_MEM: "the machine's TCP memory (net.ipv4.tcp_mem) ends",
                Wall.DESCRIPTORS: "the server's limit of open files is reached",
            }
            return f"{held}; at this cost {names[found.wall]} first, at ~{found.clients:,} clients"
