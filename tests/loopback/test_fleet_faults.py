"""What a faulty server does to a fleet is a result; what cannot work on this machine is one line."""

import sys
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest
import trio

from stallsim.errors import EnvironmentUnfit
from stallsim.fleet import preflight
from stallsim.fleet.fleet import Fleet
from stallsim.fleet.judging import judge
from stallsim.fleet.preflight import check_fleet, running_short
from stallsim.fleet.result import FleetResult, Wall
from stallsim.fleet.sources import CLIENTS_A_SOURCE, ports_of_one, sources_of
from stallsim.fleet.spec import FleetSpec
from stallsim.kernel.tcp_memory import TcpMemory
from stallsim.kinds import EventKind
from stallsim.probing.spec import Command, Target
from stallsim.timeline.events.fleet import HandshakesWait
from stallsim.timeline.fleet.clients import HeldCount
from stallsim.timeline.records import Event
from stallsim.timeline.timeline import Timeline
from stallsim.views.fleet.events import fleet_event_words

SERVER = Path(__file__).parents[1] / "peers" / "servers" / "epoll_keeps_everything.py"

pytestmark = [pytest.mark.loopback, pytest.mark.slow]


def found_with(clients: int, opening_s: float = 20.0, **environment: str) -> FleetResult:
    return run_with(clients, environment, opening_s)[0]


def run_with(
    clients: int, environment: dict[str, str], opening_s: float = 20.0, descriptors: int = 1024
) -> tuple[FleetResult, Timeline]:
    settings = [f"{name}={value}" for name, value in {"EVERY_S": "0.05", **environment}.items()]
    limited = ("sh", "-c", f'ulimit -n {descriptors}; exec "$@"', "sh")
    spec = FleetSpec(
        target=Target(url="ws://127.0.0.1:0/"),
        clients=clients,
        mix={"stop-reading": 1.0},
        command=Command(words=(*limited, "env", *settings, sys.executable, str(SERVER))),
        steps=2,
        baseline_s=0.3,
        look_s=0.3,
        opening_s=opening_s,
        goes_on=True,
    )
    fleet = Fleet(spec)
    trio.run(fleet.run)
    result = judge(fleet.timeline)
    assert result is not None
    return result, fleet.timeline


def test_a_server_that_answers_503_to_all() -> None:
    found = found_with(40, MAX_CLIENTS="3")  # the witnesses' places
    assert found.steps[-1].tally.refused == {"answered 503": 40}
    assert found.steps[-1].tally.parked == 0
    assert found.steps[-1].tally.settled


def test_a_server_that_dies_at_a_number_of_clients() -> None:
    found = found_with(60, DIE_AT="40")
    tally, look = found.steps[-1].tally, found.steps[-1].look
    assert tally.parked + tally.ended_count + tally.refused_count == 60
    assert tally.refused_count >= 20
    assert look is not None
    assert "ESTABLISHED" not in look.by_state, "a FIN behind data is not seen by who does not read"
    how = "3 of the witnesses' connections have ended, and the server's processes are gone"
    assert found.steps[-1].suffering == how
    assert found.capacity.wall is Wall.SERVER_ENDED
    assert found.capacity.held <= 30


def test_a_server_that_accepts_slowly() -> None:
    found = found_with(60, opening_s=1.5, ACCEPT_EACH_S="0.1")
    assert "had not opened" in found.stopped
    assert found.steps[-1].tally.connecting > 0
    assert found.steps[-1].tally.parked < 60


def test_a_server_without_descriptors_is_named_while_its_clients_wait() -> None:
    found, timeline = run_with(60, {}, opening_s=4.0, descriptors=24)
    happened = [one.what for one in timeline.happenings if isinstance(one, Event)]
    kinds = [what.kind for what in happened]
    assert kinds.count(EventKind.HANDSHAKES_WAIT) == 1, "once, however long they wait"
    assert kinds.index(EventKind.HANDSHAKES_WAIT) < kinds.index(EventKind.FLEET_STOPS)
    waits = next(what for what in happened if isinstance(what, HandshakesWait))
    assert waits.clients == found.steps[0].tally.connecting > 0
    assert waits.why == "a process of the server has 24 of 24 descriptors open (ulimit -n)"
    assert "of 24 descriptors open" in fleet_event_words(waits)


def test_more_clients_than_ports_or_descriptors_is_one_line() -> None:
    for host, loopback in (("::1", True), ("192.0.2.1", False)):
        with pytest.raises(EnvironmentUnfit, match=r"ports, and this machine's one address has"):
            check_fleet(ports_of_one() + 1, host, loopback=loopback)
    check_fleet(1000, "::1", loopback=True)


def test_no_two_processes_share_an_address() -> None:
    sources = [sources_of(process, 15_000, "127.0.0.1", loopback=True) for process in range(600)]
    flat = [one for several in sources for one in several]
    assert len(set(flat)) == len(flat)
    assert all(len(several) * CLIENTS_A_SOURCE >= 15_000 for several in sources)


class _Memory(NamedTuple):
    total: int
    available: int


def test_it_stops_before_the_machine_does(monkeypatch: pytest.MonkeyPatch) -> None:
    assert running_short(HeldCount(refused={"answered 503": 5})) is None, "that is the server's affair"
    for reason in ("EMFILE", "EADDRNOTAVAIL"):
        short = running_short(HeldCount(refused={reason: 1}))
        assert short is not None
        assert reason in short.reason
    with monkeypatch.context() as patched:
        patched.setattr(psutil, "virtual_memory", lambda: _Memory(1000, 10))
        short = running_short(HeldCount())
        assert short is not None
        assert "memory" in short.reason
    monkeypatch.setattr(preflight, "tcp_memory", lambda: TcpMemory(90, 80, 100))
    short = running_short(HeldCount())
    assert short is not None
    assert short.wall is Wall.TCP_MEM
