"""``run --serve``: a client that is not ours is followed like any other; a real browser above all."""

import re
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.loopback.running import command, started

from . import chromium

pytestmark = pytest.mark.loopback
FAST = ("--set", "stream.frame=64KiB", "--set", "server.memory-ceiling=1GiB")
"""13 MB/s: what a browser's pipe and the kernels hold is full within half a second."""


@pytest.fixture
def served() -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """The page's address, and the run that serves it."""
    with started("run", "sleeping-tab", "--serve", "--plain", "--duration", "60s", *FAST) as process:
        assert process.stderr is not None
        yield re.findall(r"http://\S+", process.stderr.readline())[0], process


def until(process: "subprocess.Popen[str]", *words: str) -> str:
    """The first line of its output with any of these words."""
    assert process.stdout is not None
    seen = []
    for line in process.stdout:
        seen.append(line)
        if any(one in line for one in words):
            return line
    raise AssertionError(f"it ended without {words}, after {seen[-4:]}")


def test_any_websocket_client_is_a_guest(served: tuple[str, "subprocess.Popen[str]"]) -> None:
    url, process = served
    with connect(url.replace("http:", "ws:"), max_size=None, max_queue=1) as guest:
        guest.recv()
        until(process, "client=guest phase=flowing")
        stalled = until(process, "client=guest event=stalled")  # it reads no more than its library buffers
        assert "evidence=" in stalled
        until(process, "phase=userspace-growth")
    assert "PASS" in until(process, "PASS")
    assert process.wait(timeout=30) == 0


def test_the_page_and_nothing_else_is_served(served: tuple[str, "subprocess.Popen[str]"]) -> None:
    url, _ = served
    with urllib.request.urlopen(url) as answer:
        page = answer.read().decode()
    assert "new WebSocket(" in page
    assert not re.findall(r"https?://(?!\$)", page), "it works without a network"
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{url}etc/passwd")


def test_a_page_of_another_origin_is_no_guest(served: tuple[str, "subprocess.Popen[str]"]) -> None:
    url, _ = served
    with (
        pytest.raises(InvalidStatus, match="403"),
        connect(url.replace("http:", "ws:"), origin=Origin("http://evil.test")),
    ):
        pass


@pytest.mark.parametrize(
    ("words", "saying"),
    [
        (("--serve", "0", "--set", "server.tls=true"), "server.tls=false"),
        (("--guests", "2"), "--guests: expected --serve beside it"),
    ],
)
def test_what_cannot_be_served_is_refused_in_one_line(words: tuple[str, ...], saying: str) -> None:
    ended = command("run", "sleeping-tab", *words)
    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert saying in line


@pytest.mark.slow
@pytest.mark.realtime
@pytest.mark.skipif(chromium.COMMAND is None, reason="no Chromium is installed")
def test_a_real_tab_falls_asleep_and_wakes(served: tuple[str, "subprocess.Popen[str]"]) -> None:
    url, process = served
    with chromium.tab(url) as tab:
        until(process, "client=guest phase=flowing")
        while tab.text("messages") == "0":
            pass  # each look is a journey to the browser and back
        tab.set_state("frozen")
        until(process, "client=guest event=stalled")
        until(process, "client=guest phase=userspace-growth")
        tab.set_state("active")
        woke = until(process, "client=guest phase=draining", "client=guest event=close-received")
        assert "draining" in woke or "code=1001" in woke  # until version 149, and from then on
        assert tab.text("missing") == "0"
    until(process, "PASS")
    assert process.wait(timeout=30) == 0
