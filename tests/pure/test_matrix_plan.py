"""The cells of a plan: their names, controls, paces and rates."""

import pytest

from stallsim.clients import CLIENTS
from stallsim.errors import StallsimError, UnknownVariant
from stallsim.matrix import guard_sets, schedule
from stallsim.matrix.build import build, name_cell
from stallsim.matrix.cell import CONTROL, Cell, Rate
from stallsim.matrix.plan import Plan, choose
from stallsim.matrix.scaled import scalings
from stallsim.profile.scenario import Pace
from stallsim.runner.resolve import resolve_scenario
from stallsim.server.guards import GUARDS
from stallsim.server.guards.ping_timeout import PingTimeout
from stallsim.server.policies import POLICIES

FULL = choose((), (), (), full=True)


def test_everything_is_every_policy_guard_and_client() -> None:
    cells = FULL.cells
    assert {cell.policy for cell in cells} == set(POLICIES.names())
    assert {cell.client for cell in cells} == set(CLIENTS.names())
    assert {guard for cell in cells for guard in guard_sets.guard_set_of(cell.guards)} == set(
        GUARDS.names()
    )
    assert len(set(cells)) == len(cells)


@pytest.mark.parametrize("plan", [FULL, choose((), (), ()), choose(("unbounded",), (), ("half-open",))])
def test_every_cell_has_its_control_at_its_own_pace(plan: Plan) -> None:
    planned = set(plan.cells)
    for cell in plan.cells:
        assert cell.control in planned
        assert (cell.control.client, cell.control.realtime) == (CONTROL, cell.realtime)


def test_without_names_every_policy_and_every_guard_set_is_there() -> None:
    cells = choose((), (), ()).cells
    assert {cell.policy for cell in cells if cell.guards == "none"} == set(POLICIES.names())
    assert {cell.guards for cell in cells if cell.policy == "unbounded"} == set(
        guard_sets.guard_set_names()
    )
    assert len(cells) < len(FULL.cells)


@pytest.mark.parametrize(
    ("policies", "guards", "columns"),
    [
        (
            (),
            (),
            {(policy, "none") for policy in POLICIES.names()}
            | {("unbounded", guards) for guards in guard_sets.guard_set_names()},
        ),
        (("disconnect", "deadline"), (), {("disconnect", "none"), ("deadline", "none")}),
        ((), ("write-timeout",), {("unbounded", "write-timeout")}),
        (("conflate",), ("none", "write-timeout"), {("conflate", "none"), ("conflate", "write-timeout")}),
    ],
)
def test_names_choose_a_part_of_the_tables(
    policies: tuple[str, ...], guards: tuple[str, ...], columns: set[tuple[str, str]]
) -> None:
    cells = choose(policies, guards, ("half-open",)).cells
    assert {(cell.policy, cell.guards) for cell in cells} == columns
    assert {cell.client for cell in cells} == {"half-open", CONTROL}


def test_kernel_timers_are_realtime_and_nothing_else() -> None:
    for cell in FULL.cells:
        timers = any(GUARDS.find(guard).kernel_timer for guard in guard_sets.guard_set_of(cell.guards))
        if timers:
            assert cell in FULL.realtime
    assert name_cell("unbounded", "ping-timeout", "half-open") in FULL.lockstep


@pytest.mark.parametrize(
    ("guards", "rates"), [("ping-timeout", 2), ("tcp-keepalive", 2), ("none", 2), ("write-timeout", 1)]
)
def test_guards_that_probe_the_peer_are_tried_at_two_rates(guards: str, rates: int) -> None:
    found = {one.rate for one in FULL.cells if (one.guards, one.client) == (guards, "stop-reading")}
    assert len(found) == rates


@pytest.mark.parametrize("cell", [*FULL.lockstep[::20], *FULL.realtime[::20]], ids=str)
def test_a_cell_becomes_a_scenario_that_resolves(cell: Cell) -> None:
    loaded = build(cell)
    participants = resolve_scenario(loaded)
    scenario = loaded.scenario
    assert [group.name for group in scenario.clients] == ["tested", "witness"]
    assert (scenario.pace is Pace.REALTIME) == cell.realtime
    assert {guard.name for guard in participants.defence.guards} == set(
        guard_sets.guard_set_of(cell.guards)
    )
    assert all(client.rcvbuf and client.maxseg for _, client in participants.clients), "pinned"
    assert (scenario.stream.every > 1) == (cell.rate is Rate.TRICKLE)


def test_a_clients_moments_are_the_acts() -> None:
    tab = build(name_cell("unbounded", "none", "sleeping-tab")).scenario.clients[0].options
    assert (tab["sleep-tick"], tab["wake-tick"]) == (schedule.STALL_TICK, schedule.WAKE_TICK)
    hung = build(name_cell("unbounded", "none", "stop-reading")).scenario.clients[0].options
    assert hung["stop-tick"] == schedule.STALL_TICK
    assert "resume-tick" not in hung, "in its profile it never does"
    shut = build(name_cell("unbounded", "none", "zero-window")).scenario.clients[0].options
    assert "stop-tick" not in shut, "it never was a good one"


def test_guards_are_joined_by_name() -> None:
    assert guard_sets.guard_set_of("close-timeout+handshake-timeout").keys() == {
        "close-timeout",
        "handshake-timeout",
    }
    assert guard_sets.guard_set_of("ping-timeout-close")["ping-timeout"]["end"] == "close"
    with pytest.raises(StallsimError, match="contains ping-timeout twice"):
        guard_sets.guard_set_of("ping-timeout+ping-timeout-close")


@pytest.mark.parametrize(
    ("policies", "guards", "clients", "meant"),
    [
        (("unbouded",), (), (), "unbounded"),
        ((), ("ping-timeot",), (), "ping-timeout"),
        ((), ("none", "ping-timeout+close-timout"), (), "close-timeout"),
        ((), (), ("half-opn",), "half-open"),
    ],
)
def test_an_unknown_name_is_reported(
    policies: tuple[str, ...], guards: tuple[str, ...], clients: tuple[str, ...], meant: str
) -> None:
    with pytest.raises(UnknownVariant, match=f"did you mean '{meant}'"):
        choose(policies, guards, clients)


def test_the_scale_lists_what_was_scaled() -> None:
    told = {one.option: (one.default, one.cell) for one in scalings("ping-timeout", PingTimeout)}
    assert told == {"interval": (20.0, 1), "timeout": (20.0, 1)}
