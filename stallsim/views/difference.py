"""Describes the first entry in which two ledgers differ."""

from ..timeline.ledger import Entry, Ledger
from .clean import clean


def difference_text(difference: tuple[int, Entry | None, Entry | None], left: str, right: str) -> str:
    """The entry's place, and every field that differs, with both values."""
    index, ours, theirs = difference
    entry = ours or theirs
    assert entry is not None, "two ledgers differ in an entry that one of them has"
    where = f"entry {index}: {clean(entry.client)} (connection {entry.connection})"
    if ours is None or theirs is None:
        there, absent = (left, right) if theirs is None else (right, left)
        return (
            f"{where}: {entry.phase} at tick {entry.tick} is in {clean(there)} and not in {clean(absent)}"
        )
    lines = [f"{where}: the ledgers differ"]
    for field in Entry.__struct_fields__:
        one, other = getattr(ours, field), getattr(theirs, field)
        if one != other:
            lines.append(f"  {field:<15} {clean(str(one)):>18}  {clean(str(other)):>18}")
    return "\n".join(lines)


def conditions_apart(left: Ledger, right: Ledger) -> str:
    """The reason why two digests cannot be compared: the conditions of both runs."""
    mine, its = (clean(", ".join(ledger.conditions) or "nothing recorded") for ledger in (left, right))
    return f"the digests are not comparable: the first run was on {mine}, the second on {its}"
