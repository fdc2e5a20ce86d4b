"""Finds the messages of one sequence in another."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence


def match(witness: Sequence[Hashable], stalled: Sequence[Hashable]) -> list[int]:
    """For each message (or digest) of the stalled client, its index in the witness's sequence; -1: not
    there.

    The indexes rise. If the witness has all of the stalled client's messages, each is placed at its first
    occurrence after the one before (which finds every subsequence). Otherwise messages that occur exactly
    once on both sides are placed first, as many as fit in one order (patience diff). So one message that
    occurs again much later does not hide the messages between.
    """
    run = _one_run(witness, stalled)
    if run is not None:
        return run
    places = _Places(witness)
    found = _leftmost(places, stalled, [len(witness)] * len(stalled), {})
    if -1 not in found:
        return found
    again = Counter(stalled)
    once = [
        (position, where[0])
        for position, one in enumerate(stalled)
        if again[one] == 1 and len(where := places.of(one)) == 1
    ]
    anchors = dict(_longest_rising(once))
    limits, limit = [0] * len(stalled), len(witness)
    for position in range(len(stalled) - 1, -1, -1):
        limit = anchors.get(position, limit)
        limits[position] = limit
    return _leftmost(places, stalled, limits, anchors)


class _Places:
    """Looks up the places of a message in a sequence; optimised for messages that occur once."""

    def __init__(self, sequence: Sequence[Hashable]) -> None:
        self._first: dict[Hashable, int] = {}
        self._all: dict[Hashable, list[int]] = {}
        for index, one in enumerate(sequence):
            first = self._first.setdefault(one, index)
            if first != index:
                self._all.setdefault(one, [first]).append(index)

    def of(self, one: Hashable) -> Sequence[int]:
        """All places of a message, in order."""
        if one in self._all:
            return self._all[one]
        return (self._first[one],) if one in self._first else ()


def _one_run(witness: Sequence[Hashable], stalled: Sequence[Hashable]) -> list[int] | None:
    """In one step, the places if nothing is missing in between, as for most servers; otherwise None."""
    try:
        begin = witness.index(stalled[0])
    except (ValueError, IndexError):
        return None
    end = begin + len(stalled)
    return list(range(begin, end)) if witness[begin:end] == stalled else None


def _leftmost(
    places: _Places,
    stalled: Sequence[Hashable],
    limits: Sequence[int],
    anchors: dict[int, int],
) -> list[int]:
    """For each message, its first place after the last one found and below its limit. The places in
    ``anchors`` are fixed.
    """
    found: list[int] = []
    follow = 0
    for position, one in enumerate(stalled):
        place = anchors.get(position, -1)
        if place < 0:
            where = places.of(one)
            first = bisect_left(where, follow)
            place = where[first] if first < len(where) and where[first] < limits[position] else -1
        found.append(place)
        follow = max(follow, place + 1)
    return found


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest selection of pairs, in order, whose second numbers rise."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        before.append(last[length - 1] if length else -1)
        if length == len(ends):
            ends.append(place)
            last.append(index)
        else:
            ends[length], last[length] = place, index
    chain: list[tuple[int, int]] = []
    index = last[-1] if last else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]
