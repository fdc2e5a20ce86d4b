"""Lines are wrapped at whole words, within the width, below their column, and no word is lost."""

from hypothesis import given
from hypothesis import strategies as st

from stallsim.views.wrapping import wrapped

WORDS = st.text("abc-_:/>", min_size=1, max_size=12)


def test_under_the_column() -> None:
    assert wrapped("memory    not bounded: the queue grew for ever", 32) == [
        "memory    not bounded: the queue",
        "          grew for ever",
    ]
    assert wrapped("         so it is and so it shall be", 30) == [
        "         so it is and so it",
        "         shall be",
    ]
    assert wrapped("CAPACITY with 600 open clients it is not reached", 32) == [
        "CAPACITY with 600 open clients",
        "         it is not reached",
    ]


@given(st.lists(WORDS, min_size=1), st.sampled_from(["", "memory    ", "      "]), st.integers(1, 120))
def test_no_word_is_lost_or_cut(words: list[str], label: str, width: int) -> None:
    line = label + " ".join(words)
    parts = wrapped(line, width)
    assert " ".join(parts).split() == line.split()
    if len(parts) > 1:
        assert all(len(part) <= width or " " not in part.strip() for part in parts[1:])
