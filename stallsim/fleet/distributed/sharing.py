"""Who is to open how many: whoever holds the fewest takes the most, until all hold alike. Pure."""

from collections.abc import Mapping


def level_out(held: Mapping[str, int], more: int) -> dict[str, int]:
    """Shares of ``more`` that bring all as close to one number as they can; they add up to ``more``.

    A worker that has just joined holds nothing, and so it is given most of what is opened next.
    """
    given = dict.fromkeys(held, 0)
    left = more
    while left and held:
        totals = sorted((held[name] + given[name], name) for name in held)
        least = totals[0][0]
        lowest = [name for total, name in totals if total == least]
        next_total = next((total for total, _ in totals if total > least), None)
        room = left if next_total is None else min(left, (next_total - least) * len(lowest))
        each, rest = divmod(room, len(lowest))
        for number, name in enumerate(lowest):
            given[name] += each + (number < rest)
        left -= room
    return given
