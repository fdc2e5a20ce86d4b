"""``[[expect]]``: what a profile says must hold, held against a timeline."""

from collections.abc import Iterable, Iterator

from .records import PhaseEvent
from .scenario import Expectation, Metric
from .timeline import Timeline
from .units import format_count


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
    return f"{who}: {'; '.join(parts)}"


def metric(timeline: Timeline, connection: int, which: Metric) -> int:
    """A metric of one connection; 0 where it was never sampled."""
    series = timeline.samples[connection]
    name = which.value.replace("-", "_")
    for suffix, pick in (("_max", max), ("_end", _last)):
        if name.endswith(suffix):
            field = name.removesuffix(suffix)
            return pick((getattr(sample, field) for sample in series), default=0)
    return _last((getattr(sample, name) for sample in series), default=0)


def unmet_by(expectation: Expectation, timeline: Timeline) -> Iterator[str]:
    """One line for each thing that the expectation names and the timeline lacks."""
    for info in timeline.connections:
        if expectation.client not in (None, info.client):
            continue
        who = f"{info.client} (connection {info.connection})"
        seen = list(_names(timeline, info.connection))
        rest = iter(seen)
        missing = next((name for name in expectation.phases if name not in rest), None)
        if missing is not None:
            wanted = " > ".join(expectation.phases)
            yield f"{who}: expected {missing} in its place in {wanted}; saw {' > '.join(seen)}"
        for name in expectation.never:
            if name in seen:
                yield f"{who}: {name} occurred and must not"
        if expectation.metric is not None:
            value = metric(timeline, info.connection, expectation.metric)
            if not _within(value, expectation):
                yield (
                    f"{who}: {expectation.metric.value} is {format_count(value)}, "
                    f"expected {_bounds(expectation)}"
                )


def _names(timeline: Timeline, connection: int) -> Iterator[str]:
    for happening in timeline.about(connection):
        yield happening.phase.value if isinstance(happening, PhaseEvent) else happening.kind.value


def _within(value: int, expectation: Expectation) -> bool:
    low, high, exact = expectation.min, expectation.max, expectation.equals
    return (
        (low is None or value >= low)
        and (high is None or value <= high)
        and (exact is None or value == exact)
    )


def _bounds(expectation: Expectation) -> str:
    named = (("at least", expectation.min), ("at most", expectation.max), ("=", expectation.equals))
    return " and ".join(f"{words} {format_count(bound)}" for words, bound in named if bound is not None)


def _last(values: Iterable[int], default: int) -> int:
    last = default
    for value in values:
        last = value
    return last
