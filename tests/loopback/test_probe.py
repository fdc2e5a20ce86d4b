"""The command line against servers that are not ours, from start to exit code."""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import psutil
import pytest

from stallsim.profile.schema import struct_schema
from stallsim.timeline.probed.result import ProbeResult

from .running import command, started

pytestmark = [pytest.mark.loopback, pytest.mark.realtime]
ANYWHERE = "ws://127.0.0.1:0/"
SCHEMA = struct_schema(ProbeResult)


def nightly(*values: Any) -> Any:
    """A row that shows by night what other tests show by day."""
    return pytest.param(*values, marks=pytest.mark.nightly)


def server(what: str) -> str:
    return f"exec {sys.executable} -m tests.loopback.streaming {what}"


def probed(what: str, *words: str, url: str = ANYWHERE) -> dict[str, Any]:
    """What ``--json`` prints of one stall."""
    ended = command(
        "probe", url, "--exec", server(what), "--profile", "stop-reading", "--for", "3MB", "--json", *words
    )
    assert ended.stderr == "", ended.stderr
    decoded: dict[str, Any] = json.loads(ended.stdout)
    jsonschema.validate(decoded, SCHEMA, cls=jsonschema.Draft202012Validator)
    return decoded


@pytest.mark.parametrize(
    ("what", "outcome"),
    [
        ("keeps_everything", "growth"),
        ("waits_for_each", "blocks-everyone"),
        ("bursts_wait_for_each", "blocks-everyone"),
        ("workers_wait_for_each", "blocks-everyone"),
        ("keeps_everything_for_one", "inconclusive"),
        ("keeps_everything_for_two_at_last", "growth"),
        ("disconnects", "disconnects"),
        ("drops", "bounded-drops"),
        ("own_streams_wait", "backpressure-isolated"),
        ("own_numbers_wait", "backpressure-isolated"),
        ("forgets", "bounded-drops"),
        ("ends_itself", "inconclusive"),
        ("writes_half_a_frame", "inconclusive"),
        ("says_nothing", "inconclusive"),
    ],
)
def test_what_a_server_does_is_found_out(what: str, outcome: str) -> None:
    result = probed(what)
    (report,) = result["stalls"]
    assert (result["outcome"], report["outcome"]) == (outcome, outcome), report["evidence"]
    if outcome == "inconclusive":
        assert report["advice"]
    if what == "keeps_everything":
        assert report["verified"]
        assert report["refused_bytes"] >= 3_000_000
        assert report["growth_bytes_per_s"] > 0
        assert report["amplification"] > 0
        assert report["missing_messages"] == 0
        assert result["server_output"].startswith("listens\n"), (
            "asyncio may complain of the client that has gone"
        )
    if what == "own_numbers_wait":
        assert report["confidence"] == "low"
    if what == "disconnects":
        assert report["closed_after_s"] > 0
    if what == "drops":
        assert report["dropped"] in ("newest", None), "unclear where this program was late, else the truth"
        assert report["missing_messages"] > 0
        assert report["held_bytes"] < report["refused_bytes"]


def test_a_server_that_runs_is_probed_and_left_alone() -> None:
    environment = {**os.environ, "PORT": "0"}
    with psutil.Popen(
        [
            sys.executable,
            "-c",
            "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0));print(s.getsockname()[1])",
        ],
        stdout=-1,
        env=environment,
        text=True,
    ) as asked:
        port = int(asked.stdout.read())
    with psutil.Popen(
        [sys.executable, "-m", "tests.loopback.streaming", "keeps_everything"],
        stdout=-1,
        text=True,
        env={**os.environ, "PORT": str(port)},
    ) as running:
        assert running.stdout.readline() == "listens\n"
        url = f"ws://127.0.0.1:{port}/subscribed"
        ended = command(
            "probe", url, "--hello", "subscribe \x1b[31m", "--profile", "stop-reading", "--for", "2MB", "-v"
        )
        alive = running.is_running() and running.status() != psutil.STATUS_ZOMBIE
        running.kill()
    assert alive
    assert ended.returncode == 0
    assert "OUTCOME  growth" in ended.stdout
    assert "memory changed" in ended.stdout, "the process was found by its socket"


def test_no_bytes_of_the_server_reach_the_terminal_unescaped() -> None:
    ended = command(
        "probe",
        ANYWHERE.removesuffix("/") + "/subscribed",
        "--exec",
        server("keeps_everything"),
        "--hello",
        "please",
        "--profile",
        "stop-reading",
    )
    assert ended.returncode == 0, ended.stderr
    assert "inconclusive" in ended.stdout
    assert "evil" in ended.stdout
    assert all(char.isprintable() or char == "\n" for char in ended.stdout)


@pytest.mark.parametrize(
    ("words", "broken"),
    [
        (("--fail-on", "growth,blocks-everyone"), "stop-reading: growth (--fail-on)"),
        (("--max-queue", "1GB"), "UNTESTED --max-queue 1.0 GB"),
        nightly(("--max-queue", "1MB"), "(--max-queue)"),
        nightly(("--fail-on", "unbounded-growth"), "UNTESTED --fail-on unbounded-growth"),
        nightly(("--max-queue", "1GB", "--allow-untested"), None),
        nightly(("--fail-on", "disconnects"), None),
    ],
)
def test_thresholds_decide_the_exit_code(
    words: tuple[str, ...], broken: str | None, tmp_path: Path
) -> None:
    """Each of them without a server: tests/pure/test_probe_thresholds.py."""
    junit = tmp_path / "junit.xml"
    ended = command(
        "probe",
        ANYWHERE,
        "--exec",
        server("keeps_everything"),
        "--profile",
        "stop-reading",
        "--for",
        "2MB",
        "--junit",
        junit,
        *words,
    )
    assert ended.returncode == (0 if broken is None else 1), ended.stderr
    assert broken is None or broken in ended.stdout
    (suite,) = ET.parse(junit).getroot()
    untested = broken is not None and broken.startswith("UNTESTED")
    assert suite.attrib["errors"] == str(int(untested))
    assert suite.attrib["failures"] == str(int(broken is not None and not untested))
    case = suite.findall("testcase")[0]
    assert case.attrib["name"] == "stop-reading"


def test_who_must_close_and_does_not_fails() -> None:
    result = probed("keeps_everything", "--must-close-within", "500ms")
    assert len(result["violations"]) == 1
    assert probed("disconnects", "--must-close-within", "20s")["violations"] == []


def test_an_interrupted_probe_leaves_no_server_behind() -> None:
    with started("probe", ANYWHERE, "--exec", server("keeps_everything"), "--watch", "60s") as process:
        family: list[psutil.Process] = []
        while not family:
            family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        gone, alive = psutil.wait_procs(family, timeout=10)
    assert (len(gone), alive) == (len(family), [])
