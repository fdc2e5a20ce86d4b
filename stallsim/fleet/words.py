"""A fleet's report in words."""

from collections.abc import Iterator
from typing import assert_never

from ..timeline.fleet.pings import slow_ping
from ..timeline.fleet.reading import Reading
from ..timeline.fleet.steps import FleetStep
from ..units import format_count, format_seconds
from ..views.clean import clean, encodable
from ..views.fleet.events import ENDINGS
from ..views.fleet.table import HEAD, line, queue_line, row
from .capacity_words import capacity_words
from .cost_words import kernel_cost_words, memory_cost_words
from .limits import unjudged_words
from .not_judged import ping_words, silence_words
from .result import FleetResult, Kept
from .stalled import never_confirmed, stalled_share

_UNSEEN = (
    "the server's sockets are on another machine, or this one does not allow reading them (sock_diag(7))"
)
CLOSE_UNSEEN = (
    "a Close inside TLS, because a parked client keeps no TLS state to decrypt it; FIN and RST are seen"
)
_WHOLE = 10
"""A smaller rate is told with one decimal."""
UNSTALLED_REMEDY = (
    "`hello=` or `speak=` if the server streams only to clients that ask for it, a longer `look=`, "
    "or a server that sends more"
)


def fleet_lines(result: FleetResult, encoding: str | None) -> list[str]:
    """The report; lines without their ends."""
    return [encodable(clean(one), encoding) for one in _lines(result)]


def _lines(result: FleetResult) -> Iterator[str]:
    mix = ", ".join(f"{name} {share:.0%}" for name, share in result.mix.items())
    server = f" ({result.server})" if result.server else ""
    yield f"stallsim {result.stallsim} fleet against {result.url}{server}: {mix}"
    yield ""
    yield line(HEAD)
    for name, step in named_steps(result):
        yield line(row(step)) + (f"  {name}" if name else "")
    yield ""
    last = result.latest
    if last is not None and last.look is None:
        yield f"unseen   how many are stalled: {_UNSEEN}"
    if last is not None:
        yield from (f"stalled  {words}" for words in filter(None, (stalled_share(last),)))
        yield from (f"unseen   {words}" for words in filter(None, (never_confirmed(result.mix),)))
        if result.unstalled:
            yield f"unknown  {result.unstalled}"
            yield f"try      {UNSTALLED_REMEDY}"
        yield from filter(None, (queue_line(last.look),))
        for reason, count in sorted(last.tally.refused.items()):
            yield f"refused  {count:,} clients: {reason}"
        for given, count in sorted(last.tally.unanswered.items()):
            yield f"waited   {count:,} clients: {given}"
        for how, words in ending_words(last):
            yield f"ended    {words}: {how}"
        if result.within_tls:
            yield f"unseen   {CLOSE_UNSEEN}"
    if last is not None and last.tally.lost:
        then = f"{result.missing:,} are missing" if result.missing else "the other workers opened as many"
        yield f"lost     {last.tally.lost:,} clients with their workers; {then}"
    if silence := silence_words(result.baseline, result.watched_s):
        yield f"silence  {silence}"
    if pings := ping_words(result.baseline, result.watched_s):
        yield f"Pings    {pings}"
    yield from (f"unknown  {words}" for words in unjudged_words(result))
    if result.completed_per_s:
        rate = f"{result.completed_per_s:,.{0 if result.completed_per_s >= _WHOLE else 1}f}"
        yield f"rate     {rate} opening handshakes a second, until the last one was complete"
    yield f"memory   {memory_cost_words(result)}"
    yield f"kernels  {kernel_cost_words(result)}"
    if result.waking is not None:
        slow = slow_ping(result.waking.witnessed)
        took = format_seconds(max(slow.seconds, 1e-6))
        yield f"wake     while the clients drained, a Ping took {took} ({slow.name})"
    if result.private_stack:
        yield "network  a private stack, for the half-open clients; the server could reach no other"
    if result.stopped and result.stopped != result.capacity.reason:
        yield f"stopped  {result.stopped}"
    if result.interrupted:
        yield f"interrupted: {interruption_words(result)}"
    yield f"CAPACITY {capacity_words(result.capacity)}"
    yield from (f"{standing:<9}{words}" for standing, words in limit_words(result))


def limit_words(result: FleetResult) -> Iterator[tuple[str, str]]:
    """Of each limit whether it was kept, in one word, and why."""
    for limit in result.limits:
        match limit.kept:
            case Kept.KEPT:
                yield "PASS", limit.words
            case Kept.BROKEN:
                yield "FAIL", limit.words
            case Kept.NOT_TESTED:
                yield "UNTESTED", limit.words
            case _:
                assert_never(limit.kept)


def interruption_words(result: FleetResult) -> str:
    """What an interrupted fleet had reached, and what of it was not judged."""
    if result.reached is None:
        return "this is what was seen until then"
    reached, asked = format_count(result.reached.open), format_count(result.sizes[-1])
    return (
        f"by then {reached} of {asked} clients were open; what the witnesses received after the last "
        "whole look is not judged"
    )


def named_steps(result: FleetResult) -> Iterator[tuple[str, FleetStep | Reading]]:
    """The rows of the table: each size, and by name the fleet after the hold, in the wake, and as it was
    when it was interrupted.
    """
    yield from (("", one) for one in result.steps)
    if result.held is not None:
        yield f"after {format_seconds(result.held.witnessed.seconds)} of holding", result.held
    if result.waking is not None:
        yield "while the clients drained", result.waking
    if result.reached is not None:
        yield "when it was interrupted", result.reached


def ending_words(step: FleetStep | Reading) -> Iterator[tuple[str, str]]:
    """In which way the server has ended how many parked clients, and after how long where they see it."""
    for how, count in step.ends.items():
        words = f"{format_count(count)} clients"
        if how in step.tally.ended:
            middle_ms = step.tally.ended[how].open_ms.at(0.5) or 0
            words += f", half of them within {format_seconds(max(0.001, middle_ms / 1000))} of opening"
        yield ENDINGS[how], words
