"""What the probe should say of a peer, and in what its answer differs from that."""

from collections.abc import Iterator

from stallsim.probing.spec import TIMEOUT_S
from stallsim.timeline.probed.measures import Healthy
from stallsim.timeline.probed.outcomes import Confidence, Outcome
from stallsim.timeline.probed.result import ProbeResult

from .peer import BLIND, BLOCKS, CUTS, DISCONNECTS, FREEZES, GROWTH, LEAKS, STARVES, UNBOUNDED, Peer

SLOW_READER = "slow-reader"

_NO_BEHAVIOUR = {Outcome.INCONCLUSIVE, Outcome.SERVED}
"""They say nothing of the server that could be wrong."""


def known(peer: Peer) -> str:
    """In a short stall what keeps everything only grows, and what acts later has not acted."""
    if peer.acts_late:
        return peer.until_then
    return GROWTH if peer.outcome == UNBOUNDED else peer.outcome


def differences(peer: Peer, result: ProbeResult, *, long: bool) -> list[str]:
    """A sentence each. ``long``: it was looked as far as the default command looks."""
    reached = long and peer.stalled_s_min <= TIMEOUT_S and result.confidence is not Confidence.LOW
    right = {peer.outcome} if peer.acts_late and reached else _until_then(peer)
    watched = result.stalls[0] if peer.acts_late and reached else result  # the one that is watched for long
    right |= {peer.slow_reader} if _tried_slow_reader(result) else set()
    told = [] if watched.outcome in right else [f"{result.outcome} ({result.confidence})"]
    told += _of_stalls(peer, result)
    vanished = any(one.stall == "vanishing" for one in result.stalls)
    asked = peer.findings - (set() if long else {FREEZES}) - (set() if vanished else {LEAKS})
    starved = {STARVES} if BLOCKS in {peer.outcome, known(peer)} else set()
    pings_only = peer.keepalive.trickle_s is not None and peer.keepalive.flood_s is None
    blind = {BLIND} if pings_only and long else set()  # a busy machine is watched for three intervals
    cut = {CUTS} if peer.outcome == DISCONNECTS and _cuts_the_slow_alone(result) else set()
    beside = set(result.findings) - peer.findings - peer.findings_possible - starved - blind - cut
    told += [f"{finding} was missed" for finding in sorted(asked - set(result.findings))]
    return told + [f"{finding} is not so" for finding in sorted(beside)]


def _tried_slow_reader(result: ProbeResult) -> bool:
    return any(one.stall == SLOW_READER for one in result.stalls)


def _cuts_the_slow_alone(result: ProbeResult) -> bool:
    """Who bounds a queue by the end of the connection ends that of a slow reader, too."""
    return {cut.who for one in result.stalls for cut in one.cuts} == {Healthy.SLOW_CLIENT}


def _until_then(peer: Peer) -> set[str]:
    """What is right where it was not looked for long enough to see what it does in the end, or just so."""
    grows = {UNBOUNDED} if known(peer) == GROWTH and peer.stalled_s_min > TIMEOUT_S else set()
    return {peer.outcome, known(peer)} | grows


def _of_stalls(peer: Peer, result: ProbeResult) -> Iterator[str]:
    """Of one stall what is said with confidence: the others may not have been watched for long enough."""
    allowed = _until_then(peer) | _NO_BEHAVIOUR
    for one in result.stalls:
        slow = {peer.slow_reader} if one.stall == SLOW_READER else set()
        if one.confidence is not Confidence.LOW and one.outcome not in allowed | slow:
            yield f"{one.stall}: {one.outcome} ({one.confidence})"
        if one.dropped not in (None, peer.drops):
            yield f"{one.stall}: dropped {one.dropped}, not {peer.drops}"
