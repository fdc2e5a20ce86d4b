"""Fleets against a bare epoll server: every client opens, stalls are confirmed, nothing is left behind."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from .running import command

SERVER = Path(__file__).parents[1] / "peers" / "servers" / "epoll_keeps_everything.py"

pytestmark = [pytest.mark.loopback, pytest.mark.slow]


def fleet(*words: str, environment: str = "") -> dict[str, Any]:
    server = f"exec env {environment} {sys.executable} {SERVER}"
    done = command("fleet", "--exec", server, "ws://127.0.0.1:0/", "--json", "--look", "1s", *words)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_all_open_all_stalls_are_confirmed_and_the_cost_is_known() -> None:
    found = fleet("--clients", "600", "--steps", "3", "--hold", "2s", environment="EVERY_S=0.05")
    last = found["steps"][-1]
    assert last["tally"]["parked"] == 600
    assert last["tally"]["refused"] == {}
    assert last["look"]["connections"] == 603
    assert found["memory"]["each"] > 0
    ends = last["kernel_memory"]
    assert (ends["clients"]["sockets"], ends["server"]["sockets"]) == (603, 603)
    assert found["kernel"]["server"]["each"] + found["kernel"]["client"]["each"] > 1024
    assert found["capacity"]["held"] >= 200
    assert found["mix"] == {"stop-reading": 1.0}


def test_the_kernel_confirms_that_a_whole_fleet_is_stalled() -> None:
    found = fleet(
        *("--clients", "200", "--steps", "1", "--rcvbuf", "1B", "--look", "6s"),
        environment="EVERY_S=0.02 PAYLOAD=4000",
    )
    assert found["steps"][-1]["look"]["stalled"] == 200


def test_who_is_ended_behind_data_that_it_does_not_read_is_neither_open_nor_stalled() -> None:
    """The client sees nothing of the server's FIN; the server's own state of TCP tells."""
    found = fleet(
        *("--clients", "30", "--steps", "1", "--look", "1s", "--hold", "4s", "--rcvbuf", "1B", "--go-on"),
        environment="EVERY_S=0.01 PAYLOAD=60000 KEEPS_BYTES_MAX=1000000",
    )
    look = found["held"]["look"]
    assert look["by_state"]["FIN_WAIT1"] == look["ended_unseen"]
    assert 30 <= look["ended_unseen"] <= 33, "on a busy machine a witness may be late, too"
    assert look["stalled"] == 0


def test_a_server_that_passes_the_memory_of_its_pod_is_a_wall_that_was_reached() -> None:
    server = f"exec env EVERY_S=0.01 PAYLOAD=60000 {sys.executable} {SERVER}"
    words = ["--clients", "60", "--steps", "2", "--look", "2s", "--rcvbuf", "1B", "--memory", "60MiB"]
    words += ["--fail-on", "memory", "--min-clients", "60", "--json"]
    done = command("fleet", "--exec", server, "ws://127.0.0.1:0/", *words)
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)
    assert (found["capacity"]["wall"], found["capacity"]["seen"]) == ("memory", True)
    assert "has passed its limit" in found["stopped"]
    last = found["steps"][-1]
    assert last["witnessed"]["seconds"] > 1.5, "it is watched to the end, and the kernel's memory read"
    assert last["kernel_memory"] is not None
    assert [one["kept"] for one in found["limits"]] == ["broken", "broken"]


def test_a_server_that_refuses_from_a_number_on_is_a_result() -> None:
    found = fleet("--clients", "90", "--steps", "3", environment="MAX_CLIENTS=53")
    assert found["steps"][-1]["tally"]["refused"] == {"answered 503": 10}
    assert found["stopped"] == "the server refuses clients"
    assert found["capacity"]["wall"] == "refused"
    assert found["capacity"]["clients"] == 50


def test_every_kind_is_held_and_nobody_stays() -> None:
    kinds = "stop-reading,zero-window,sleeping-tab,slow-reader,no-pong,stuck-handshake,flapping,vanishing"
    found = fleet("--clients", "80", "--steps", "2", "--mix", kinds, "--wake", "50%")
    assert found["steps"][-1]["tally"]["parked"] == 80
    assert found["waking"]["tally"]["awake"] > 0
    words = [word for one in psutil.Process().children(recursive=True) for word in one.cmdline()]
    assert [word for word in words if word.startswith("stallsim.fleet")] == []


def test_a_fleet_is_recorded_reported_and_served_while_it_goes_on(tmp_path: Path) -> None:
    """One fleet, shown in every way that a program can read."""
    recording, junit = tmp_path / "fleet.jsonl", tmp_path / "fleet.xml"
    words = ("--clients", "60", "--steps", "2", "--metrics", "127.0.0.1:0", "--min-clients", "60")
    found = fleet(*words, "--record", str(recording), "--junit", str(junit))
    again = command("replay", recording, "--json")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout) == found
    lines = command("replay", recording).stdout.splitlines()
    kinds = [line.split("kind=")[1].split()[0] for line in lines if "kind=" in line]
    assert kinds == ["baseline", "step", "step"]
    assert junit.read_text().count("<testcase") == 3
    compared = command("compare", recording, recording)
    assert compared.returncode == 0, compared.stdout + compared.stderr


@pytest.mark.parametrize(
    ("moment", "open_then"),
    [
        pytest.param("event=fleet-grows", 50, marks=pytest.mark.nightly, id="opening"),
        pytest.param("kind=step", 300, marks=pytest.mark.nightly, id="held"),
        pytest.param("event=fleet-wakes", 300, id="woken"),
    ],
)
def test_a_fleet_that_a_signal_ends_keeps_what_it_recorded(
    moment: str, open_then: int, tmp_path: Path
) -> None:
    """Ctrl-C at any moment: exit code 130, a whole recording, no process and no connection left."""
    recording = tmp_path / "fleet.jsonl"
    server = f"exec env EVERY_S=0.05 {sys.executable} {SERVER}"
    words = ["fleet", "--exec", server, "ws://127.0.0.1:0/", "--clients", "300", "--steps", "1"]
    words += ["--rate", "500/s", "--look", "0.5s", "--plain", "--record", str(recording)]
    words += ["--hold", "60s" if moment == "kind=step" else "0.1s", "--wake", "all"]
    command_line = [sys.executable, "-m", "stallsim", *words]
    with subprocess.Popen(command_line, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = next(line for line in process.stdout if "fleet=ws://127.0.0.1:" in line)
        port = int(first.partition("fleet=ws://127.0.0.1:")[2].partition("/")[0])
        assert any(moment in line for line in process.stdout)
        while len(connections(port)) < open_then:
            assert process.poll() is None
        children = psutil.Process(process.pid).children(recursive=True)
        assert children
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        assert process.wait() == 130
    assert "interrupted" in rest
    assert psutil.wait_procs(children, timeout=5)[1] == []
    assert set(connections(port)) <= {psutil.CONN_TIME_WAIT}
    again = command("replay", recording, "--json")
    assert again.returncode == 130
    steps = json.loads(again.stdout)["steps"]
    assert [one["tally"]["parked"] for one in steps] == ([] if open_then < 300 else [300])


def connections(port: int) -> list[str]:
    """The states of all connections to that port."""
    ends = psutil.net_connections("tcp4")
    return [one.status for one in ends if one.raddr and one.raddr.port == port]


def test_every_parked_client_joins_by_a_name_and_messages_of_its_own() -> None:
    """The server streams only to who names itself in URL and header, and subscribes in turn."""
    server = f"exec {sys.executable} -m tests.loopback.joinable"
    words = ["--clients", "30", "--steps", "1", "--look", "500ms", "--header", "X-Name: {client}"]
    words += ["--hello", "init", "--after", "ack {client}", "--hello", "subscribe {client}"]
    words += ["--hello-hex", "0010ff", "--witnesses", "1", "--json"]
    done = command("fleet", "--exec", server, "ws://127.0.0.1:0/?name={client}", *words)
    assert done.returncode == 0, done.stderr
    (step,) = json.loads(done.stdout)["steps"]
    assert (step["tally"]["parked"], step["tally"]["refused"]) == (30, {})
    assert step["look"]["outq_bytes"] > 30 * 2500, "each of them is being streamed to"
