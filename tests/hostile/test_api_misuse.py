"""The API where it is used as it should not be, or is interrupted: an error of ours, soon, and no hang."""

import signal
import socket
import subprocess
import sys
import textwrap
from typing import Any

import pytest
import trio

from stallsim.api.blocking import open_stalled_blocking
from stallsim.api.probing import probe_blocking
from stallsim.api.running import run_blocking
from stallsim.api.watching import watch_blocking
from stallsim.errors import StallsimError

pytestmark = pytest.mark.loopback


@pytest.fixture
def silent_port() -> int:
    """A listener that never answers, for as long as the process lives."""
    listening = socket.create_server(("127.0.0.1", 0))
    _LISTENING.append(listening)
    return int(listening.getsockname()[1])


_LISTENING: list[socket.socket] = []


def test_ctrl_c_while_it_opens_is_a_keyboard_interrupt(silent_port: int) -> None:
    script = textwrap.dedent(f"""
        import os, signal, threading, stallsim
        threading.Timer(1.0, os.kill, [os.getpid(), signal.SIGINT]).start()
        try:
            with stallsim.open_stalled_blocking("ws://127.0.0.1:{silent_port}/"):
                print("opened")
        except KeyboardInterrupt:
            print("interrupted")
    """)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        try:
            out, _ = process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            raise
    assert out == "interrupted\n"


async def test_within_trio_it_is_refused(silent_port: int) -> None:
    await trio.lowlevel.checkpoint()
    with (
        pytest.raises(StallsimError, match="use `async with open_stalled"),
        open_stalled_blocking(f"ws://127.0.0.1:{silent_port}/"),
    ):
        pass


WRONG: list[dict[str, Any]] = [
    {"headers": [("a", "b", "c")]},
    {"headers": ["ab"]},
    {"cookies": 5},
    {"replies": ["ab"]},
    {"replies": 5},
    {"max_queue": "x"},
    {"fail_on": "growht"},
    {"fail_on": 5},
    {"headers": {"a": 5}},
    {"headers": {"Host": "x"}},
    {"cookies": "x"},
    {"cookies": {"a": "\n"}},
    {"subprotocols": ["é"]},
    {"subprotocols": [5]},
    {"subprotocols": 5},
    {"stalls": 5},
    {"hello": "\ud800"},
    {"pid": "x"},
    {"pid": 0},
    {"pid": 2**70},
    {"pid": 1.5},
    {"allow_remote": "no"},
    {"verify_tls": None},
    {"ca_file": 5},
    {"force": "x"},
    {"watch": []},
    {"watch": None},
    {"speak": b"mqtt"},
    {"speak": 5},
    {"command": 5},
    {"command": b"true"},
    {"command": "\udcff"},
    {"record": b"x"},
    {"record": None},
    {"rate": Ellipsis},
    {"before": range(3)},
    {"at_once": "\udcff"},
]


@pytest.mark.parametrize("options", WRONG, ids=str)
def test_a_value_of_a_wrong_kind_is_a_line_that_names_the_option(options: dict[str, Any]) -> None:
    (name,) = options
    with pytest.raises(StallsimError) as raised:
        probe_blocking("ws://127.0.0.1:1/", **options)
    line = str(raised.value)
    assert "helper process" not in line
    assert name in line or name.removesuffix("s") in line or "header" in line or name == "hello"


@pytest.mark.parametrize("url", [None, b"ws://127.0.0.1:1/", 5, ["ws://127.0.0.1:1/"]])
def test_a_url_that_is_no_text_is_a_line(url: Any) -> None:
    for ask in (probe_blocking, lambda given: open_stalled_blocking(given).__enter__()):
        with pytest.raises(StallsimError, match=r"^url: expected a text, got "):
            ask(url)


@pytest.mark.parametrize("stall", [None, b"stop-reading", ["stop-reading"]])
def test_a_stall_that_is_no_text_is_a_line(stall: Any) -> None:
    with (
        pytest.raises(StallsimError, match=r"^stall: expected a text, got "),
        open_stalled_blocking("ws://127.0.0.1:1/", stall=stall),
    ):
        pass


RUNS: list[tuple[str, dict[str, Any]]] = [
    ("profile: expected a path", {"profile": None}),
    ("profile: expected a path", {"profile": b"sleeping-tab"}),
    ("overrides: expected a mapping", {"overrides": [("ticks", 5)]}),
    ("overrides: expected a mapping", {"overrides": "ticks=5"}),
    ("overrides: expected a text", {"overrides": {5: 5}}),
    ("overrides: expected a text", {"overrides": {"ticks": object()}}),
    ("not UTF-8 text", {"overrides": {"title": "\udcff"}}),
    ("duration: ", {"duration": object}),
    ("record: expected a path", {"record": b"x"}),
]


@pytest.mark.parametrize(("line", "options"), RUNS)
def test_a_run_of_something_wrong_is_a_line(line: str, options: dict[str, Any]) -> None:
    with pytest.raises(StallsimError, match=line):
        run_blocking(**{"profile": "sleeping-tab"} | options)


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("target: expected a text", {"target": b":8000"}),
        ("target: expected a text", {"target": [8000]}),
        ("no such process exists", {"target": 2**70}),
        ("no such process exists", {"target": "9" * 5000}),
        ("expected a port", {"target": ":" + "9" * 5000}),
        ("cgroup: expected a text", {"cgroup": 5}),
        ("interval: ", {"target": 1, "interval": None}),
        ("after: ", {"target": 1, "after": []}),
    ],
)
def test_a_watch_of_something_wrong_is_a_line(line: str, options: dict[str, Any]) -> None:
    with pytest.raises(StallsimError, match=line), watch_blocking(**options):
        pass


def test_an_error_is_one_line_of_printable_text() -> None:
    with pytest.raises(StallsimError) as raised, watch_blocking("a\n\x1b[31mb\x9b" + "c" * 5000):
        pass
    line = str(raised.value)
    assert line.isprintable()
    assert line.startswith("watch a ?[31mb?ccc")
    assert len(line) < 1300
