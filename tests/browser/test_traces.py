"""Which traces can be compared at all, and which of their samples count."""

import json
from pathlib import Path

import pytest

from .compare import main
from .real_trace import RealTrace

DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize("scenario", ["end_close_tab_frozen", "normal", "hidden", "ping_idle"])
def test_a_trace_in_which_nothing_slept_and_woke_cannot_be_compared(
    scenario: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header, *lines = (DATA / "frozen_legacy_r1.jsonl").read_text().splitlines()
    first = json.loads(header)
    first["meta"]["scenario"] = scenario
    path = tmp_path / "trace.jsonl"
    path.write_text("\n".join([json.dumps(first), *lines]))
    assert main([str(path)]) == 2
    assert "nothing slept and woke" in capsys.readouterr().err


def test_samples_of_a_socket_that_is_gone_are_left_out(tmp_path: Path) -> None:
    lines = (DATA / "frozen_legacy_r1.jsonl").read_text().splitlines()
    rows = [line for line in lines if line.startswith("[")]
    gone = json.loads(rows[-1])
    gone[9:12] = [None, None, None]
    path = tmp_path / "trace.jsonl"
    path.write_text("\n".join([*lines, json.dumps(gone)]))
    assert RealTrace(path).seen == RealTrace(DATA / "frozen_legacy_r1.jsonl").seen
