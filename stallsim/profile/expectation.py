"""``[[expect]]`` as it is written; ``expectations`` holds it against a run."""

from enum import Enum

from msgspec import field

from ..units import Size
from .spec import Spec


class Metric(Enum):
    """A metric that an expectation can bound: for each connection of the group, or for the whole run."""

    QUEUE_BYTES_MAX = "queue-bytes-max"
    QUEUE_MESSAGES_MAX = "queue-messages-max"
    QUEUE_CAPACITY_BYTES_MAX = "queue-capacity-bytes-max"
    PENDING_BYTES_MAX = "pending-bytes-max"
    QUEUE_BYTES_END = "queue-bytes-end"
    HELD_BYTES_MAX = "held-bytes-max"
    OUTQ_BYTES_MAX = "outq-bytes-max"
    RCVQ_BYTES_MAX = "rcvq-bytes-max"
    PRODUCED_MESSAGES = "produced-messages"
    READ_BYTES = "read-bytes"
    READ_MESSAGES = "read-messages"
    DROPPED_BYTES = "dropped-bytes"
    DISCARDED_BYTES = "discarded-bytes"
    MISSING_MESSAGES = "missing-messages"
    """Messages that the client found missing by their numbers."""
    # of the whole run
    TOTAL_QUEUE_BYTES_MAX = "total-queue-bytes-max"
    """The bytes in the queues of all connections at one tick."""
    QUEUE_BYTES_PER_CYCLE = "queue-bytes-per-cycle"
    """Growth: the Theil-Sen slope of the troughs of the cycles (``growth``)."""
    DESCRIPTORS_PER_CYCLE = "descriptors-per-cycle"
    TASKS_PER_CYCLE = "tasks-per-cycle"
    RSS_BYTES_PER_CYCLE = "rss-bytes-per-cycle"
    QUEUE_BYTES_OVER_BASELINE = "queue-bytes-over-baseline"
    """The value at the end of the run minus that before the first client announced a stall."""
    DESCRIPTORS_OVER_BASELINE = "descriptors-over-baseline"
    TASKS_OVER_BASELINE = "tasks-over-baseline"
    RSS_BYTES_OVER_BASELINE = "rss-bytes-over-baseline"


PER_CYCLE, OVER_BASELINE = (
    frozenset(metric for metric in Metric if metric.value.endswith(ending))
    for ending in ("-per-cycle", "-over-baseline")
)
OF_THE_RUN = PER_CYCLE | OVER_BASELINE | {Metric.TOTAL_QUEUE_BYTES_MAX}
"""The metrics that belong to no single client."""


class Expectation(Spec, frozen=True):
    """One ``[[expect]]`` table: all its conditions must hold. Without any, a run passes if it is sound."""

    client: str | None = None
    """A group's name; absent: every client."""
    phases: list[str] = field(default_factory=list)
    """Phases and events that must occur, in this order (others may lie between)."""
    never: list[str] = field(default_factory=list)
    """Phases and events that must not occur."""
    metric: Metric | None = None
    """The number that ``min``, ``max`` or ``equals`` bounds."""
    min: Size | None = None
    """The least value of the metric."""
    max: Size | None = None
    """The most that the metric may be."""
    equals: Size | None = None
    """The exact value of the metric."""
