"""The tables of docs/matrix.md have a word, or ``?``, for every cell of the matrix."""

from .source import expect_none
from .theory import PAGE, Place, theory, tried

TRY = "`stallsim matrix` with its name (--policy, --guard, --client) shows what is seen there"


def test_the_page_speaks_of_every_cell() -> None:
    said = theory()
    expect_none(
        missing(set(tried()) - said.keys(), set(said)),
        f"{PAGE}, 'What theory says': write into each of these places a word of 'What a cell says', or ? "
        f"where theory does not decide it ({TRY})",
    )


def missing(places: set[Place], written: set[Place]) -> list[str]:
    """A line for each column and each row that a table lacks."""
    columns = {(title, column) for title, _, column in written}
    rows = {(title, client) for title, client, _ in written}
    lines = set()
    for title, client, column in places:
        if (title, column) not in columns:
            lines.add(f"table '{title}' needs a column '{column}'")
        if (title, client) not in rows:
            lines.add(f"table '{title}' needs a row '{client}'")
    return sorted(lines)


def test_a_table_without_a_column_and_a_row_is_told_so() -> None:
    written = {("t", "old", "one"), ("t", "old", "two"), ("t", "older", "one"), ("t", "older", "two")}
    assert missing({("t", "old", "new"), ("t", "fresh", "one")}, written) == [
        "table 't' needs a column 'new'",
        "table 't' needs a row 'fresh'",
    ]


def test_the_page_speaks_of_no_cell_that_is_not_run() -> None:
    assert sorted(theory().keys() - set(tried())) == [], (
        f"{PAGE} has words for what the matrix does not run"
    )
