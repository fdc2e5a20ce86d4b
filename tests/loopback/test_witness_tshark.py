"""The window is compared with tshark's own analysis of the packets."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from stallsim.kinds import EventKind
from stallsim.timeline.recording import load_recording
from stallsim.timeline.records import Event
from stallsim.timeline.timeline import Timeline

from .running import CHECKOUT, ENVIRONMENT

ALONE = ("unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")
"""The words before a command that give it a loopback of its own, without privilege."""
pytestmark = [
    pytest.mark.loopback,
    pytest.mark.slow,
    pytest.mark.realtime,
    pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed"),
]


class Captured(NamedTuple):
    """A run, and the packets of it."""

    timeline: Timeline
    packets: Path

    def fields(self, only: str, *names: str) -> list[list[str]]:
        """Those fields of every packet that tshark's display filter lets through."""
        words = ["tshark", "-r", str(self.packets), "-Y", only, "-T", "fields"]
        words += [word for name in names for word in ("-e", name)]
        told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        return [line.split("\t") for line in told.splitlines()]

    def listened(self) -> str:
        """The server's port in the last attempt: on a busy machine the packets of others come before."""
        return self.fields("tcp.flags == 0x012", "tcp.srcport")[-1][0]

    def shut(self) -> int:
        """Connections of which we say that the client advertised a window of 0."""
        happenings = [one for one in self.timeline.happenings if isinstance(one, Event)]
        return len({one.connection for one in happenings if one.kind is EventKind.ZERO_WINDOW})


def capture(profile: str, folder: Path) -> Captured:
    refusal = subprocess.run([*ALONE, "true"], capture_output=True, text=True, check=False)
    if refusal.returncode:
        pytest.skip(f"no private network here: {refusal.stderr.strip()}")
    recording, packets = folder / "run.jsonl", folder / "run.pcapng"
    words = [*ALONE, sys.executable, "-m", "tests.loopback.capture", profile, str(recording), str(packets)]
    ended = subprocess.run(
        words, cwd=CHECKOUT, env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return Captured(load_recording(recording), packets)


@pytest.fixture(scope="module")
def captured(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Captured]:
    """A capture of the profile, made once."""
    return cache(lambda profile: capture(profile, tmp_path_factory.mktemp("packets")))


@pytest.mark.parametrize("profile", ["zero-window", "sleeping-tab"])
def test_tshark_sees_the_zero_windows_that_we_report(
    profile: str, captured: Callable[[str], Captured]
) -> None:
    run = captured(profile)
    server = run.listened()
    zero = run.fields(f"tcp.analysis.zero_window && tcp.port == {server}", "tcp.srcport", "tcp.dstport")
    assert {port for _, port in zero} == {server}
    assert len({port for port, _ in zero}) == run.shut() > 0


def test_the_last_window_is_shut(captured: Callable[[str], Captured]) -> None:
    run = captured("zero-window")
    server = run.listened()
    ((client,),) = run.fields(f"tcp.flags == 0x002 && tcp.dstport == {server}", "tcp.srcport")
    from_client = f"tcp.srcport == {client} && tcp.dstport == {server} && tcp.flags.reset == 0"
    assert run.fields(from_client, "tcp.window_size")[-1] == ["0"]


def test_a_client_that_keeps_up_never_shuts_its_window(captured: Callable[[str], Captured]) -> None:
    run = captured("well-behaved")
    assert run.shut() == 0
    shut = f"tcp.port == {run.listened()} && (tcp.analysis.zero_window || tcp.analysis.window_full)"
    assert run.fields(shut, "frame.number") == []
    assert len(run.fields("tcp.len > 0", "frame.number")) > 200
