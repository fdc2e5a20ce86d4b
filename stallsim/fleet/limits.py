"""Limits that the command line sets, held against a result."""

from collections.abc import Iterator

from ..errors import OptionError, suggest
from ..timeline.fleet.asked import FleetLimits
from ..units import format_count, format_seconds, format_size
from .refusals import leaves_unanswered, refuses
from .result import FleetResult, Kept, LimitReport, Wall

SEEN_WALLS = (Wall.WITNESSES, Wall.REFUSED, Wall.UNANSWERED, Wall.MEMORY, Wall.TCP_MEM, Wall.SERVER_ENDED)
"""Those that a fleet can run into; the others are calculated."""


def held_against(limits: FleetLimits, result: FleetResult) -> Iterator[LimitReport]:
    """One for each limit; what could not be measured is neither kept nor broken."""
    doubt = result.server_ended or result.none_open or result.unstalled
    for one in _alone(limits, result):
        if one.kept is Kept.KEPT and doubt:
            yield LimitReport(limit=one.limit, kept=Kept.NOT_TESTED, words=f"{one.limit}: {doubt}")
        else:
            yield one


def _alone(limits: FleetLimits, result: FleetResult) -> Iterator[LimitReport]:
    """Each as if stalled clients and a server had been there to the end."""
    if limits.memory_each is not None:
        yield _memory(limits.memory_each, result)
    if limits.clients_min is not None:
        yield _clients(limits.clients_min, result)
    for wall in SEEN_WALLS:
        if wall.value in limits.fail_on:
            yield _wall(wall, result)
    if result.missing:
        words = f"{format_count(result.missing)} clients were lost with their workers, and are missing"
        yield LimitReport(limit="on-lost-worker", kept=Kept.NOT_TESTED, words=words)


def _memory(most: int, result: FleetResult) -> LimitReport:
    name, limit = "max-memory-per-client", format_size(most)
    if result.memory is None:
        words = f"the cost of one client is not known, so the limit of {limit} was not tested"
        why = result.memory_unread or result.none_open
        words += f": {why}" if why else ""
        return LimitReport(limit=name, kept=Kept.NOT_TESTED, words=words)
    after, cost = result.memory_held, max(0.0, result.memory.each)
    words = f"one client costs the server {format_size(cost)}"
    if after is not None and after.each > cost:
        cost = after.each
        words += f", and after {format_seconds(after.after_s)} of holding {format_size(cost)}"
    kept = Kept.KEPT if cost <= most else Kept.BROKEN
    return LimitReport(limit=name, kept=kept, words=f"{words}; at most {limit} is allowed")


def _clients(least: int, result: FleetResult) -> LimitReport:
    name, held = "min-clients", result.capacity.held
    words = f"the witnesses kept their bounds up to {format_count(held)} clients; "
    words += f"at least {format_count(least)} are required"
    if result.capacity.wall is Wall.SERVER_ENDED:
        return LimitReport(limit=name, kept=Kept.BROKEN, words=f"{result.capacity.reason}; {words}")
    if held >= least:
        kept = Kept.KEPT if result.witnesses_tell else Kept.NOT_TESTED
        return LimitReport(limit=name, kept=kept, words=words if kept is Kept.KEPT else _SHOW_NOTHING)
    if result.capacity.open_below >= least:
        words = f"{'; '.join(unjudged_words(result))}; {words}"
        return LimitReport(limit=name, kept=Kept.NOT_TESTED, words=words)
    if result.capacity.seen:
        return LimitReport(limit=name, kept=Kept.BROKEN, words=words)
    if result.interrupted:
        words = f"the fleet was interrupted; until then {words}"
        return LimitReport(limit=name, kept=Kept.NOT_TESTED, words=words)
    words = f"no more than {format_count(held)} clients were open at the end of a look{_ended(result)}"
    words += f"; at least {format_count(least)} are required"
    return LimitReport(limit=name, kept=Kept.NOT_TESTED, words=words)


