"""Rounds scales, and formats numbers for little room."""

from ...units import format_count, format_size


def round_scale(value: int, least: int = 1000) -> int:
    """The least of 1, 2, 5, 10, 20, 50 ... (times ``least``) that is not below ``value``; it seldom
    changes.
    """
    step = least
    while True:
        for factor in (1, 2, 5):
            if step * factor >= value:
                return step * factor
        step *= 10


def bytes_in(number: int, room: int) -> str:
    """``1,482,248`` if that fits in ``room`` cells, otherwise ``1.5 MB``."""
    exact = format_count(number)
    return exact if len(exact) <= room else format_size(number)


def percent(part: int, whole: int) -> str:
    """A share such as ``99%``; never 0 % for more than nothing, nor 100 % for less than all."""
    if not whole:
        return "-"
    share = 100 * part / whole
    if 0 < share < 1:
        return "<1%"
    return f"{min(99, round(share)) if part < whole else round(share)}%"
