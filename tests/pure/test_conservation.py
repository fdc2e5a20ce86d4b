"""The law of conservation, under every move that a byte can make."""

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from stallsim.sample import Sample

from .builders import sample

Counts = dict[str, int]


def _move(counts: Counts, size: int, source: str, *targets: str) -> None:
    taken = min(size, counts[source])
    counts[source] -= taken
    for target in targets:
        counts[target] += taken


def _produce(counts: Counts, size: int) -> None:
    counts["produced_bytes"] += size
    counts["queue_bytes"] += size


def _control(counts: Counts, size: int) -> None:
    counts["control_bytes"] += size
    counts["queue_bytes"] += size


def _reject(counts: Counts, size: int) -> None:
    counts["produced_bytes"] += size
    counts["dropped_bytes"] += size


def _receive(counts: Counts, size: int) -> None:
    arrived = min(size, counts["accepted_bytes"] - counts["received_bytes"])
    counts["received_bytes"] += arrived
    counts["rcvq_bytes"] += arrived


MOVES: dict[str, Callable[[Counts, int], None]] = {
    "produce": _produce,
    "control": _control,
    "reject": _reject,
    "accept": lambda counts, size: _move(counts, size, "queue_bytes", "accepted_bytes"),
    "evict": lambda counts, size: _move(counts, size, "queue_bytes", "dropped_bytes"),
    "discard": lambda counts, size: _move(counts, size, "queue_bytes", "discarded_bytes"),
    "receive": _receive,
    "read": lambda counts, size: _move(counts, size, "rcvq_bytes", "read_bytes"),
}
COUNTED = ("produced_bytes", "control_bytes", "read_bytes", "rcvq_bytes", "accepted_bytes",
           "received_bytes", "queue_bytes", "dropped_bytes", "discarded_bytes")  # fmt: skip
HISTORY = st.lists(st.tuples(st.sampled_from(sorted(MOVES)), st.integers(1, 10_000)), max_size=60)


def after(history: list[tuple[str, int]]) -> Counts:
    counts = dict.fromkeys(COUNTED, 0)
    for move, size in history:
        MOVES[move](counts, size)
    return counts


@given(HISTORY)
def test_no_move_makes_or_loses_a_byte(history: list[tuple[str, int]]) -> None:
    assert sample(**after(history)).unaccounted_bytes == 0


@given(HISTORY, st.sampled_from(COUNTED), st.integers(1, 1000))
def test_one_count_that_is_off_is_seen_to_the_byte(
    history: list[tuple[str, int]], field: str, off: int
) -> None:
    counts = after(history)
    counts[field] += off
    assert abs(sample(**counts).unaccounted_bytes) == off


@given(HISTORY)
def test_what_no_law_speaks_of_changes_nothing(history: list[tuple[str, int]]) -> None:
    others: dict[str, Any] = {
        name: 12345
        for name in Sample.__struct_fields__
        if name not in COUNTED and name not in ("settled", "open", "refusal", "producer_waits")
    }
    assert sample(**after(history), **others).unaccounted_bytes == 0
