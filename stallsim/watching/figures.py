"""Turns a snapshot into metrics for a monitoring system: by word and port, never by peer."""

from collections.abc import Iterable

from ..kinds import Word
from ..metrics.family import MetricFamily, MetricKind
from ..timeline.watched import Snapshot


def figures_of(snapshot: Snapshot) -> Iterable[MetricFamily]:
    """The metrics of a snapshot. Every port has a value for every word, 0 if no connection has the word,
    since an alert needs a series that always exists.
    """
    ports = snapshot.ports

    def by_port(name: str, help_: str, field: str) -> MetricFamily:
        values: dict[tuple[str, ...], float] = {
            (str(one.port),): float(getattr(one, field)) for one in ports if getattr(one, field) is not None
        }
        return MetricFamily(name, help_, ("port",), values=values)

    yield MetricFamily(
        "watch_connections",
        "Connections, by word.",
        ("port", "word"),
        values={
            (str(one.port), word.value): float(one.words.get(word.value, 0))
            for one in ports
            for word in Word
        },
    )
    yield MetricFamily(
        "watch_greatest_age_seconds",
        "The longest time for which a connection has had this word.",
        ("port", "word"),
        values={(str(one.port), word): age for one in ports for word, age in one.oldest_s.items()},
    )
    yield by_port(
        "watch_unsent_bytes", "Bytes that the server has written and that are not sent.", "unsent_bytes"
    )
    yield by_port(
        "watch_queued_bytes",
        "Bytes that the server has written and that are not acknowledged.",
        "queued_bytes",
    )
    yield by_port("watch_pinned_bytes", "Kernel memory charged for send queues.", "pinned_bytes")
    yield MetricFamily(
        "watch_sibling_rate_bytes_per_second",
        "The median rate of the connections that keep up.",
        ("port",),
        values={(str(one.port),): one.median_rate for one in snapshot.siblings},
    )
    yield MetricFamily(
        "watch_orphans_pinned_bytes",
        "The part of the pinned memory that belongs to connections that the server has closed.",
        values={(): float(snapshot.totals.orphans_pinned_bytes)},
    )
    if snapshot.totals.tcp_memory_share is not None:
        share = snapshot.totals.tcp_memory_share
        yield MetricFamily(
            "watch_tcp_memory_ratio",
            "The part of the machine's limit (tcp_mem) that is in use.",
            values={(): share},
        )
    if snapshot.process is not None:
        rss = float(snapshot.process.rss_bytes)
        yield MetricFamily(
            "watch_process_resident_memory_bytes",
            "Resident memory of the servers' processes.",
            values={(): rss},
        )
    yield MetricFamily(
        "watch_look_seconds", "How long the latest look took.", values={(): snapshot.took_ms / 1000}
    )
    looks = float(snapshot.look)
    yield MetricFamily("watch_looks", "Looks since the start.", kind=MetricKind.COUNTER, values={(): looks})
