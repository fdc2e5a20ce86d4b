"""The page for those who have an incident, followed literally: its server, its clients, its command."""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from stallsim.kernel.sock_diag import SockDiag
from stallsim.timeline.watched import Snapshot
from tests.pure.source import ROOT

PAGE = (ROOT / "docs" / "incident.md").read_text()
NODE_MODULES = Path(__file__).parent / "node" / "node_modules"
PORT = 8080

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.slow,
    pytest.mark.nightly,
    pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed"),
    pytest.mark.skipif(not (NODE_MODULES / "ws").exists(), reason="npm's ws is not installed (make peers)"),
]


def block(language: str) -> str:
    (code,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(code)


@contextmanager
def incident(folder: Path) -> Iterator[int]:
    """The page's server and its clients; where the page says 8080, any port that is free."""
    with SockDiag() as diag:
        port = next(port for port in range(PORT, PORT + 100) if not diag.listeners(port))
    (folder / "leak.js").write_text(block("js").replace(str(PORT), str(port)))
    (folder / "clients.py").write_text(block("python").replace(str(PORT), str(port)))
    (folder / "node_modules").symlink_to(NODE_MODULES)
    with subprocess.Popen(["node", "leak.js"], cwd=folder) as server:
        try:
            with SockDiag() as diag:
                deadline_s = time.monotonic() + 20
                while not diag.listeners(port):
                    assert time.monotonic() < deadline_s
            with subprocess.Popen([sys.executable, "clients.py"], cwd=folder) as clients:
                yield port
                clients.kill()
        finally:
            server.kill()


def test_the_page_finds_the_client_and_the_leak(tmp_path: Path) -> None:
    assert f"stallsim watch :{PORT} --once" in PAGE
    with incident(tmp_path) as port:
        words = [sys.executable, "-m", "stallsim", "watch", f":{port}"]
        stalled = [*words, "--fail-on", "stalled:10s", "--duration", "60s", "--plain"]
        said = subprocess.run(stalled, capture_output=True, text=True, check=False)
        assert said.returncode == 1, said.stdout + said.stderr
        assert "word=stalled" in said.stdout
        told = subprocess.run(
            [*words, "--once", "--json", "--interval", "10s"], capture_output=True, check=True
        )
        snapshot = msgspec.json.decode(told.stdout, type=Snapshot)
    assert (snapshot.totals.connections, snapshot.totals.words["stalled"]) == (6, 1)
    assert snapshot.totals.words["keeps-up"] == 5
    assert "1 of 6 clients has stopped reading" in snapshot.verdict
    assert snapshot.servers[0].name == "node"
    assert any("ss -tK" in remedy for remedy in snapshot.remedies)
    assert snapshot.process is not None
    assert snapshot.process.slope is not None
    assert snapshot.process.slope > 0, "it keeps what the stalled client is due"
