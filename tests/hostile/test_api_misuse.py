"""The API where it is used as it should not be, or is interrupted: an error of ours, soon, and no hang."""

import signal
import socket
import subprocess
import sys
import textwrap

import pytest
import trio

from stallsim.api.blocking import open_stalled_blocking
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
            out, _ = process.communicate(timeout=8)
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
