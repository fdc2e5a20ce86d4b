"""A real browser's tab, frozen: a watch calls its connection stalled. Skipped without Chromium."""

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from websockets.sync.client import ClientConnection, connect

from stallsim.kinds import Word
from stallsim.timeline.watched import Snapshot
from stallsim.watching.servers import find_servers
from stallsim.watching.watch import Watch
from tests.loopback.streaming_server import streaming

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WITHIN_S = 60.0

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.slow,
    pytest.mark.nightly,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


class Tab:
    """One page, by the DevTools protocol."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._number = 0

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        self._connection.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._connection.recv(WITHIN_S))
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return dict(answer["result"])


@contextmanager
def tab(folder: Path) -> Iterator[Tab]:
    assert CHROMIUM is not None
    words = [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--remote-debugging-port=0", f"--user-data-dir={folder}", "about:blank"]  # fmt: skip
    told = folder / "DevToolsActivePort"
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as browser:
        try:
            until(told.exists)
            until(lambda: bool(told.read_text()))
            port = told.read_text().split()[0]
            new = Request(f"http://127.0.0.1:{port}/json/new?about:blank", method="PUT")
            with urlopen(new) as answer:
                url = json.loads(answer.read())["webSocketDebuggerUrl"]
            with connect(url, max_size=None) as connection:
                yield Tab(connection)
        finally:
            browser.terminate()


def until(holds: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < deadline_s, "it never came to be"
        time.sleep(0.1)


def test_a_frozen_tab_is_called_stalled_and_not_before_it_is_frozen(tmp_path: Path) -> None:
    with streaming("keeps_everything") as url, tab(tmp_path) as page:
        watch = Watch(find_servers(f":{urlsplit(url).port}"), after_s=3.0)

        def words() -> list[str]:
            return [one.word for one in look().connections]

        def look() -> Snapshot:
            time.sleep(0.4)
            return watch.look()

        page.ask("Page.enable")
        page.ask("Runtime.evaluate", expression=f"ws = new WebSocket('{url}'); ws.onmessage = () => 0")
        until(lambda: words() == [Word.KEEPS_UP.value])
        for _ in range(20):
            assert Word.STALLED.value not in words()
        page.ask("Page.setWebLifecycleState", state="frozen")
        until(lambda: words() == [Word.STALLED.value])
        (one,) = look().connections
        assert one.window_bytes is not None
        assert one.for_s is not None
        assert one.for_s >= 3.0
        assert "stopped reading" in look().verdict
        page.ask("Page.setWebLifecycleState", state="active")
        until(lambda: Word.STALLED.value not in words())
        watch.close()
