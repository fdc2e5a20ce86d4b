"""What the report of a failed test shows, and which files are kept."""

import re
from pathlib import Path

import pytest

from stallsim.timeline.recording import load_recording

from .conftest import Run, recordings

pytestmark = [pytest.mark.loopback, pytest.mark.realtime]
SEEN = (
    "ws://127.0.0.1:*, sleeping-tab (a client reads 131,000 bytes more*): disconnects, confidence high: "
    "the server disconnects a client that does not read*; waited * for a baseline*."
)
FAILING = """
def test_it(serve, stalled):
    server = serve(feeds.cuts_late, env={"STATION": "Radio Nowhere"})
    report = stalled(server, for_="32MiB")
    assert report.outcome == "backpressure-isolated"
"""


def recorded(result: pytest.RunResult) -> Path:
    (path,) = re.findall(r"^recorded: stallsim replay (.*)$", "\n".join(result.outlines), re.MULTILINE)
    return Path(path)


def test_a_failed_test_keeps_its_report_and_recording(run_tests: Run, pytester: pytest.Pytester) -> None:
    result = run_tests(FAILING)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*- stallsim -*",
            SEEN,
            "recorded: stallsim replay *",
            "*- output of the server at ws://127.0.0.1:*/ -*",
            "on the air Radio Nowhere",
        ]
    )
    path = recorded(result)
    assert recordings(pytester) == [path]
    assert load_recording(path).probed is not None
    result.stdout.no_fnmatch_line("*/stallsim/*.py:*")


def test_a_folder_for_the_recordings_of_failed_tests(run_tests: Run, pytester: pytest.Pytester) -> None:
    result = run_tests(FAILING, ini="stallsim_recordings = artefacts")
    path = recorded(result)
    assert path == pytester.path / "artefacts" / "test_it.py-test_it" / "1-sleeping-tab.jsonl"
    assert recordings(pytester) == [path]
    assert run_tests(FAILING, ini="stallsim_recordings = artefacts").ret == 1
    assert recordings(pytester) == [path], "the recordings of the last run, and no others"


@pytest.mark.parametrize("where", ["setup", "teardown"])
def test_outside_the_call(run_tests: Run, pytester: pytest.Pytester, where: str) -> None:
    result = run_tests(f"""
@pytest.fixture
def checked(serve, stalled):
    report = stalled(serve(feeds.cuts_late), for_="32MiB")
    if "{where}" == "setup":
        assert report.outcome == "growth"
    yield
    assert report.outcome == "bounded-drops"

def test_it(checked):
    pass
""")
    result.assert_outcomes(errors=1, passed=where == "teardown")
    result.stdout.fnmatch_lines([f"*ERROR at {where} of test_it*", "*- stallsim -*", "*: disconnects*"])
    assert recordings(pytester) == [recorded(result)]


@pytest.mark.parametrize("ends", [False, True])
def test_a_failed_test_shows_no_credential(run_tests: Run, pytester: pytest.Pytester, ends: bool) -> None:
    result = run_tests(
        f"""
import os, socket

def tells(port):
    with socket.create_server(("127.0.0.1", port)) as listener:
        while True:
            client, _ = listener.accept()
            with client:
                if head := client.recv(4096):
                    print(head.decode(), flush=True)
                    client.sendall(b"HTTP/1.1 401 Unauthorized\\r\\ncontent-length: 0\\r\\n\\r\\n")
                    {"os._exit(7)" if ends else "pass"}

def test_it(serve, stalled):
    stalled(serve(tells, path="/?token=" + "open" + "sesame"), token="".join(["open", "barley"]))
""",
        "--junitxml=report.xml",
    )
    result.assert_outcomes(failed=1)
    shown = "\n".join(result.outlines) + (pytester.path / "report.xml").read_text()
    assert "Authorization: ***" in shown
    assert "output of the server at ws://127.0.0.1:" in shown
    assert not any(secret in shown for secret in ("opensesame", "openbarley"))


def test_tests_with_similar_names_keep_their_own_recordings(
    run_tests: Run, pytester: pytest.Pytester
) -> None:
    ids = ("a b", "a-b", "a/b", "c" * 300, "d" + "c" * 300)
    result = run_tests(
        f"""
@pytest.mark.parametrize("number", range({len(ids)}), ids={ids!r})
def test_it(serve, stalled, number):
    stalled(serve(feeds.cuts_late), for_="100KiB")
    assert False
""",
        ini="stallsim_recordings = artefacts",
    )
    result.assert_outcomes(failed=len(ids))
    assert len(recordings(pytester)) == len(ids)
