"""``stallsim matrix`` on the command line: cells are run, shown, repeated, interrupted, without root."""

import json
import os
import signal
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import psutil
import pytest

from stallsim.matrix.build import name_cell
from stallsim.matrix.run import CellRun
from stallsim.matrix.worker import import_variants, in_a_child

from .nobody import as_nobody
from .running import command, started

_WORKER_AND_CELL = 2
pytestmark = [pytest.mark.loopback, pytest.mark.realtime, pytest.mark.xdist_group("cells")]
DEFENCES = ("--policy", "disconnect", "--policy", "unbounded", "--guard", "none", "--guard", "ping-timeout")
CLIENTS = ("--client", "stop-reading", "--client", "sleeping-tab", "--client", "half-open")
CELLS = ("matrix", *DEFENCES, *CLIENTS)


def by_name(matrix: dict[str, Any]) -> dict[tuple[str, ...], dict[str, Any]]:
    return {(one["policy"], one["guards"], one["client"], one["rate"]): one for one in matrix["cells"]}


@pytest.fixture(scope="module")
def printed() -> str:
    """What the command prints of these cells with --json."""
    ended = command(*CELLS, "--json")
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


def test_lockstep_cells_are_the_same_to_the_byte(printed: str) -> None:
    assert command(*CELLS, "--json").stdout == printed


def test_json_agrees_with_its_schema_and_with_the_observations(printed: str) -> None:
    matrix, schema = json.loads(printed), json.loads(command("schema", "--matrix").stdout)
    jsonschema.validate(matrix, schema)
    cells = by_name(matrix)
    cut = cells["disconnect", "none", "stop-reading", "flood"]
    assert cut["word"] == "cut"
    assert cut["outcome"]["ending"]["by"] == "policy"
    assert cut["outcome"]["memory"]["queue_bytes_max"] <= 256 * 1024
    assert cut["outcome"]["ending"]["server_saw"] == "reset"
    tab = cells["disconnect", "none", "sleeping-tab", "flood"]["outcome"]
    assert tab["ending"]["client_saw"] == ["reset"], "it comes upon it when it wakes"
    assert tab["recovery"] == "ended-before"
    ping = cells["unbounded", "ping-timeout", "stop-reading", "flood"]["outcome"]["ending"]
    assert (ping["by"], ping["guard"]) == ("guard", "ping-timeout")
    assert ping["decided_s"] == ping["freed_s"] == ping["gone_s"] == pytest.approx(1.9)
    assert ("disconnect", "none", "well-behaved", "flood") in cells, "the control"
    assert matrix["not_run"] == 0


def test_one_cell_is_shown_in_full() -> None:
    shown = command("matrix", "--policy", "backpressure", "--guard", "none", "--client", "stop-reading")
    assert "backpressure, none, stop-reading (lockstep): blocks" in shown.stdout
    assert "others     blocked: " in shown.stdout
    assert "seen as    nothing by the server, nothing by the client" in shown.stdout


def test_a_picture_is_drawn_and_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "matrix.svg"
    cell = ("matrix", "--policy", "unbounded", "--guard", "close-timeout", "--client", "stop-reading")
    assert command(*cell, "--picture", file).returncode == 0
    assert "close-timeout" in file.read_text()
    again = command(*cell, "--picture", file)
    assert (again.returncode, again.stdout) == (2, "")
    assert "--force overwrites it" in again.stderr
    assert command(*cell, "--picture", file, "--force", "--markdown").stdout.startswith(
        "**policy unbounded"
    )


def test_a_signal_keeps_what_was_done_and_leaves_no_process() -> None:
    with started("matrix", "--policy", "unbounded", "--json") as process:
        family: list[psutil.Process] = []
        while process.poll() is None and len(family) < _WORKER_AND_CELL:
            family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        stdout, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    matrix = json.loads(stdout)
    assert matrix["interrupted"]
    assert matrix["not_run"] > 0
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become nobody")
@pytest.mark.parametrize("client", ["stop-reading", "half-open"])
def test_an_unprivileged_user_has_the_same_cells(client: str) -> None:
    import_variants()  # by us: nobody may be unable to read them, nor what addresses and versions take
    "localhost".encode("idna")
    version("trio")
    cell = name_cell("unbounded", "none", client)
    told = (in_a_child(cell), as_nobody(lambda: in_a_child(cell).decode()))
    ours, theirs = (msgspec.json.decode(each, type=CellRun) for each in told)
    assert theirs.reason == ours.reason == ""
    assert theirs.outcome == ours.outcome
    assert theirs.private_stack
