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
]


@pytest.mark.parametrize("options", WRONG, ids=str)
def test_a_value_of_a_wrong_kind_is_a_line_that_names_the_option(options: dict[str, Any]) -> None:
    (name,) = options
    with pytest.raises(StallsimError) as raised:
        probe_blocking("ws://127.0.0.1:1/", **options)
    line = str(raised.value)
    assert "helper process" not in line
    assert name in line or name.removesuffix("s") in line or "header" in line or name == "hello"
