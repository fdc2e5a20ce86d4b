"""The account of a fleet: a table of its sizes, a check for each size and each limit."""

from collections.abc import Iterator

from ...fleet.capacity_words import capacity_words
from ...fleet.cost_words import kernel_cost_words, memory_cost_words
from ...fleet.limits import unjudged_words
from ...fleet.not_judged import ping_words, silence_words
from ...fleet.result import FleetResult, Kept, LimitReport, Wall
from ...fleet.stalled import never_confirmed, stalled_share
from ...fleet.words import (
    CLOSE_UNSEEN,
    UNSTALLED_REMEDY,
    ending_words,
    interruption_words,
    limit_words,
    named_steps,
)
from ...named_options import for_command_line
from ...timeline.fleet.looks import Worst
from ...timeline.fleet.records import Worker
from ...timeline.fleet.steps import FleetStep
from ...timeline.timeline import Timeline
from ...units import format_count, format_seconds, format_size
from ...views.fleet.events import fleet_event_words
from ...views.fleet.table import HEAD, queue_line, row
from ..account import Account, Check, CheckStatus, Section, Table
from .machine import machine_facts

_STATUS = {
    Kept.KEPT: CheckStatus.PASSED,
    Kept.BROKEN: CheckStatus.FAILED,
    Kept.NOT_TESTED: CheckStatus.NOT_TESTED,
}


def account_of_fleet(timeline: Timeline | None, result: FleetResult | None) -> Account:
    """The account of a fleet; ``result`` is None if the fleet ended before its baseline."""
    header = timeline.header if timeline is not None else None
    facts = tuple(machine_facts(header)) if header is not None else ()
    if result is None:
        asked = header.fleet if header is not None else None
        title = asked.url if asked is not None else "a server"
        words = ("the fleet was interrupted before its baseline was known",)
        check = Check(title, CheckStatus.NOT_KNOWN, words[0])
        return Account("fleet", title, "none", False, words, (), (), (), facts, (check,), 0.0)
    return Account(
        kind="fleet",
        title=f"{result.url} ({result.server})" if result.server else result.url,
        outcome=_outcome(result),
        bad=any(one.kept is Kept.BROKEN for one in result.limits),
        words=tuple(_words(result)),
        tables=tuple(_tables(timeline, result)),
        advice=(),
        evidence=tuple(_evidence(timeline, result)),
        facts=(("clients", _mix(result)), *facts),
        checks=(*_steps(result), *map(_limit, result.limits)),
        seconds=timeline.end.wall_s if timeline is not None and timeline.end is not None else 0.0,
    )


def _outcome(result: FleetResult) -> str:
    found = result.capacity
    if result.interrupted:
        open_then = result.reached.open if result.reached is not None else found.held
        return f"interrupted, with {format_count(open_then)} clients open"
    if result.none_open and not found.seen:
        return result.none_open
    if result.unstalled and not found.seen:
        return f"{format_count(found.held)} clients held, and no client was stalled"
    if found.already:
        return "the server's memory is over its limit already"
    if found.wall is Wall.NONE or found.clients is None:
        return f"{format_count(found.held)} clients held, and no wall seen"
    clients = format_count(found.clients)
    if found.seen:
        return f"{found.wall.value} at {clients} clients"
    return f"{found.wall.value} at ~{clients} clients (calculated)"


def _words(result: FleetResult) -> Iterator[str]:
    yield from (f"{standing}: {words}" for standing, words in limit_words(result))
    if result.interrupted:
        yield f"interrupted: {interruption_words(result)}"
    yield capacity_words(result.capacity)
    yield f"memory: {for_command_line(memory_cost_words(result))}"
    yield f"kernels: {for_command_line(kernel_cost_words(result))}"
    if silence := silence_words(result.baseline, result.watched_s):
        yield f"silence of a witness: {for_command_line(silence)}"
    if pings := ping_words(result.baseline, result.watched_s):
        yield f"Pings of a witness: {pings}"
    yield from unjudged_words(result)
    if result.unstalled:
        yield f"{result.unstalled}; try {for_command_line(UNSTALLED_REMEDY)}"
    if result.stopped and result.stopped != result.capacity.reason:
        yield f"the fleet grew no further: {result.stopped}"
    last = result.latest
    if last is not None:
        yield from (f"stalled: {words}" for words in filter(None, (stalled_share(last),)))
        yield from filter(None, (never_confirmed(result.mix),))
        for how, words in ending_words(last):
            yield f"ended by the server: {words}: {how}"
        if result.within_tls:
            yield f"not seen: {CLOSE_UNSEEN}"
        for reason, count in sorted(last.tally.refused.items()):
            yield f"refused: {format_count(count)} clients: {reason}"
        for given, count in sorted(last.tally.unanswered.items()):
            yield f"not answered: {format_count(count)} clients: {given}"


