"""What the probe should say of a peer, and in what its answer differs from that."""

from collections.abc import Iterator

from stallsim.probing.outcomes import Confidence, Outcome
from stallsim.probing.result import ProbeResult

from .peer import BLOCKS, FREEZES, GROWTH, LEAKS, STARVES, UNBOUNDED, Peer

_NO_BEHAVIOUR = {Outcome.INCONCLUSIVE, Outcome.SERVED}
"""They say nothing of the server that could be wrong."""


def known(peer: Peer) -> str:
    """In a short stall what keeps everything only grows, and what acts later has not acted."""
    if peer.acts_late:
        return peer.until_then
    return GROWTH if peer.outcome == UNBOUNDED else peer.outcome


def differences(peer: Peer, result: ProbeResult, *, long: bool) -> list[str]:
    """A sentence each. ``long``: it was looked as far as the default command looks."""
    early = not long or not peer.acts_late or result.confidence is Confidence.LOW
    right = {peer.outcome, known(peer)} if early else {peer.outcome}
    told = [] if result.outcome in right else [f"{result.outcome} ({result.confidence})"]
    told += _of_stalls(peer, result)
    vanished = any(one.stall == "vanishing" for one in result.stalls)
    asked = peer.findings - (set() if long else {FREEZES}) - (set() if vanished else {LEAKS})
    starved = {STARVES} if BLOCKS in {peer.outcome, known(peer)} else set()
    beside = set(result.findings) - peer.findings - peer.findings_possible - starved
    told += [f"{finding} was missed" for finding in sorted(asked - set(result.findings))]
    return told + [f"{finding} is not so" for finding in sorted(beside)]


def _of_stalls(peer: Peer, result: ProbeResult) -> Iterator[str]:
    """Of one stall what is said with confidence: the others may not have been watched for long enough."""
    allowed = {peer.outcome, known(peer), *_NO_BEHAVIOUR}
    for one in result.stalls:
        if one.confidence is not Confidence.LOW and one.outcome not in allowed:
            yield f"{one.stall}: {one.outcome} ({one.confidence})"
        if one.dropped not in (None, peer.drops):
            yield f"{one.stall}: dropped {one.dropped}, not {peer.drops}"
