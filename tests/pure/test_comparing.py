"""The comparison of two results: what is better, worse or the same, and the exit code."""

import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from stallsim.comparing.compare import Difference, compare_results, is_worse
from stallsim.comparing.fleet import side_of_fleet
from stallsim.comparing.side import side_of
from stallsim.fleet.judging import judge as judge_fleet
from stallsim.fleet.result import Cost
from stallsim.probing.observe.observation import Observation
from stallsim.verdict.result import encode, summarize_run
from stallsim.verdict.verdict import judge_run

from .command_line import CommandLine
from .fleets import fleet
from .observations import MB, blocked, closed, observation
from .reports import stalled_run
from .test_probe_report import WAITED, probed

GROWS = observation(refused_bytes=100 * MB)
MENDED = observation(end=closed(2.0))
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, *seen: Observation) -> Path:
        path = tmp_path / name
        path.write_bytes(msgspec.json.encode(probed(*seen)))
        return path

    return write


@pytest.mark.parametrize(
    ("before", "after", "change", "code"),
    [
        (GROWS, MENDED, Difference.BETTER, 0),
        (MENDED, GROWS, Difference.WORSE, 1),
        (GROWS, GROWS, Difference.SAME, 0),
        (GROWS, blocked(), Difference.OTHER, 0),
        (MENDED, WAITED, Difference.OTHER, 0),
        (MENDED, observation(), Difference.WORSE, 1),
        (GROWS, observation(), Difference.BETTER, 0),
    ],
)
def test_a_stall_is_compared_with_itself(
    before: Observation,
    after: Observation,
    change: Difference,
    code: int,
    write: Write,
    command_line: CommandLine,
) -> None:
    old, new = write("old.json", before), write("new.json", after)
    (one,) = compare_results(side_of(old), side_of(new))
    assert (one.name, one.change) == ("stop-reading", change)
    ended = command_line("compare", str(old), str(new))
    assert (ended.code, ended.err) == (code, "")
    assert ended.out.startswith(change.value)


def test_what_was_not_tried_again_is_not_green(write: Write) -> None:
    both, one = write("both", GROWS, observation("slow-reader", end=closed())), write("one", MENDED)
    compared = compare_results(side_of(both), side_of(one))
    assert [row.change for row in compared] == [Difference.BETTER, Difference.GONE]
    assert is_worse(compared)
    assert [row.change for row in compare_results(side_of(one), side_of(both))] == [
        Difference.WORSE,
        Difference.NEW,
    ]


def test_a_fleet_is_compared_size_by_size(tmp_path: Path, command_line: CommandLine) -> None:
    late, good = tmp_path / "late.json", tmp_path / "good.json"
    late.write_bytes(msgspec.json.encode(judge_fleet(fleet())))
    good.write_bytes(msgspec.json.encode(judge_fleet(fleet(late_us=1100))))
    changes = {one.name: one.change for one in compare_results(side_of(late), side_of(good))}
    assert changes["3,000 clients"] is Difference.BETTER
    assert changes["1,000 clients"] is changes["memory each"] is Difference.SAME
    assert command_line("compare", str(late), str(good)).code == 0
    assert command_line("compare", str(good), str(late)).code == 1


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [((100, 90, 110), (200, 190, 210), Difference.WORSE), ((100, 90, 110), (105, 95, 200), Difference.SAME),
     ((100, 90, 110), (50, 40, 60), Difference.BETTER)],
)  # fmt: skip
def test_a_cost_has_changed_where_the_middle_halves_are_apart(
    old: tuple[int, int, int], new: tuple[int, int, int], change: Difference
) -> None:
    found = judge_fleet(fleet())
    assert found is not None
    sides = [
        side_of_fleet(structs.replace(found, memory=Cost(each=one[0], low=one[1], high=one[2])))
        for one in (old, new)
    ]
    changes = {one.name: one.change for one in compare_results(*sides)}
    assert changes["memory each"] is change


