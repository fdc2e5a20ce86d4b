"""What one client costs in each kind of memory: while the fleet grew, and after it was held."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..timeline.fleet.looks import ChargedEnds
from ..timeline.fleet.steps import FleetStep
from .cost import cost, cost_after_hold
from .result import Cost, EndsCost, HeldCost

_Size = Callable[[FleetStep], tuple[int, int | None]]
"""How many clients or sockets there were, and how many bytes all of them had; None: not to be read."""


class Costs(NamedTuple):
    """What one client costs in one kind of memory; None: not known."""

    grown: Cost | None = None
    """While the fleet grew."""
    held: HeldCost | None = None
    """After it was held."""

    @property
    def each(self) -> float | None:
        """The larger of the two, which is the one that counts."""
        return max((one.each for one in self if one is not None), default=None)


class SeenSteps(NamedTuple):
    """The steps of a fleet from which its costs are known."""

    baseline: FleetStep
    steps: Sequence[FleetStep]
    held: Sequence[FleetStep]
    """One, or none."""

    def memory(self) -> Costs:
        """Of the server's processes, for each open client."""
        return self._costs(lambda one: (one.open, one.rss_bytes))

    def tcp_memory(self) -> Costs:
        """Of the whole machine's TCP: nothing where other traffic moved it by more than the clients did."""
        found = self._costs(lambda one: (one.tally.parked, one.tcp_memory_bytes))
        return found if found.grown is not None and found.grown.low > 0 else Costs()

    def kernel(self) -> EndsCost:
        """Of the fleet's own sockets, so other traffic is not in it."""
        client, server = self._end(_client_ends), self._end(_server_ends)
        return EndsCost(
            client=client.grown, client_held=client.held, server=server.grown, server_held=server.held
        )

    def _end(self, size: _Size) -> Costs:
        found = self._costs(size)
        return found if found.grown is not None else Costs()

    def _costs(self, size: _Size) -> Costs:
        grown = cost([size(one) for one in (self.baseline, *self.steps)])
        if not self.steps or not self.held:
            return Costs(grown)
        (_, first), (_, before), (_, after) = map(size, (self.baseline, self.steps[-1], self.held[0]))
        return Costs(grown, cost_after_hold(self.held[0], (first, before, after), grown))


def _client_ends(step: FleetStep) -> tuple[int, int | None]:
    return _size_of(step.kernel_memory.clients if step.kernel_memory is not None else None)


def _server_ends(step: FleetStep) -> tuple[int, int | None]:
    return _size_of(step.kernel_memory.server if step.kernel_memory is not None else None)


def _size_of(ends: ChargedEnds | None) -> tuple[int, int | None]:
    return (ends.sockets, ends.charged_bytes) if ends is not None else (0, None)


def dearest(*costs: Costs) -> Costs:
    """The one of several measures of the same cost that is largest, its hold included."""
    return max(costs, key=lambda one: one.each or 0.0)


def both_ends(kernel: EndsCost) -> Costs:
    """Of the ends that were seen, put together."""
    each = [one for one in (kernel.client, kernel.server) if one is not None]
    held = [one for one in (kernel.client_held, kernel.server_held) if one is not None]
    cost = held_cost = None
    if each:
        low, high = sum(one.low for one in each), sum(one.high for one in each)
        cost = Cost(each=sum(one.each for one in each), low=low, high=high)
    if held:
        held_cost = HeldCost(
            each=sum(one.each for one in held),
            after_s=held[0].after_s,
            each_second=sum(one.each_second for one in held),
        )
    return Costs(cost, held_cost)