def _tables(timeline: Timeline | None, result: FleetResult) -> Iterator[Table]:
    yield Table("the fleet at each size", HEAD, tuple(_rows(result)))
    last = next(reversed(result.steps), None)
    if last is not None and last.look is not None and last.look.worst:
        rows = tuple(map(_worst, last.look.worst))
        yield Table("the longest send queues at the end", ("client", "state", "bytes"), rows)
    workers = timeline.fleet.workers if timeline is not None else []
    if workers:
        columns = ("worker", "host", "clients", "clock ahead by", "at most wrong by")
        yield Table("workers", columns, tuple(map(_worker, workers)))


def _rows(result: FleetResult) -> Iterator[tuple[str, ...]]:
    for name, step in named_steps(result):
        clients, *others = row(step)
        yield (f"{clients}, {name}" if name else clients, *others)


def _worst(one: Worst) -> tuple[str, ...]:
    return one.peer, one.state, format_size(one.queue_bytes)


def _worker(one: Worker) -> tuple[str, ...]:
    clock = (f"{one.clock_offset_s:+.3f} s", f"{one.clock_error_s:.3f} s")
    return one.name, one.host, format_count(one.clients), *clock


def _evidence(timeline: Timeline | None, result: FleetResult) -> Iterator[Section]:
    if timeline is not None and timeline.happenings:
        tick_s = timeline.scenario.tick_s
        happened = ((one.tick, getattr(one, "what", None)) for one in timeline.happenings)
        lines = tuple(
            f"{tick * tick_s:.1f} s: {fleet_event_words(what)}" for tick, what in happened if what
        )
        yield Section("what happened", lines)
    sizes = ((format_count(step.clients), _details(step)) for step in result.steps)
    yield Section("each size", tuple(f"{size} clients: {line}" for size, lines in sizes for line in lines))


def _details(step: FleetStep) -> Iterator[str]:
    seen = step.witnessed
    yield f"witnesses: {_witnesses(step)}"
    p50_s, worst = seen.p50_s, format_seconds(max(seen.worst_s, 1e-6))
    middle = "too few" if p50_s is None else f"half within {format_seconds(max(p50_s, 1e-6))}"
    yield f"Pongs: {format_count(seen.pongs)} ({middle}, the slowest {worst})"
    yield f"stallsim itself did not run for at most {format_seconds(max(seen.own_lag_s, 1e-6))}"
    if step.cpu_share is not None:
        yield f"the server used {step.cpu_share:.0%} of a core"
    yield from filter(None, (queue_line(step.look),))


def _steps(result: FleetResult) -> Iterator[Check]:
    """A check for each size. A size fails only if a limit is broken; the result of a size that was not
    reached is not known.
    """
    reached = {step.clients: step for step in result.steps}
    for number, size in enumerate(result.sizes, start=1):
        name = f"step {number}: {format_count(size)} clients"
        step = reached.get(size)
        if step is None:
            why = result.stopped or ("interrupted" if result.interrupted else "no step of that size")
            here = result.reached is not None and result.reached.tally.wanted == size
            words = "not watched to its end" if here else "not reached"
            yield Check(name, CheckStatus.NOT_KNOWN, f"{words}: {why}")
        else:
            yield _step(name, step, result)


def _step(name: str, step: FleetStep, result: FleetResult) -> Check:
    broken = [one for one in result.limits if one.kept is Kept.BROKEN]
    here = step.suffering or (result.capacity.seen and step is result.steps[-1])
    blamed = [one.words for one in broken if one.limit != "max-memory-per-client" and here]
    status = (
        CheckStatus.FAILED
        if blamed
        else CheckStatus.PASSED
        if step.open and result.witnesses_tell and not result.unstalled and not step.unjudged
        else CheckStatus.NOT_KNOWN
    )
    held = f"{format_count(step.open)} open; witnesses: {_witnesses(step)}"
    return Check(name, status, "; ".join(blamed) or held, tuple(_details(step)), step.witnessed.seconds)


def _witnesses(step: FleetStep) -> str:
    return step.suffering or (f"not judged: {step.unjudged}" if step.unjudged else "within their bounds")


def _limit(one: LimitReport) -> Check:
    return Check(one.limit, _STATUS[one.kept], one.words)


def _mix(result: FleetResult) -> str:
    return ", ".join(f"{name} {share:.0%}" for name, share in result.mix.items())