def test_what_is_not_known_of_a_fleet_is_neither_better_nor_worse(
    tmp_path: Path, command_line: CommandLine
) -> None:
    result = judge_fleet(fleet(late_us=1100))
    assert result is not None
    known, unknown = tmp_path / "known.json", tmp_path / "unknown.json"
    known.write_bytes(msgspec.json.encode(result))
    unknown.write_bytes(msgspec.json.encode(structs.replace(result, memory=None, unstalled="nobody was")))
    for old, new in ((known, unknown), (unknown, known), (unknown, unknown)):
        compared = compare_results(side_of(old), side_of(new))
        assert {one.change for one in compared if "kernel" not in one.name} == {Difference.NOT_KNOWN}
    lost = command_line("compare", str(known), str(unknown))
    assert lost.code == 1
    assert "not known  ~ -> ?  memory each" in lost.out
    assert "each     700 B (700 B to 700 B) -> not known" in lost.out
    assert "new: not known, since no client was stalled" in lost.out
    assert command_line("compare", str(unknown), str(known)).code == 0
    assert command_line("compare", str(unknown), str(unknown)).code == 0


def test_runs_are_compared_and_not_with_probes(
    write: Write, tmp_path: Path, command_line: CommandLine
) -> None:
    timeline = stalled_run()
    run = tmp_path / "run.json"
    run.write_text(encode(summarize_run(timeline, judge_run(timeline))))
    assert command_line("compare", str(run), str(run)).code == 0
    command_line.refuses(
        "compare", str(run), str(write("probe", GROWS)), code=2, saying=("cannot be compared",)
    )
    command_line.refuses("compare", str(tmp_path / "no"), str(run), code=2, saying=("cannot be read",))


@pytest.mark.parametrize(
    ("schema", "rest"),
    [
        ("probe", '"stalls":' + "[" * 100_000),
        ("fleet", '"steps":' + '[{"a":' * 100_000),
        ("result", '"ledger":' + "[" * 100_000),
        ("matrix", '"cells":' + "[" * 100_000),
    ],
    ids=["probe", "fleet", "result", "matrix"],
)
@pytest.mark.parametrize("words", [("compare", "{}", "{}"), ("report", "{}"), ("diff", "{}", "{}")])
def test_a_result_that_is_nested_without_an_end_is_one_line(
    schema: str, rest: str, words: tuple[str, ...], tmp_path: Path, command_line: CommandLine
) -> None:
    path = tmp_path / "deep.json"
    path.write_text(f'{{"schema":"stallsim.{schema}/1",{rest}')
    ended = command_line(*(word.format(path) for word in words))
    assert ended.code == 2
    assert ended.err.startswith(f"stallsim: {path}: not a re")
    assert ended.err.count("\n") == 1


def test_a_result_with_a_name_that_nobody_knows_is_one_line(
    tmp_path: Path, write: Write, command_line: CommandLine
) -> None:
    stall = write("stall.json", GROWS)
    stall.write_text(stall.read_text().replace('"stall":"stop-reading"', '"stall":"stop-redding"'))
    verdict = tmp_path / "verdict.json"
    run = encode(summarize_run(stalled_run(), judge_run(stalled_run())))
    verdict.write_text(run.replace('"verdict":"', '"verdict":"x'))
    for ended in (
        command_line("report", str(stall)),
        command_line("compare", str(stall), str(stall)),
        command_line("compare", str(verdict), str(verdict)),
    ):
        assert ended.code == 2
        assert ": not a result of this version of stallsim: " in ended.err
        assert ended.err.count("\n") == 1


def test_a_number_beyond_any_float_is_one_line(write: Write, command_line: CommandLine) -> None:
    path = write("probe.json", GROWS)
    path.write_text(re.sub(r'"refused_bytes":\d+', f'"refused_bytes":{"9" * 400}', path.read_text()))
    for command in (("report", str(path)), ("compare", str(path), str(path))):
        ended = command_line(*command)
        assert (ended.code, ended.out) == (2, "")
        assert ended.err.endswith(": it has a number of more than 300 digits\n")


@pytest.mark.parametrize("words", [("report", "{}"), ("compare", "{}", "{}")])
def test_a_result_without_a_stall_is_no_traceback(
    words: tuple[str, ...], write: Write, command_line: CommandLine
) -> None:
    path = write("probe.json", GROWS)
    path.write_bytes(msgspec.json.encode(msgspec.json.decode(path.read_bytes()) | {"stalls": []}))
    ended = command_line(*(word.format(path) for word in words))
    assert ended.code in {0, 2}
    assert ended.err.count("\n") == (ended.code == 2)
