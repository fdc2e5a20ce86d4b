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
        "Connections, by what they are doing.",
        ("port", "word"),
        values={
            (str(one.port), word.value): float(one.words.get(word.value, 0))
            for one in ports
            for word in Word
        },
    )
    yield MetricFamily(
        "watch_greatest_age_seconds",
        "The longest that any connection has been doing this.",
        ("port", "word"),
        values={(str(one.port), word): age for one in ports for word, age in one.oldest_s.items()},
    )
    yield by_port("watch_unsent_bytes", "Written by the server, not sent.", "unsent_bytes")
    yield by_port("watch_queued_bytes", "Written by the server, not acknowledged.", "queued_bytes")
    yield by_port("watch_pinned_bytes", "Kernel memory charged for send queues.", "pinned_bytes")
    yield MetricFamily(
        "watch_sibling_rate_bytes_per_second",
        "What connections that keep up are sent: the median.",
        ("port",),
        values={(str(one.port),): one.median_rate for one in snapshot.siblings},
    )
    yield MetricFamily(
        "watch_orphans_pinned_bytes",
        "Of the pinned memory: for connections that the server has closed.",
        values={(): float(snapshot.totals.orphans_pinned_bytes)},
    )
    if snapshot.totals.tcp_memory_share is not None:
        share = snapshot.totals.tcp_memory_share
        yield MetricFamily(
            "watch_tcp_memory_ratio", "Of the machine's limit (tcp_mem), in use.", values={(): share}
        )
    if snapshot.process is not None:
        rss = float(snapshot.process.rss_bytes)
        yield MetricFamily(
            "watch_process_resident_memory_bytes", "Of the servers' processes.", values={(): rss}
        )
    yield MetricFamily(
        "watch_look_seconds", "How long the latest look took.", values={(): snapshot.took_ms / 1000}
    )
    looks = float(snapshot.look)
    yield MetricFamily("watch_looks", "Looks since the start.", kind=MetricKind.COUNTER, values={(): looks})