_NO_MEMORY_LIMIT = "memory: no limit of the server's memory was given (`memory=`)"
_SERVER_ENDED = "the server's processes are gone, or the connections of all witnesses have ended"
_SHOW_NOTHING = (
    "the witnesses received no data and too few Pongs, so whether they kept their bounds is not known"
)


def _wall(wall: Wall, result: FleetResult) -> LimitReport:
    name, at = f"fail-on {wall.value}", _reached(wall, result)
    if at is not None:
        words = f"{wall.value}: reached at {format_count(at)} clients"
        return LimitReport(limit=name, kept=Kept.BROKEN, words=words)
    if wall is Wall.WITNESSES and not result.witnesses_tell:
        return LimitReport(limit=name, kept=Kept.NOT_TESTED, words=_SHOW_NOTHING)
    if wall is Wall.WITNESSES and result.unjudged:
        words = f"witnesses: {'; '.join(unjudged_words(result))}"
        return LimitReport(limit=name, kept=Kept.NOT_TESTED, words=words)
    if not result.steps:
        return LimitReport(limit=name, kept=Kept.NOT_TESTED, words="no step was completed")
    if wall is Wall.MEMORY and result.memory_limit_bytes is None:
        return LimitReport(limit=name, kept=Kept.NOT_TESTED, words=_NO_MEMORY_LIMIT)
    if wall is Wall.MEMORY and result.steps[-1].rss_bytes is None:
        words = result.memory_unread or "the server's processes are gone"
        return LimitReport(limit=name, kept=Kept.NOT_TESTED, words=f"memory: not read: {words}")
    if wall is Wall.TCP_MEM and result.steps[-1].tcp_memory_bytes is None:
        words = "tcp_mem: this machine's TCP memory cannot be read"
        return LimitReport(limit=name, kept=Kept.NOT_TESTED, words=words)
    what = f"{wall.value} ({_SERVER_ENDED})" if wall is Wall.SERVER_ENDED else wall.value
    words = f"{what}: not seen with up to {format_count(result.open_most)} open clients{_ended(result)}"
    if result.interrupted:
        return LimitReport(
            limit=name, kept=Kept.NOT_TESTED, words=f"{words}, when the fleet was interrupted"
        )
    return LimitReport(limit=name, kept=Kept.KEPT, words=words)


def unjudged_words(result: FleetResult) -> Iterator[str]:
    """For each reason, at which sizes it leaves unknown whether the witnesses kept their bounds."""
    for why in dict.fromkeys(result.unjudged.values()):
        sizes = [format_count(clients) for clients, other in result.unjudged.items() if other == why]
        yield f"not known whether the witnesses kept their bounds with {', '.join(sizes)} clients: {why}"


def _ended(result: FleetResult) -> str:
    """How many parked clients are no more: no limit is kept by them."""
    ended = result.latest.ended if result.latest is not None else 0
    return f" (the server had ended {format_count(ended)})" if ended else ""


def _reached(wall: Wall, result: FleetResult) -> int | None:
    """At how many clients a wall was seen first, in a fleet that grew on, too; None: it was not."""
    found = result.capacity
    if found.seen and found.wall is wall:
        return found.clients or 0
    steps = (*result.steps, *filter(None, (result.held,)))
    if wall is Wall.WITNESSES and found.wall is Wall.SERVER_ENDED:
        return found.clients or 0
    for one in steps:
        if wall is Wall.WITNESSES and one.suffering:
            return one.clients
        if wall is Wall.SERVER_ENDED and one.server_ended:
            return one.clients
        if wall is Wall.MEMORY and one.over_memory:
            return one.clients
        if wall is Wall.REFUSED and refuses(one.tally):
            return one.tally.parked
        if wall is Wall.UNANSWERED and leaves_unanswered(one.tally):
            return one.tally.parked
    return None


def parse_fail_on(text: str) -> frozenset[str]:
    """Names of walls, joined by commas. Raises OptionError."""
    names = [name.strip() for name in text.split(",")]
    known = [wall.value for wall in SEEN_WALLS]
    for name in names:
        if name not in known:
            raise OptionError("fail_on", f"unknown wall {name!r}{suggest(name, known)}")
    return frozenset(names)
