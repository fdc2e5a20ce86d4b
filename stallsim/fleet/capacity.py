"""Which wall ends the growth of a fleet first: one that was seen, else the nearest that is calculated."""

from collections.abc import Sequence

from msgspec.structs import replace

from ..timeline.fleet.steps import FleetStep, Room
from .costs import Costs
from .refusals import leaves_unanswered, refuses
from .result import Capacity, Wall


def capacity(
    steps: Sequence[FleetStep],
    memory: float | None,
    tcp_memory: float | None,
    stopped_by: Wall = Wall.NONE,
    not_known: str = "",
) -> Capacity:
    """Of the steps in order of time, judged, and of what one client costs, where that is known.

    ``not_known``: why nothing can be calculated from these clients.
    """
    found = _capacity(steps, memory, tcp_memory, stopped_by, not_known)
    bad = min((one.clients for one in steps if _bad(one)), default=None)
    below = [one for one in steps if bad is None or one.clients < bad]
    doubted = {one.clients for one in below if one.unjudged}
    return replace(
        found,
        held=max((one.open for one in below if one.clients not in doubted), default=0),
        open_below=max((one.open for one in below), default=0),
    )


def _capacity(
    steps: Sequence[FleetStep],
    memory: float | None,
    tcp_memory: float | None,
    stopped_by: Wall,
    not_known: str,
) -> Capacity:
    for one in steps:
        if one.server_ended:
            reason, clients = one.server_ended, one.clients
            return Capacity(wall=Wall.SERVER_ENDED, clients=clients, seen=True, reason=reason)
        if one.over_memory:
            reason, clients, already = one.over_memory, one.clients, not one.clients
            return Capacity(wall=Wall.MEMORY, clients=clients, seen=True, reason=reason, already=already)
        if one.suffering:
            reason, clients = one.suffering, one.clients
            return Capacity(wall=Wall.WITNESSES, clients=clients, seen=True, reason=reason)
        if refuses(one.tally):
            return Capacity(wall=Wall.REFUSED, clients=one.tally.parked, seen=True)
        if reason := leaves_unanswered(one.tally):
            clients = one.tally.parked
            return Capacity(wall=Wall.UNANSWERED, clients=clients, seen=True, reason=reason)
    parked = steps[-1].tally.parked if steps else 0
    if stopped_by is not Wall.NONE:
        return Capacity(wall=stopped_by, clients=parked, seen=True)
    if not_known:
        return Capacity(wall=Wall.NONE, clients=None, seen=False, reason=not_known)
    return _calculated(steps[-1].room if steps else Room(), parked, memory, tcp_memory)


def after_hold(found: Capacity, memory: Costs, tcp_memory: Costs) -> Capacity:
    """With the length of the hold, where what it has added makes the cost of a calculated wall."""
    costs = {Wall.MEMORY: memory, Wall.TCP_MEM: tcp_memory}.get(found.wall, Costs())
    if found.seen or found.already or costs.held is None or Costs(costs.grown).each == costs.each:
        return found
    return replace(found, after_s=costs.held.after_s)


def _calculated(room: Room, parked: int, memory: float | None, tcp_memory: float | None) -> Capacity:
    walls = [
        (parked + _more(room.memory_bytes, memory), Wall.MEMORY),
        (parked + _more(room.tcp_bytes, tcp_memory), Wall.TCP_MEM),
        (float("inf") if room.descriptors is None else room.descriptors, Wall.DESCRIPTORS),
    ]
    clients, wall = min(walls, key=lambda one: one[0])
    known = {Wall.MEMORY: memory, Wall.TCP_MEM: tcp_memory}
    unknown = tuple(name for name, each in known.items() if each is None)
    if clients == float("inf"):
        return Capacity(wall=Wall.NONE, clients=None, seen=False, unknown=unknown)
    return Capacity(wall=wall, clients=int(clients), seen=False, unknown=unknown)


def _bad(step: FleetStep) -> bool:
    return bool(step.suffering or step.server_ended or step.over_memory)


def _more(left: int | None, each: float | None) -> float:
    if left is None or each is None or each <= 0:
        return float("inf")
    return left / each
