"""Which traces can be compared at all, and which of their samples count."""

import json
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stallsim.kernel import private_stack
from stallsim.kernel.queues import socket_memory
from tests.loopback.nobody import forked

from . import chromium, trace_stack
from .compare import main
from .comparison import compare
from .real_trace import RealTrace

HERE = Path(__file__).parent
DATA = HERE / "data"
FRESH_AT_1500, GROWN_AT_1500 = 69_120, {"bbr": 940_032, "cubic": 626_688}
"""First sizes of a send buffer that real traces have."""


def changed(tmp_path: Path, change: Callable[[Any], Any]) -> Path:
    """A copy of a trace in which each line has been changed, or left out where None is made of it."""
    path = tmp_path / "trace.jsonl"
    lines = map(json.loads, (DATA / "frozen_legacy_r1.jsonl").read_text().splitlines())
    path.write_text("\n".join(json.dumps(line) for line in map(change, lines) if line is not None))
    return path


@pytest.mark.parametrize("scenario", ["end_close_tab_frozen", "normal", "hidden", "ping_idle"])
def test_a_trace_in_which_nothing_slept_and_woke_cannot_be_compared(
    scenario: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header, *lines = (DATA / "frozen_legacy_r1.jsonl").read_text().splitlines()
    first = json.loads(header)
    first["meta"]["scenario"] = scenario
    path = tmp_path / "trace.jsonl"
    path.write_text("\n".join([json.dumps(first), *lines]))
    assert main([str(path)]) == 2
    assert "nothing slept and woke" in capsys.readouterr().err


def test_samples_of_a_socket_that_is_gone_are_left_out(tmp_path: Path) -> None:
    lines = (DATA / "frozen_legacy_r1.jsonl").read_text().splitlines()
    rows = [line for line in lines if line.startswith("[")]
    gone = json.loads(rows[-1])
    gone[9:12] = [None, None, None]
    path = tmp_path / "trace.jsonl"
    path.write_text("\n".join([*lines, json.dumps(gone)]))
    assert RealTrace(path).seen == RealTrace(DATA / "frozen_legacy_r1.jsonl").seen


def test_a_trace_in_which_the_tab_never_froze_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def reads_all(line: Any) -> Any:
        if isinstance(line, list):
            line[10] = line[1]  # brd, app
        return line

    assert main([str(changed(tmp_path, reads_all))]) == 2
    assert "the tab never froze: it went on reading all that came" in capsys.readouterr().err


def test_a_trace_without_marks_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = changed(tmp_path, lambda line: {} if "m" in line else line)
    assert main([str(path)]) == 2
    assert "no mark says when anything fell asleep" in capsys.readouterr().err


def test_a_compressed_trace_is_compared_by_messages(tmp_path: Path) -> None:
    def deflated(line: Any) -> Any:
        if isinstance(line, dict) and line.get("type") == "header":
            line["args"] |= {"deflate": True, "frame": 4 * line["args"]["frame"]}
        return line

    trace = RealTrace(changed(tmp_path, deflated))
    assert trace.setup.deflate
    assert trace.seen.message_bytes == 6680
    rows = {row.what: row for row in compare(trace.seen, trace.seen, trace.setup)}
    assert rows["held in the browser, messages"].real == 20
    assert "held in the browser, bytes" not in rows


def test_a_sleep_that_is_too_short_to_fill_anything_is_not_judged() -> None:
    trace = RealTrace(DATA / "frozen_legacy_r1.jsonl")
    rows = compare(trace.seen, trace.seen._replace(stopped_s=None, held_bytes=40_080), trace.setup)
    assert all(row.alike for row in rows)


@pytest.mark.parametrize(("congestion", "first", "segments"), [
    ("bbr", GROWN_AT_1500["bbr"], 135), ("cubic", GROWN_AT_1500["cubic"], 135), ("bbr", FRESH_AT_1500, None)
])  # fmt: skip
def test_a_send_buffers_first_size_tells_what_its_route_remembered(
    tmp_path: Path, congestion: str, first: int, segments: int | None
) -> None:
    def small_mtu(line: Any) -> Any:
        if isinstance(line, dict) and line.get("type") == "header":
            line["meta"]["lo_mtu"], line["args"]["cc"] = 1500, congestion
            line["server_tcp"]["mem_sndbuf"] = first
        return line

    assert trace_stack.remembered_reordering(RealTrace(changed(tmp_path, small_mtu))) == segments
    assert trace_stack.remembered_reordering(RealTrace(DATA / "frozen_legacy_r1.jsonl")) is None


@pytest.mark.loopback
@pytest.mark.parametrize("congestion", GROWN_AT_1500)
@pytest.mark.parametrize("remembered", [None, 135])
def test_the_kernel_makes_that_first_size_of_it(congestion: str, remembered: int | None) -> None:
    def work() -> str:
        private_stack.enter({} if remembered is None else {"net.ipv4.tcp_reordering": remembered})
        trace_stack.set_mtu(1500)
        with socket.create_server(("127.0.0.1", 0)) as listening:
            try:
                listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, congestion.encode())
            except OSError:
                return "no such congestion control"
            with socket.create_connection(listening.getsockname()), listening.accept()[0] as server:
                return str(socket_memory(server).sndbuf)

    first = forked(work)
    if not first.isdecimal():
        pytest.skip(first)
    windows = GROWN_AT_1500[congestion] // (136 * 2304)
    assert int(first) == (GROWN_AT_1500[congestion] if remembered else windows * 10 * 2304)


@pytest.mark.nightly
@pytest.mark.alone
@pytest.mark.skipif(chromium.COMMAND is None, reason="no Chromium is installed")
def test_a_browser_that_is_recorded_here_is_like_ours(tmp_path: Path) -> None:
    trace = str(tmp_path / "trace.jsonl")
    subprocess.run([sys.executable, HERE / "record.py", trace, "--asleep", "4"], check=True)
    words = [sys.executable, str(HERE / "compare.py"), trace]
    compared = subprocess.run(words, capture_output=True, text=True, check=False)
    assert compared.returncode in (0, 3), compared.stdout
    if compared.returncode == 3:
        pytest.skip(f"this machine was too busy: {compared.stdout}")
