"""A recording equals the run, whether it is complete, interrupted, or cut within a line."""

import json
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from stallsim.timeline.recording import load_recording

from .running import command, result, started

pytestmark = pytest.mark.loopback
LONG = ("stop-reading", "pace=realtime", "ticks=1000000", "clients.hung.stop-tick=1")
"""A realtime run that stalls at once and lasts far longer than any test waits."""


def sets(*words: str) -> list[str]:
    profile, *overrides = words
    return [profile, *(word for override in overrides for word in ("--set", override))]


def test_one_json_object_that_fits_its_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(command("schema", "--result").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    for words in (["run", "mixed-crowd"], ["run", "well-behaved", "--set", "server.memory-ceiling=0"]):
        ended = command(*words, "--json")
        assert len(ended.stdout.splitlines()) == 1
        jsonschema.validate(json.loads(ended.stdout), schema)
    assert set(json.loads(ended.stdout)) == set(schema["$defs"]["Result"]["properties"])


def test_a_replay_is_the_run(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    ran = result("run", "sleeping-tab", "--record", path)
    assert result("replay", path) == ran
    plain = command("run", "sleeping-tab", "--plain", "--record", path, "--force").stdout
    assert command("replay", path, "--plain").stdout == plain


def test_a_recording_is_never_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text("mine\n")
    ended = command("run", "stop-reading", "--record", path)
    assert (ended.returncode, path.read_text()) == (2, "mine\n")
    assert (ended.stdout, len(ended.stderr.splitlines())) == ("", 1)
    assert "--force" in ended.stderr
    assert command("run", "stop-reading", "--record", path, "--force").returncode == 0
    assert load_recording(path).end is not None


@pytest.mark.parametrize("whole", [True, False], ids=["at a line's end", "within a line"])
def test_a_killed_run_leaves_what_it_had_written(whole: bool, tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with started("run", *sets(*LONG), "--plain", "--record", path) as process:
        assert process.stdout is not None
        phases = (line for line in process.stdout if "phase=" in line)
        assert "phase=flowing" in next(phases)
        assert "phase=" in next(phases)
        process.send_signal(signal.SIGKILL)
    if not whole:
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join([*lines, lines[-1][: len(lines[-1]) // 2]]))
    replayed = command("replay", path, "--json")
    assert replayed.stderr == ""
    told = json.loads(replayed.stdout)
    assert (replayed.returncode, told["interrupted"], told["verdict"]) == (130, True, "fail")
    assert (
        told["reasons"][0] == f"the recording ends at tick {told['ticks'] - 1}, before the end of the run"
    )
    assert load_recording(path).end is None
    assert len(told["ledger"]["entries"]) >= 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("shown", ["--plain", "--json"])
def test_a_signal_ends_a_run_cleanly(number: signal.Signals, shown: str, tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with started("run", *sets(*LONG), shown, "--record", path) as process:
        while not (path.exists() and b'"stalled"' in path.read_bytes()):
            with suppress(subprocess.TimeoutExpired):  # or the run would wait for whoever looks
                process.wait(0.01)
                pytest.fail(f"ended: {process.communicate()}")
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, "")
    timeline = load_recording(path)
    assert timeline.end is not None
    assert timeline.end.interrupted
    words = f"interrupted at tick {timeline.end.tick}"
    if shown == "--json":
        told = json.loads(out)
        assert told["interrupted"]
        assert told["reasons"] == [words]
    else:
        assert f"FAIL  {words}" in out
    again = command("replay", path, "--json")
    assert again.returncode == 130
    assert json.loads(again.stdout)["reasons"] == [words]
