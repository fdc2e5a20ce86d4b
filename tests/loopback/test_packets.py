"""The packets of a run as tshark reads them, compared with what stallsim reports at the same times."""

import csv
import io
import json
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from stallsim.errors import Unavailable
from stallsim.kernel import private_stack
from stallsim.kernel.packet_socket import PacketRing, open_packet_socket
from stallsim.profile.load import load_profile
from stallsim.runner.execute import Execution
from stallsim.timeline.ledger import make_ledger

from .nobody import as_nobody, forked
from .running import command, private_digest

pytestmark = pytest.mark.loopback
FIELDS = ("frame.number", "tcp.analysis.zero_window", "tcp.stream", "frame.comment")
needs_tshark = pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")


def tshark(path: Path, *words: str) -> str:
    ended = subprocess.run(
        ["tshark", "-r", str(path), *words], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert "appears to" not in ended.stderr, "it is whole and well-formed"
    return ended.stdout


def fields(path: Path) -> list[dict[str, str]]:
    names = [word for field in FIELDS for word in ("-e", field)]
    text = tshark(path, "-T", "fields", *names, "-E", "separator=,", "-E", "quote=d", "-E", "header=y")
    return list(csv.DictReader(io.StringIO(text)))


def captured(folder: Path, *words: str) -> tuple[Path, dict[str, object]]:
    path = folder / "packets.pcapng"
    ended = command("run", *words, "--json", "--pcap", path)
    if "CAP_NET_RAW" in ended.stderr + ended.stdout:
        pytest.skip("packets may not be captured here")
    assert ended.returncode == 0, ended.stderr
    assert f"packets in {path}" in ended.stderr
    return path, json.loads(ended.stdout)


@needs_tshark
def test_its_own_zero_window_analysis_agrees_at_the_same_packet(tmp_path: Path) -> None:
    path, _ = captured(tmp_path, "sleeping-tab")
    frames = fields(path)
    (ours,) = (one for one in frames if ": sleeper: zero-window: " in one["frame.comment"])
    first = next(one for one in frames if one["tcp.analysis.zero_window"])
    assert ours["frame.number"] == first["frame.number"]
    comments = [one["frame.comment"] for one in frames if one["frame.comment"]]
    for said in ("connection 1 is sleeper", "sleeper: write-blocked: ", "sleeper: draining: "):
        assert any(said in comment for comment in comments)


@needs_tshark
def test_every_connection_is_named_at_its_first_packet(tmp_path: Path) -> None:
    path, result = captured(tmp_path, "mixed-crowd")
    frames = fields(path)
    streams: dict[str, str] = {}
    for one in frames:
        streams.setdefault(one["tcp.stream"], one["frame.comment"])
    connections = result["connections"]
    assert isinstance(connections, list)
    assert len(streams) == len(connections)
    for connection in connections:
        named = f"connection {connection['connection']} is {connection['client']}"
        assert any(comment.startswith(named) for comment in streams.values())


def test_a_capture_changes_nothing(tmp_path: Path) -> None:
    _, result = captured(tmp_path, "stop-reading")
    plain = json.loads(command("run", "stop-reading", "--json").stdout)
    assert isinstance(result["ledger"], dict)
    assert result["ledger"]["digest"] == plain["ledger"]["digest"]


def test_a_capture_changes_nothing_however_late_it_is_read() -> None:
    def never_read() -> str:
        execution = Execution(load_profile("sleeping-tab-deflate"))
        execution.prepare()
        with open_packet_socket() as sock:
            ledger = make_ledger(execution.execute())
            assert next(PacketRing(sock).packets()).length
        return ledger.digest

    assert forked(never_read) == private_digest("sleeping-tab-deflate")


def test_a_file_that_exists_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "packets.pcapng"
    path.write_text("mine")
    ended = command("run", "well-behaved", "--plain", "--pcap", path)
    assert ended.returncode == 2
    assert "--force overwrites it" in ended.stderr
    assert path.read_text() == "mine"


def test_a_recording_holds_no_packets(tmp_path: Path) -> None:
    ended = command("report", tmp_path / "run.jsonl", "-o", tmp_path / "x.pcapng")
    assert ended.returncode == 2
    assert "--pcap" in ended.stderr


def test_without_the_capability_it_is_named_and_a_private_stack_has_it() -> None:
    def refused() -> str:
        try:
            open_packet_socket().close()
        except Unavailable as error:
            return str(error)
        return "not refused"

    def refused_where_no_stack_can_be_had() -> str:
        with pytest.raises(Unavailable) as caught:
            open_packet_socket("lo", "this system forbids it").close()
        return str(caught.value)

    def seen() -> str:
        private_stack.enter({})
        with open_packet_socket() as sock, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.sendto(b"a word", ("127.0.0.1", 9))
            first = next(
                PacketRing(sock).packets()
            )  # the kernel's answer, that nobody is there, comes after it
            return f"{first.length}:{first.data[42:].decode()}"

    said = as_nobody(refused)
    assert "CAP_NET_RAW" in said
    assert "`private_stack=True`" in said  # worded for the command line at its edge
    said = as_nobody(refused_where_no_stack_can_be_had)
    assert said.endswith("run it as root (a private stack would give it, but this system forbids it)")
    assert as_nobody(seen) == "48:a word"
