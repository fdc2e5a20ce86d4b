"""What the probe should say of a peer after one short stall, and in what its answer differs from that."""

from collections.abc import Collection

from .peer import FREEZES, GROWTH, LEAKS, UNBOUNDED, Peer


def known(peer: Peer) -> str:
    """In a short stall what keeps everything, or has its bound far beyond that, only grows."""
    return GROWTH if peer.refused_bytes_min or peer.outcome == UNBOUNDED else peer.outcome


def differences(peer: Peer, outcome: str, dropped: str | None, findings: Collection[str]) -> list[str]:
    """A sentence each. Findings that need a long stall, or another one, are not asked for."""
    missed = peer.findings - {FREEZES, LEAKS} - set(findings)
    beside = set(findings) - peer.findings - peer.findings_possible
    told = [] if outcome in {known(peer), peer.outcome} else [f"{outcome}, not {known(peer)}"]
    if dropped not in (None, peer.drops):
        told.append(f"dropped {dropped}, not {peer.drops}")
    told += [f"{finding} was missed" for finding in sorted(missed)]
    return told + [f"{finding} is not so" for finding in sorted(beside)]
