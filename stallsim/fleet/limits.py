"""Limits that the command line sets, held against a result."""

from collections.abc import Iterator

from ..errors import OptionError, suggest
from ..timeline.fleet import FleetLimits
from ..units import format_count, format_size
from .result import FleetResult, Kept, LimitReport, Wall

SEEN_WALLS = (Wall.WITNESSES, Wall.REFUSED, Wall.TCP_MEM)
"""Those that a fleet can run into; the others are calculated."""


def held_against(limits: FleetLimits, result: FleetResult) -> Iterator[LimitReport]:
    """One for each limit; what could not be measured is neither kept nor broken."""
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
        words = f"the cost of one client is not known, so {limit} a client is not shown"
        return LimitReport(limit=name, kept=Kept.NOT_TESTED, words=words)
    each = format_size(max(0.0, result.memory.each))
    return LimitReport(
        limit=name,
        kept=Kept.KEPT if result.memory.each <= most else Kept.BROKEN,
        words=f"one parked client costs the server {each}; at most {limit} was asked for",
    )


def _clients(least: int, result: FleetResult) -> LimitReport:
    name, held = "min-clients", result.capacity.held
    words = f"the witnesses were within their baseline up to {format_count(held)} clients; "
    words += f"{format_count(least)} were asked for"
    if held >= least:
        kept = Kept.KEPT if result.witnesses_tell else Kept.NOT_TESTED
        return LimitReport(limit=name, kept=kept, words=words if kept is Kept.KEPT else _SHOW_NOTHING)
    if result.capacity.seen:
        return LimitReport(limit=name, kept=Kept.BROKEN, words=words)
    words = f"no more than {format_count(held)} clients were held; {format_count(least)} were asked for"
    return LimitReport(limit=name, kept=Kept.NOT_TESTED, words=words)


_SHOW_NOTHING = "the witnesses were given no data and too few Pongs, so nobody knows how they fared"


def _wall(wall: Wall, result: FleetResult) -> LimitReport:
    name, found = f"fail-on {wall.value}", result.capacity
    if found.seen and found.wall is wall:
        at = format_count(found.clients or 0)
        return LimitReport(limit=name, kept=Kept.BROKEN, words=f"{wall.value}: reached at {at} clients")
    if wall is Wall.WITNESSES and not result.witnesses_tell:
        return LimitReport(limit=name, kept=Kept.NOT_TESTED, words=_SHOW_NOTHING)
    if not result.steps:
        return LimitReport(limit=name, kept=Kept.NOT_TESTED, words="no step was completed")
    held = format_count(result.steps[-1].tally.parked)
    words = f"{wall.value}: not seen up to {held} clients"
    if result.interrupted:
        return LimitReport(limit=name, kept=Kept.NOT_TESTED, words=f"{words}, when it was interrupted")
    return LimitReport(limit=name, kept=Kept.KEPT, words=words)


def parse_fail_on(text: str) -> frozenset[str]:
    """Names of walls, joined by commas. Raises OptionError."""
    names = [name.strip() for name in text.split(",")]
    known = [wall.value for wall in SEEN_WALLS]
    for name in names:
        if name not in known:
            raise OptionError("fail_on", f"unknown wall {name!r}{suggest(name, known)}")
    return frozenset(names)
