"""A real browser, headless, steered through DevTools (https://chromedevtools.github.io/devtools-protocol/)."""

import itertools
import json
import re
import shutil
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.sync.client import ClientConnection, connect

COMMAND = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_FLAGS = (
    "--headless=new",
    "--no-sandbox",  # the tests may be root's
    "--no-first-run",
    "--disable-gpu",
    "--disable-background-networking",
    "--remote-debugging-port=0",
)


class Tab:
    """One page."""

    def __init__(self, websocket: ClientConnection) -> None:
        self._websocket, self._numbers = websocket, itertools.count(1)

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """A DevTools method's result. Raises AssertionError where the browser says no."""
        number = next(self._numbers)
        self._websocket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer: dict[str, Any] = json.loads(self._websocket.recv(timeout=30))
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return dict(answer["result"])

    def text(self, element: str) -> str:
        """What an element of the page shows, once it is brought up to date."""
        expression = f"show(), document.getElementById({element!r}).textContent"
        result = self.call("Runtime.evaluate", expression=expression)
        return str(result["result"]["value"])

    def set_state(self, state: str) -> None:
        """``frozen``, as a browser does it with a tab in the background, or ``active``."""
        self.call("Page.setWebLifecycleState", state=state)


@contextmanager
def tab(url: str, *flags: str) -> Iterator[Tab]:
    """A page of a browser of its own, which is gone when the block is left."""
    assert COMMAND is not None, "look at COMMAND first"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        words = [COMMAND, *_FLAGS, *flags, f"--user-data-dir={folder}", "about:blank"]
        with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as browser:
            try:
                with connect(_page_of(browser), max_size=None) as websocket:
                    page = Tab(websocket)
                    page.call("Page.enable")
                    page.call("Page.navigate", url=url)
                    yield page
            finally:
                browser.kill()


def _page_of(browser: "subprocess.Popen[str]") -> str:
    """The address of its first page's DevTools; it says where it listens on standard error."""
    assert browser.stderr is not None
    for line in browser.stderr:
        found = re.search(r"ws://([^/]+)/", line)
        if found:
            with urllib.request.urlopen(f"http://{found[1]}/json") as answer:
                targets = json.load(answer)
            return str(next(one["webSocketDebuggerUrl"] for one in targets if one["type"] == "page"))
    raise AssertionError("the browser has ended without a word of DevTools")
