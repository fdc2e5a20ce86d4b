"""Scales, and numbers that fit where there is little room."""

from ...units import format_count, format_size


def round_scale(value: int, least: int = 1000) -> int:
    """The next of 1, 2, 5, 10, 20, 50 ... from ``value`` up: a scale that moves seldom."""
    step = least
    while True:
        for factor in (1, 2, 5):
            if step * factor >= value:
                return step * factor
        step *= 10


def bytes_in(number: int, room: int) -> str:
    """``1,482,248`` where that fits in ``room`` cells, ``1.5 MB`` where not."""
    exact = format_count(number)
    return exact if len(exact) <= room else format_size(number)


def percent(part: int, whole: int) -> str:
    """``99%``; never 0 % of something, nor 100 % of less than all."""
    if not whole:
        return "-"
    share = 100 * part / whole
    if 0 < share < 1:
        return "<1%"
    return f"{min(99, round(share)) if part < whole else round(share)}%"
