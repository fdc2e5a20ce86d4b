"""A probe on a terminal and in a file: its dashboard, its recording, and what replay makes of it."""

import json
import re
import signal
from pathlib import Path

import pytest

from stallsim.kinds import EventKind
from stallsim.probing.probe import probe_blocking
from stallsim.probing.spec import Command, ProbeSpec, Target
from stallsim.timeline.outside import Probed
from stallsim.timeline.probed.outcomes import Outcome
from stallsim.timeline.probed.result import ProbeResult
from stallsim.timeline.recording import load_recording, read_records

from .running import command
from .terminal import on_terminal
from .test_probe import ANYWHERE, server

pytestmark = [pytest.mark.loopback, pytest.mark.realtime]
LEAVES_ALTERNATE_SCREEN = "\x1b[?1049l"


def words(what: str, *stalls: str) -> list[str]:
    named = [word for stall in stalls for word in ("--profile", stall)]
    return ["probe", ANYWHERE, "--exec", server(what), "--for", "2MB", *named]


def _without_command(report: str) -> str:
    """A recording does not hold the command line, so only the probe itself names what to type."""
    return re.sub(r"(at this stream's rate)(: stallsim .*?)?(?=\r\ndo )", r"\1", report, flags=re.DOTALL)


def test_a_terminal_shows_the_dashboard_and_then_the_report(tmp_path: Path) -> None:
    path = tmp_path / "probe.jsonl"
    code, screen = on_terminal(*words("keeps_everything", "stop-reading"), "--record", str(path), "--exit")
    drawn, _, report = screen.rpartition(LEAVES_ALTERNATE_SCREEN)
    assert code == 0, screen
    for seen in ("stall 1 of 1, stop-reading: baseline", "refused ~", "inferred from the witness", "RSS"):
        assert seen in drawn
    assert re.search(r"~\d+,\d{3}", drawn), "what is refused carries its mark"
    assert "OUTCOME  growth" in report
    code, screen = on_terminal("replay", str(path), "--speed", "8", keys=b"q", once=b"the end")
    drawn, _, again = screen.rpartition(LEAVES_ALTERNATE_SCREEN)
    assert code == 0, screen
    assert "stall 1 of 1, stop-reading: growth" in drawn
    assert "OUTCOME  growth" in drawn, "its end is the first screen of the report"
    assert _without_command(again.split("OUTCOME")[1]) == _without_command(report.split("OUTCOME")[1])
    unwrapped = " ".join(again.split())
    assert f"again stallsim replay {path}; to share it: stallsim report {path} -o report.html" in unwrapped


def test_several_stalls_are_one_recording_that_replays_with_its_outcome(tmp_path: Path) -> None:
    path = tmp_path / "probe.jsonl"
    stalls = words("keeps_everything", "sleeping-tab", "vanishing")
    fails = ("--fail-on", "growth")
    ended = command(*stalls, *fails, "--record", path, "--json")
    result = json.loads(ended.stdout)
    assert (ended.returncode, bool(result["violations"])) == (1, True)
    timeline = load_recording(path)
    assert [info.client for info in timeline.connections] == [
        "witness-1", "sleeping-tab", "witness-2", "vanishing",
    ]  # fmt: skip
    kinds = [one.kind for one in timeline.happenings if hasattr(one, "kind")]
    for kind in (EventKind.TRIES, EventKind.JUDGED, EventKind.STALLED):
        assert kinds.count(kind) == 2
    assert kinds.count(EventKind.WAKES) == kinds.count(EventKind.LEAVES) == 1
    ticks = [one.tick for one in timeline.happenings]
    assert ticks == sorted(ticks)
    asleep = [sample.held_bytes for sample in timeline.samples[1]]
    assert 100_000 < max(asleep) <= 200_000, "what a frozen tab's browser takes by itself"
    assert asleep[-1] == 0
    assert max(sample.queue_bytes for sample in timeline.samples[1]) >= 2_000_000
    assert timeline.memory
    assert timeline.end is not None
    assert not timeline.end.interrupted
    again = command("replay", path, "--json")
    assert json.loads(again.stdout) == result
    plain = command("replay", path)
    assert plain.stdout.startswith('probe=ws://127.0.0.1:0/ stalls="sleeping-tab,vanishing" interval=')
    assert "event=judged outcome=growth" in plain.stdout
    assert "OUTCOME  growth" in plain.stdout
    assert (plain.returncode, command("diff", path, path).returncode) == (1, 0)


@pytest.mark.parametrize("key", [b"q", signal.SIGINT])
def test_who_leaves_early_keeps_what_was_recorded(key: bytes | signal.Signals, tmp_path: Path) -> None:
    path = tmp_path / "probe.jsonl"
    watch = ("--watch", "60s", "--record", str(path))
    code, screen = on_terminal(
        *words("keeps_everything", "stop-reading"), *watch, keys=key, once=b"write-blocked ~"
    )
    assert code == 130, screen
    timeline = load_recording(path)
    assert timeline.end is not None
    assert timeline.end.interrupted
    assert timeline.probed is None
    assert path.read_bytes().endswith(b"\n")
    assert EventKind.STOPS_READING in timeline.first
    ended = command("replay", path)
    assert ended.returncode == 130, ended.stderr
    assert "interrupted before a stall was judged" in ended.stdout


def test_a_blocking_probe_records_itself(tmp_path: Path) -> None:
    path = tmp_path / "probe.jsonl"
    spec = ProbeSpec(
        target=Target(url=ANYWHERE),
        command=Command(words=("/bin/sh", "-c", server("disconnects"))),
        stalls=("stop-reading",),
        record=str(path),
    )
    result: ProbeResult = probe_blocking(spec)
    (found,) = [record for record in read_records(path) if isinstance(record, Probed)]
    assert found.result == result
    assert result.outcome is Outcome.DISCONNECTS
    timeline = load_recording(path)
    assert {EventKind.SERVER_ENDS, EventKind.END_SEEN} <= timeline.first.keys()


@pytest.mark.parametrize(
    ("url", "code", "line"), [("ws://127.0.0.1:1/", 3, "no connection"), ("ws://192.0.2.1/", 2, "loopback")]
)
def test_a_probe_that_cannot_be_made_leaves_no_file(url: str, code: int, line: str, tmp_path: Path) -> None:
    path = tmp_path / "probe.jsonl"
    ended = command("probe", url, "--record", path)
    assert (ended.returncode, ended.stdout) == (code, "")
    assert line in ended.stderr
    assert not path.exists()


def test_a_recording_is_not_overwritten_unless_told(tmp_path: Path) -> None:
    path = tmp_path / "probe.jsonl"
    path.write_text("mine")
    ended = command(*words("keeps_everything", "stop-reading"), "--record", path)
    assert (ended.returncode, ended.stdout, path.read_text()) == (2, "", "mine")
    assert "--force overwrites it" in ended.stderr
