"""The readings of a fleet as rows: one for each worker and time, sizes in bytes, times in seconds."""

from collections.abc import Iterator

from ..timeline.fleet.reading import Reading
from ..timeline.recording import read_records
from .found import Found

Value = str | int | float | bool
COLUMNS = ("recording", "worker", "tick", "t_s", "wanted", "connecting", "open", "awake", "refused",
           "ended", "read_bytes", "connections", "stalled", "outq_bytes", "queue_p50_bytes",
           "queue_p99_bytes", "queue_max_bytes", "server_rss_bytes", "tcp_memory_bytes", "pongs",
           "ping_p50_s", "ping_p99_s", "ping_worst_s", "witness_bytes_per_s", "own_lag_s",
           "kernel_clients_bytes", "kernel_server_bytes", "unanswered")  # fmt: skip
UNKNOWN = -1
"""The value for unknown, in columns whose numbers are never below 0."""


def fleet_rows(found: Found) -> Iterator[tuple[Value, ...]]:
    """The rows in order of time: all of the recording, or without one those that the timeline still has."""
    assert found.timeline is not None, "looked at by table_rows"
    tick_s = found.timeline.scenario.tick_s
    for one in _readings(found):
        yield found.name, one.worker, one.tick, round(one.tick * tick_s, 9), *_values(one)


def _readings(found: Found) -> Iterator[Reading]:
    if found.path is not None:
        yield from (one for one in read_records(found.path) if isinstance(one, Reading))
    elif found.timeline is not None:
        series = found.timeline.fleet.readings.values()
        yield from sorted((one for each in series for one in each), key=lambda one: one.tick)


def _values(one: Reading) -> Iterator[Value]:
    tally, look, seen = one.tally, one.look, one.witnessed
    yield from (tally.wanted, tally.connecting, one.open, tally.awake)
    yield from (tally.refused_count, one.ended, tally.read_bytes)
    counts = (None,) * 3 if look is None else (look.connections, look.stalled, look.outq_bytes)
    queues = (None,) * 3 if look is None else tuple(map(look.queues.at, (0.5, 0.99, 1.0)))
    yield from map(_count, (*counts, *queues, one.rss_bytes, one.tcp_memory_bytes))
    yield _count(None if seen is None else seen.pongs)
    waits = (None,) * 3 if seen is None else (seen.p50_s, seen.p99_s, seen.worst_s)
    rates = (None,) * 2 if seen is None else (seen.bytes_per_s, seen.own_lag_s)
    yield from (float(UNKNOWN) if value is None else float(value) for value in (*waits, *rates))
    kernel = one.kernel_memory
    yield _count(None if kernel is None else kernel.clients.charged_bytes)
    yield _count(None if kernel is None or kernel.server is None else kernel.server.charged_bytes)
    yield tally.unanswered_count


def _count(value: int | None) -> int:
    return UNKNOWN if value is None else value
