"""A fleet on workers: threads of this process by day, processes in network namespaces by night."""

import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest

from stallsim.fleet.fleet import Fleet
from stallsim.fleet.spec import FleetSpec, OfWorkers
from stallsim.probing.spec import Command, Target
from stallsim.timeline.events.fleet import WorkerLost
from stallsim.timeline.fleet.steps import StepKind
from stallsim.timeline.recording import load_recording
from stallsim.timeline.records import Event, Record

from .namespaces import UNSHARE, forbidden

SERVER = Path(__file__).parents[1] / "peers" / "servers" / "epoll_keeps_everything.py"

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.slow,
    pytest.mark.skipif(  # found, and not imported: that takes a second of each process that collects tests
        find_spec("distributed") is None, reason="Dask is not installed: pip install stallsim[distributed]"
    ),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # sockets that Dask leaves to the collector
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


async def test_the_others_open_what_a_lost_worker_has_held() -> None:
    spec = FleetSpec(
        target=Target(url="ws://127.0.0.1:0/"),
        clients=60,
        mix={"stop-reading": 1.0},
        command=Command(words=("env", "EVERY_S=0.2", sys.executable, str(SERVER))),
        steps=2,
        baseline_s=0.3,
        look_s=1.0,
        hold_s=1.5,
        goes_on=True,
        workers=OfWorkers(count=2, processes=False),
    )
    fleet = Fleet(spec)
    killed: list[int] = []

    def kill_one(_: Record) -> None:
        """Once the whole fleet is there, the processes of one worker are gone."""
        now = fleet.timeline.fleet.now
        if not killed and now is not None and now.tally.parked == 60:
            held = [one for one in psutil.Process().children(recursive=True) if not one.children()]
            killed.append(next(one.pid for one in held if "holding" in " ".join(one.cmdline())))
            os.kill(killed[0], signal.SIGKILL)

    fleet.timeline.listen(kill_one)
    await fleet.run()
    (lost,) = [
        one.what
        for one in fleet.timeline.happenings
        if isinstance(one, Event) and isinstance(one.what, WorkerLost)
    ]
    assert (lost.clients, lost.reopened) == (30, True)
    (held,) = fleet.timeline.fleet.of(StepKind.HELD)
    assert (held.tally.parked, held.tally.lost, held.tally.wanted) == (60, 30, 90)
    assert held.kernel_memory is not None
    assert held.kernel_memory.server is not None
    assert held.kernel_memory.clients.sockets == held.kernel_memory.server.sockets == 63, "once each"
    assert sorted(fleet.timeline.fleet.readings) == ["", "worker-0", "worker-1"]
    workers = fleet.timeline.fleet.workers
    assert sorted(one.clients for one in workers) == [30, 60]
    assert all(abs(one.clock_offset_s) <= one.clock_error_s + 0.01 for one in workers), "one clock"
    left = [
        one for one in psutil.Process().children(recursive=True) if "holding" in " ".join(one.cmdline())
    ]
    assert left == []


@pytest.mark.nightly
def test_ctrl_c_at_a_terminal_ends_the_workers_without_a_word_of_theirs() -> None:
    """It is sent to the whole process group, so to the workers as well."""
    server = f"exec env EVERY_S=0.2 {sys.executable} {SERVER}"
    words = ["fleet", "--exec", server, "ws://127.0.0.1:0/", "--clients", "200", "--steps", "1"]
    words += ["--look", "0.5s", "--hold", "60s", "--workers", "2", "--plain"]
    with subprocess.Popen(
        [sys.executable, "-m", "stallsim", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert any("kind=step" in line for line in process.stdout)
        children = psutil.Process(process.pid).children(recursive=True)
        assert len(children) >= 4, "two workers, and what holds the clients of each"
        os.killpg(process.pid, signal.SIGINT)
        assert "interrupted" in process.stdout.read()
        assert process.stderr.read() == ""
        assert process.wait() == 130
    assert psutil.wait_procs(children, timeout=5)[1] == []


@pytest.mark.nightly
@pytest.mark.skipif(bool(forbidden()), reason=f"no network namespaces without privilege: {forbidden()}")
def test_two_machines_hold_a_fleet_against_a_third_and_one_is_killed(tmp_path: Path) -> None:
    recording = tmp_path / "fleet.jsonl"
    words = [*UNSHARE, sys.executable, "-m", "tests.loopback.fleet_machines", str(recording)]
    done = subprocess.run(words, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    timeline = load_recording(recording)
    (lost,) = [
        one.what
        for one in timeline.happenings
        if isinstance(one, Event) and isinstance(one.what, WorkerLost)
    ]
    assert (lost.clients, lost.reopened) == (200, True)
    assert lost.after_s < 6, "it is seen within seconds"
    (held,) = timeline.fleet.of(StepKind.HELD)
    assert (held.tally.parked, held.tally.lost) == (400, 200)
    assert held.look is not None
    assert held.look.of_clients, "the server is on a machine that cannot be looked at"
    assert held.look.connections >= 400
    assert held.look.stalled > 300
    assert held.look.worst
    assert held.kernel_memory is not None
    assert held.kernel_memory.server is None, "it is on a machine that cannot be looked at"
    assert held.kernel_memory.clients.sockets == 403
    assert all(abs(one.clock_offset_s) <= one.clock_error_s + 0.01 for one in timeline.fleet.workers)
    assert "reopened=True" in done.stdout
