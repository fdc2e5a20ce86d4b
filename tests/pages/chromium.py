"""A real Chromium, driven over its DevTools protocol: what a page shows, asks for and complains of."""

import base64
import contextlib
import itertools
import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_START_S = 30.0
_ANSWER_S = 20.0
_SETTLE_S = 0.3
"""What it has to say about what it was just asked comes within this."""


class Page:
    """One page. ``complaints`` are console errors, exceptions, refused content; ``requests`` are URLs."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._numbers = socket, itertools.count(1)
        self.complaints: list[str] = []
        self.requests: list[str] = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """The answer to one command; what comes in between is noted."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv(_ANSWER_S))
            if message.get("id") == number:
                assert "error" not in message, message
                answer: dict[str, Any] = message["result"]
                return answer
            self._note(message)

    def _note(self, message: dict[str, Any]) -> None:
        method, params = message.get("method"), message.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(params["exceptionDetails"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.complaints.append(params["entry"]["text"])
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "assert"):
            self.complaints.append(str(params["args"]))

    def settle(self) -> None:
        """Note all that it says on its own until it is silent for a moment."""
        with contextlib.suppress(TimeoutError):
            while True:
                self._note(json.loads(self._socket.recv(_SETTLE_S)))

    def open(self, path: Path) -> float:
        """Go to a file; the seconds that its script took until everything was drawn."""
        self.ask("Page.navigate", url=path.as_uri())
        self.wait("document.readyState === 'complete' && document.documentElement.dataset.drawn")
        self.settle()
        return float(self.value("document.documentElement.dataset.drawn")) / 1000

    def wait(self, expression: str) -> None:
        """Until something is so."""
        until = time.monotonic() + _ANSWER_S
        while not self.value(f"Boolean({expression})"):
            assert time.monotonic() < until, f"never so: {expression}"
            self.settle()

    def value(self, expression: str) -> Any:
        """What an expression gives."""
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def mouse(self, kind: str, x: float, y: float, clicks: int = 0) -> None:
        """``mouseMoved``, ``mousePressed`` or ``mouseReleased`` at a point of the window."""
        button = "left" if clicks or kind != "mouseMoved" else "none"
        self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button=button, clickCount=clicks)

    def click(self, selector: str) -> None:
        """Click an element where it is."""
        self.value(f"document.querySelector({json.dumps(selector)}).scrollIntoView({{block: 'center'}})")
        box = self.box(selector)
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        for kind in ("mousePressed", "mouseReleased"):
            self.mouse(kind, x, y, 1)

    def box(self, selector: str) -> dict[str, float]:
        """Where an element is in the window."""
        found: dict[str, float] = self.value(
            f"document.querySelector({json.dumps(selector)}).getBoundingClientRect().toJSON()"
        )
        return found

    def picture(self, path: Path) -> None:
        """What it looks like."""
        shot = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))


@contextlib.contextmanager
def chromium(folder: Path) -> Iterator[Page]:
    """A browser of its own, without a window, with its files in ``folder``; ended on leaving."""
    assert PROGRAM is not None, "the test is skipped where there is none"
    words = [
        PROGRAM, "--headless=new", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0",
        "--disable-background-networking", "--disable-component-update", "--window-size=1280,1000",
        f"--user-data-dir={folder}", *(["--no-sandbox"] if os.geteuid() == 0 else []), "about:blank",
    ]  # fmt: skip
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            port = _port(folder / "DevToolsActivePort", process)
            with connect(f"ws://127.0.0.1:{port}{_page_path(port)}", max_size=None, proxy=None) as socket:
                yield Page(socket)
        finally:
            process.terminate()


def _port(file: Path, process: subprocess.Popen[bytes]) -> int:
    """The port that it has chosen, once it listens."""
    until = time.monotonic() + _START_S
    while not (file.exists() and file.read_text().strip()):
        assert process.poll() is None, "Chromium ended at once"
        assert time.monotonic() < until, "Chromium does not start"
        time.sleep(0.02)
    return int(file.read_text().split()[0])


def _page_path(port: int) -> str:
    """The first page's own address within the protocol."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=_ANSWER_S) as answer:
        pages = [one for one in json.load(answer) if one["type"] == "page"]
    return "/" + str(pages[0]["webSocketDebuggerUrl"]).split("/", 3)[3]
