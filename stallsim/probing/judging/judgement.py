"""What a rule gives: an outcome, how certain it is, and why."""

from msgspec import Struct

from ...timeline.probed.outcomes import Confidence, Dropped, Finding, Outcome


class Judgement(Struct, frozen=True, kw_only=True):
    """An outcome, and the reason for it."""

    outcome: Outcome
    confidence: Confidence
    because: str
    """The reason that decided, in one sentence."""
    change: str = ""
    """What the user can change in order to know, where the outcome is inconclusive or uncertain."""
    dropped: Dropped | None = None
    kept_bytes: int = 0
    """Where memory grew: bytes that were refused and were received later, or that can be taken to be held.
    A bound, if there is one, is not below this."""
    given_up: bool = False
    """The server sent this client nothing more after a while, and did not end its connection."""
    fills_in_s: float | None = None
    """Where the kernels accepted everything: in about so many seconds they would be full."""
    findings: tuple[Finding, ...] = ()


def inconclusive(because: str, change: str) -> Judgement:
    """An inconclusive judgement; ``change`` says what would make it conclusive."""
    return Judgement(
        outcome=Outcome.INCONCLUSIVE, confidence=Confidence.LOW, because=because, change=change
    )
