"""Computes the number of rows for each section of the dashboard. Pure arithmetic."""

SIDE_BY_SIDE_FROM = (55, 14)
"""The least cells and rows with which the tanks are drawn side by side."""
TWO_COLUMNS_FROM = 130
"""The least cells with which the clients and the events are drawn side by side."""
_PAGE = ("title", "focus", "strip", "tanks", "history", "crowd", "log", "legend", "keys")
"""The sections from top to bottom. In two columns, ``crowd`` contains the log as well."""
_COMFORT = (
    ("crowd", 4), ("history", 4), ("tanks", 8), ("log", 3), ("history", 6), ("log", 6), ("crowd", 6),
)  # fmt: skip
"""Rows that each section should have before any section gets more."""
_GROWTH = (("tanks", 1), ("history", 1), ("crowd", 1), ("log", 1))


def plan(width: int, height: int, strip: int, clients: int) -> tuple[dict[str, int], int]:
    """The rows for each section that fits, in the order of the page, and the number of blank rows between
    them.

    ``strip`` is the number of rows of the phase strip, ``clients`` the number of connections. The rows and
    the blanks never exceed ``height`` together.
    """
    side_by_side = width >= SIDE_BY_SIDE_FROM[0] and height >= SIDE_BY_SIDE_FROM[1]
    two_columns = width >= TWO_COLUMNS_FROM
    crowd = clients + 1
    # name of the section, fewest rows, most rows; the most important section first
    wanted = [
        ("title", 1, 1),
        ("tanks", 7, 15) if side_by_side else ("tanks", min(5, max(1, height - 3)), 5),
        ("focus", 1, 1),
        ("keys", 1, 1),
        ("strip", strip, strip),
        *([] if two_columns else [("log", 3, 12)]),
        ("history", 3, 21),
        ("crowd", 2, max(crowd, 14) if two_columns else crowd),
        ("legend", 1, 1),
    ]
    rows: dict[str, int] = {}
    left = height
    for name, fewest, _ in wanted:
        if fewest <= left:
            rows[name] = fewest
            left -= fewest
    most = {name: limit for name, _, limit in wanted}

    def grow(name: str, target: int) -> int:
        if name not in rows:
            return 0
        more = max(0, min(target, most[name]) - rows[name])
        more = min(more, left)
        rows[name] += more
        return more

    for name, target in _COMFORT:
        left -= grow(name, target)
    blanks = min(4, left // 3)
    left -= blanks
    while left:
        before = left
        for name, step in _GROWTH:
            left -= grow(name, rows.get(name, 0) + step)
        if left == before:
            break
    return {name: rows[name] for name in _PAGE if name in rows}, blanks
