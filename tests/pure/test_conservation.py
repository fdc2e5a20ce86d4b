"""The law of conservation, for every way in which a byte can move."""

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from stallsim.timeline.sample import Sample

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


def _seal(counts: Counts, size: int) -> None:
    """The head of the queue goes through the coder, which makes something else of it."""
    frame = min(size, counts["queue_bytes"] - counts["pending_bytes"])
    made = frame * 2 // 3 + 22
    counts["sealed_bytes"] += frame
    counts["wire_bytes"] += made
    counts["pending_bytes"] += made
    counts["queue_bytes"] += made - frame


def _accept(counts: Counts, size: int) -> None:
    taken = min(size, counts["pending_bytes"])
    counts["pending_bytes"] -= taken
    _move(counts, taken, "queue_bytes", "accepted_bytes")


def _cut(counts: Counts, size: int) -> None:
    thrown = min(size, counts["pending_bytes"])
    counts["pending_bytes"] -= thrown
    _move(counts, thrown, "queue_bytes", "cut_bytes")


def _unsealed(target: str) -> Callable[[Counts, int], None]:
    """What is pending can neither be dropped nor discarded."""

    def move(counts: Counts, size: int) -> None:
        plain = counts["queue_bytes"] - counts["pending_bytes"]
        _move(counts, min(size, plain), "queue_bytes", target)

    return move


def _receive(counts: Counts, size: int) -> None:
    arrived = min(size, counts["accepted_bytes"] - counts["received_bytes"])
    counts["received_bytes"] += arrived
    counts["rcvq_bytes"] += arrived


MOVES: dict[str, Callable[[Counts, int], None]] = {
    "produce": _produce,
    "control": _control,
    "reject": _reject,
    "evict": _unsealed("dropped_bytes"),
    "discard": _unsealed("discarded_bytes"),
    "receive": _receive,
    "read": lambda counts, size: _move(counts, size, "rcvq_bytes", "read_bytes"),
}
WAYS: dict[str, dict[str, Callable[[Counts, int], None]]] = {
    "plain": {
        "accept": lambda counts, size: _move(
            counts, size, "queue_bytes", "accepted_bytes", "sealed_bytes", "wire_bytes"
        )
    },
    "coded": {"seal": _seal, "accept": _accept, "cut": _cut},
}
COUNTED = ("produced_bytes", "control_bytes", "read_bytes", "rcvq_bytes", "accepted_bytes",
           "received_bytes", "queue_bytes", "dropped_bytes", "discarded_bytes",
           "sealed_bytes", "wire_bytes", "pending_bytes", "cut_bytes")  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> Counts:
    """What is counted after any moves of one connection, with a coder or without."""
    moves = MOVES | WAYS[draw(st.sampled_from(sorted(WAYS)))]
    counts = dict.fromkeys(COUNTED, 0)
    for move in draw(st.lists(st.sampled_from(sorted(moves)), max_size=60)):
        moves[move](counts, draw(st.integers(1, 10_000)))
    return counts


@given(histories())
def test_no_move_makes_or_loses_a_byte(counts: Counts) -> None:
    assert sample(**counts).unaccounted_bytes == 0


@given(histories(), st.sampled_from(COUNTED), st.integers(1, 1000))
def test_one_count_that_is_off_is_seen_to_the_byte(counts: Counts, field: str, off: int) -> None:
    counts[field] += off
    assert abs(sample(**counts).unaccounted_bytes) == off


@given(histories())
def test_fields_outside_the_law_change_nothing(counts: Counts) -> None:
    others: dict[str, Any] = {
        name: 12345
        for name in Sample.__struct_fields__
        if name not in COUNTED and name not in ("settled", "open", "refusal", "producer_waits")
    }
    assert sample(**counts, **others).unaccounted_bytes == 0
