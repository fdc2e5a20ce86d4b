"""Chooses the cells: all, those that were named, or a subset that takes a minute or two."""

import math
import os
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..clients import CLIENTS
from ..errors import UnknownVariant
from ..server.policies import POLICIES
from . import guard_sets, schedule
from .build import by_the_kernels_clock, name_cell
from .cell import Cell, Rate

CORES = os.cpu_count() or 1
REALTIME_AT_ONCE = 8 * CORES
"""The number of realtime cells at a time; they sleep most of the time."""
CELL_S = schedule.TICKS * schedule.TICK_S
"""The seconds that a realtime cell takes."""
_BASE_POLICY = "unbounded"
"""The policy with which a guard shows its own effect."""


class Plan(NamedTuple):
    """The cells to run, in two parts that would disturb each other."""

    lockstep: list[Cell]
    realtime: list[Cell]

    @property
    def cells(self) -> list[Cell]:
        """All cells of the plan."""
        return self.lockstep + self.realtime

    def expected_s(self, lockstep_s: float) -> float:
        """The expected seconds, if a lockstep cell takes ``lockstep_s``."""
        rounds = math.ceil(len(self.realtime) / REALTIME_AT_ONCE)
        return len(self.lockstep) * lockstep_s / CORES + rounds * CELL_S


def choose(
    policies: Sequence[str], guards: Sequence[str], clients: Sequence[str], *, full: bool = False
) -> Plan:
    """The plan for the given names: every policy without a guard, and every guard set with the base policy.

    If policies and guards are named, or with ``full``, each is tried with each. The plan contains the
    control of every cell. Raises UnknownVariant.
    """
    for what, names, known in (
        ("policy", policies, POLICIES.names()),
        ("client", clients, CLIENTS.names()),
    ):
        for name in names:
            if name not in known:
                raise UnknownVariant(what, name, known)
    for name in guards:
        guard_sets.guard_set_of(name)
    clients = clients or CLIENTS.names()
    wanted = []
    if full or (policies and guards):
        wanted = _all(policies or POLICIES.names(), guards or guard_sets.guard_set_names(), clients)
    else:
        if policies or not guards:
            wanted += _by_policy(policies or POLICIES.names(), clients)
        if guards or not policies:
            wanted += _all([_BASE_POLICY], guards or guard_sets.guard_set_names(), clients)
    with_controls = dict.fromkeys([each for cell in wanted for each in (cell.control, cell)])
    return _sort(with_controls)


def _by_policy(policies: Iterable[str], clients: Sequence[str]) -> list[Cell]:
    """Cells without a guard, at a flood: at a trickle no queue grows, whatever the policy."""
    return [name_cell(policy, guard_sets.NONE, client) for policy in policies for client in clients]


def _all(policies: Iterable[str], guards: Iterable[str], clients: Sequence[str]) -> list[Cell]:
    return [
        name_cell(policy, guard, client, rate)
        for policy in policies
        for guard in guards
        for client in clients
        for rate in _rates(guard, client)
    ]


def _rates(guards: str, client: str) -> list[Rate]:
    """The rates for a guard set: two if it probes for the peer; two without guards, to compare with.

    A client whose network fails from time to time gets only one, since it is chance whether a single probe
    meets an outage.
    """
    asks = guards == guard_sets.NONE or guard_sets.probes_the_peer(guards)
    return [Rate.FLOOD, Rate.TRICKLE] if asks and not by_the_kernels_clock(client) else [Rate.FLOOD]


def _sort(cells: Iterable[Cell]) -> Plan:
    plan = Plan([], [])
    for cell in cells:
        (plan.realtime if cell.realtime else plan.lockstep).append(cell)
    return plan
