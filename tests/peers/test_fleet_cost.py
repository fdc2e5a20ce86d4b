"""What a fleet says of a server's cost, against psutil and /proc/net/sockstat."""

import pytest

from .fleet_cost import Cost, fleet_cost, servers
from .launch import missing
from .peer import Peer

pytestmark = [pytest.mark.loopback, pytest.mark.slow]
SERVERS = servers()


def agrees(cost: Cost) -> None:
    memory = cost.result.memory
    assert memory is not None
    assert cost.result.steps[-1].tally.refused == {}
    nearly = max(0.25 * cost.rss_each, memory.high - memory.low, 4096)
    assert memory.each == pytest.approx(cost.rss_each, abs=nearly)
    assert cost.descriptors_each >= 1, "each client has a descriptor at least"


def test_what_a_client_costs_is_what_psutil_reads() -> None:
    peer = next(one for one in SERVERS if one.name == "websockets_broadcast")
    if reason := missing(peer):
        pytest.skip(reason)
    agrees(fleet_cost(peer, clients=240, steps=3, look_s=0.3, hold_s=0.3))


@pytest.mark.nightly
@pytest.mark.alone
@pytest.mark.parametrize("peer", SERVERS, ids=[one.name for one in SERVERS])
def test_of_every_server_the_cost_is_what_others_read(peer: Peer) -> None:
    if reason := missing(peer):
        pytest.skip(reason)
    cost = fleet_cost(peer, clients=1000)
    agrees(cost)
    ends = (cost.result.kernel.client, cost.result.kernel.server)
    kernel_each = sum(one.each for one in ends if one is not None)
    assert kernel_each == pytest.approx(cost.tcp_each, rel=0.5, abs=8192), (
        "another program's TCP is in both"
    )
