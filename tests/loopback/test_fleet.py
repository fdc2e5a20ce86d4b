"""Fleets against a bare epoll server: every client opens, stalls are confirmed, nothing is left behind."""

import json
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
    assert found["capacity"]["held"] >= 200
    assert found["mix"] == {"stop-reading": 1.0}


def test_the_kernel_confirms_that_a_whole_fleet_is_stalled() -> None:
    found = fleet(
        *("--clients", "200", "--steps", "1", "--rcvbuf", "1B", "--look", "6s"),
        environment="EVERY_S=0.02 PAYLOAD=4000",
    )
    assert found["steps"][-1]["look"]["stalled"] == 200


def test_a_server_that_refuses_from_a_number_on_is_a_result() -> None:
    found = fleet("--clients", "90", "--steps", "3", environment="MAX_CLIENTS=53")
    assert found["steps"][-1]["tally"]["refused"] == {"answered 503": 40}
    assert found["capacity"]["wall"] == "refused"
    assert found["capacity"]["clients"] == 50


def test_every_kind_is_held_and_nobody_stays() -> None:
    kinds = "stop-reading,zero-window,sleeping-tab,slow-reader,no-pong,stuck-handshake,flapping,vanishing"
    found = fleet("--clients", "80", "--steps", "2", "--mix", kinds, "--wake", "50%")
    assert found["steps"][-1]["tally"]["parked"] == 80
    assert found["woken"] is not None
    left = [one for one in psutil.Process().children(recursive=True) if "fleet" in " ".join(one.cmdline())]
    assert left == []
