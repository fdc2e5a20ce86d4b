"""Sizes, durations and rates: each written form has one meaning, and any other text is refused."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stallsim.units import (
    format_count,
    format_seconds,
    format_size,
    parse_rate,
    parse_seconds,
    parse_size,
)

SIZES = {"": 1, "B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
DURATIONS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
SPACE = st.sampled_from(["", " ", "  "])
PARSERS: list[Callable[[object], object]] = [parse_size, parse_seconds, parse_rate]


@given(st.integers(0, 2**20), st.sampled_from(sorted(SIZES)), SPACE)
def test_a_size(number: int, unit: str, space: str) -> None:
    assert parse_size(f"{number}{space}{unit}") == number * SIZES[unit]
    assert parse_size(number) == number


@given(st.integers(1, 8000), st.sampled_from(sorted(DURATIONS)), SPACE)
def test_a_duration(number: int, unit: str, space: str) -> None:
    assert parse_seconds(f"{number}{space}{unit}") == number * DURATIONS[unit]


@given(st.integers(1, 1000), st.sampled_from(sorted(SIZES)[1:]))
def test_a_rate(number: int, unit: str) -> None:
    assert parse_rate(f"{number}{unit}/s") == number * SIZES[unit]


def test_fractions_and_underscores() -> None:
    assert parse_size("1.5KiB") == 1536
    assert parse_size("1_000") == 1000
    assert parse_seconds("0.5ms") == 0.0005
    assert parse_rate("1.2MB/s") == 1_200_000


@pytest.mark.parametrize("parse", PARSERS, ids=["size", "duration", "rate"])
@given(
    thing=st.one_of(
        st.text(), st.none(), st.booleans(), st.floats(), st.lists(st.integers()), st.binary(),
        st.from_regex(r"[0-9_.]{1,400} ?[A-Za-z]{0,4}(/s)?", fullmatch=True),
    )
)  # fmt: skip
def test_what_is_not_one_is_refused_with_what_is(parse: Callable[[object], object], thing: object) -> None:
    refused, value = "", None
    try:
        value = parse(thing)
    except ValueError as error:
        refused = str(error)
    if refused:
        assert refused.startswith("expected a")
    else:
        assert isinstance(thing, str)
        assert thing.strip()[0].isdigit()
        assert isinstance(value, int | float)
        assert value >= 0


@pytest.mark.parametrize("number", ["9" * 400, "9" * 5000])
@pytest.mark.parametrize(("parse", "unit"), [(parse_size, "B"), (parse_seconds, "s"), (parse_rate, "B/s")])
def test_a_number_beyond_all_numbers(parse: Callable[[object], object], unit: str, number: str) -> None:
    with pytest.raises(ValueError, match="expected a"):
        parse(number + unit)


@pytest.mark.parametrize(
    "text",
    ["", "B", "1XB", "1 K", "1kb", "-1", "+1", "1e3", "0x10", "1,5", "\u0663", "1.5", "0.3B", "1KiB/s"],
)
def test_no_size(text: str) -> None:
    with pytest.raises(ValueError, match="expected a"):
        parse_size(text)


@pytest.mark.parametrize("text", ["", "5", "0s", "-1s", "1 day", "1S", "8785h", "nan", "infs", "1min"])
def test_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="a duration such as 250ms"):
        parse_seconds(text)


@given(st.integers(0, 10**13))
def test_a_formatted_size_is_short_and_near(size: int) -> None:
    number, unit = format_size(size).split(" ")
    assert len(number) <= 5
    assert abs(float(number) * SIZES[unit] - size) <= size * 0.06


@given(st.floats(1e-6, 1e6))
def test_a_formatted_duration_is_near(seconds: float) -> None:
    number, unit = format_seconds(seconds).split(" ")
    factor = DURATIONS["m"] if unit == "min" else DURATIONS[unit]
    assert abs(float(number) * factor - seconds) <= seconds * 0.06


@given(st.integers())
def test_a_formatted_count_is_the_number(number: int) -> None:
    assert int(format_count(number).replace(",", "")) == number
