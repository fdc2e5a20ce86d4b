"""Checks a profile's ``[[expect]]`` tables against a timeline."""

from collections.abc import Iterator

from ..profile.expectation import OF_THE_RUN, Expectation, Metric
from ..timeline.tally import Tally
from ..timeline.timeline import Timeline
from ..units import format_count
from .growth import of_the_run


def describe(expectation: Expectation) -> str:
    """One expectation in words."""
    who = expectation.client or "every client"
    parts = []
    if expectation.phases:
        parts.append(" > ".join(expectation.phases))
    if expectation.never:
        parts.append("never " + " or ".join(expectation.never))
    if expectation.metric is not None:
        parts.append(f"{expectation.metric.value} {_bounds(expectation)}")
    if expectation.metric in OF_THE_RUN and len(parts) == 1:
        return f"the run: {parts[0]}"
    return f"{who}: {'; '.join(parts)}"


def metric(timeline: Timeline, connection: int, which: Metric) -> int:
    """The value of a connection's metric; 0 if it was never sampled."""
    return timeline.tally(connection).value(which)


def unmet_by(expectation: Expectation, timeline: Timeline) -> Iterator[str]:
    """One line for each requirement of the expectation that the timeline does not meet."""
    which = expectation.metric
    if which in OF_THE_RUN:
        value, unknown = of_the_run(which, timeline)
        if value is None:
            yield f"{which.value} is not known: {unknown}"
        elif not _within(value, expectation):
            yield f"{which.value} is {_number(value)}, expected {_bounds(expectation)}"
        which = None
    at = timeline.scenario.expect.index(expectation)
    for info, tally in timeline.judged():
        if expectation.client not in (None, info.client):
            continue
        who = f"{info.client} (connection {info.connection})"
        if (reached := tally.reached[at]) < len(expectation.phases):
            wanted, missing = " > ".join(expectation.phases), expectation.phases[reached]
            yield f"{who}: expected {missing} in the order {wanted}; observed {_seen(tally)}"
        for name in expectation.never:
            if name in tally.seen:
                yield f"{who}: {name} must not occur, but it occurred"
        if which is not None:
            value = tally.value(which)
            if not _within(value, expectation):
                yield f"{who}: {which.value} is {_number(value)}, expected {_bounds(expectation)}"


def _seen(tally: Tally) -> str:
    more = [f"and {format_count(tally.names_more)} more"] if tally.names_more else []
    return " > ".join(tally.names + more)


def _number(value: float) -> str:
    return format_count(value) if isinstance(value, int) else f"{value:,.1f}"


def _within(value: float, expectation: Expectation) -> bool:
    low, high, exact = expectation.min, expectation.max, expectation.equals
    return (
        (low is None or value >= low)
        and (high is None or value <= high)
        and (exact is None or value == exact)
    )


def _bounds(expectation: Expectation) -> str:
    named = (("at least", expectation.min), ("at most", expectation.max), ("=", expectation.equals))
    return " and ".join(f"{words} {format_count(bound)}" for words, bound in named if bound is not None)
