"""A fleet's report in words."""

from collections.abc import Iterator

from ..timeline.fleet import HeldCount
from ..units import format_count, format_seconds, format_size
from ..views.clean import clean, encodable
from ..views.fleet.events import ENDINGS
from ..views.fleet.table import HEAD, line, queue_line, row
from .result import Capacity, Cost, FleetResult, Kept, Wall

_UNSEEN = (
    "the server's sockets are on another machine, or this one does not let them be read (sock_diag(7))"
)


def fleet_lines(result: FleetResult, encoding: str | None) -> list[str]:
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
    last = result.held or next(reversed(result.steps), None)
    if last is not None and last.look is None:
        yield f"unseen   how many are stalled: {_UNSEEN}"
    if last is not None:
        yield from filter(None, (queue_line(last.look),))
        for reason, count in sorted(last.tally.refused.items()):
            yield f"refused  {count:,} clients: {reason}"
        for how, words in ending_words(last.tally):
            yield f"ended    {words}: {how}"
        if last.look is not None and last.look.ended_unseen:
            unseen = format_count(last.look.ended_unseen)
            yield (
                f"ended    {unseen} parked clients: FIN, behind data that they do not read (FIN-WAIT-1): "
                "they see nothing of it"
            )
    if last is not None and last.tally.lost:
        yield f"lost     {last.tally.lost:,} clients with their workers"
    yield f"opened   {result.opened_per_s:,.0f} opening handshakes a second"
    yield f"memory   {cost_words(result.memory, 'of the server for each parked client')}"
    yield f"kernels  {cost_words(result.kernel, 'of TCP memory for each, both ends where both are here')}"
    if result.woken is not None:
        p99_s = result.woken.p99_s or result.woken.worst_s
        yield f"wake     while they drained, a Ping took {format_seconds(max(p99_s, 1e-6))} (p99)"
    if result.private_stack:
        yield "network  a private stack, for the half-open clients; the server in it reached no other"
    if result.stopped:
        yield f"stopped  {result.stopped}"
    if result.interrupted:
        yield "interrupted: this is what was seen until then"
    yield f"CAPACITY {capacity_words(result.capacity)}"
    for limit in result.limits:
        match limit.kept:
            case Kept.KEPT:
                yield f"PASS     {limit.words}"
            case Kept.BROKEN:
                yield f"FAIL     {limit.words}"
            case Kept.NOT_TESTED:
                yield f"UNTESTED {limit.words}"


def ending_words(tally: HeldCount) -> Iterator[tuple[str, str]]:
    """In which way the server has ended how many parked clients, and after how long."""
    for how, ends in tally.ended.items():
        middle_ms = ends.open_ms.at(0.5) or 0
        after = format_seconds(max(0.001, middle_ms / 1000))
        words = f"{format_count(ends.count)} parked clients, half of them within {after} of opening"
        yield ENDINGS[how], words


def cost_words(cost: Cost | None, of: str) -> str:
    """What one more client costs."""
    if cost is None:
        return "not known: it takes three steps whose size can be read"
    low, high = format_size(cost.low), format_size(cost.high)
    return f"~{format_size(cost.each)} {of} (the middle half of the slopes: {low} to {high})"


def capacity_words(found: Capacity) -> str:
    """How many clients the server takes, and by what that is known."""
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
            if found.seen:
                return f"{names[found.wall]} at {found.clients:,} clients; {held}"
            return f"{held}; at this cost {names[found.wall]} first, at ~{found.clients:,} clients"
