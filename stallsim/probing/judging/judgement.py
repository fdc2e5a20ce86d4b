"""What a rule says: an outcome, how much it bears, and why."""

from msgspec import Struct

from ..outcomes import Confidence, Dropped, Finding, Outcome


class Judgement(Struct, frozen=True, kw_only=True):
    """An outcome and why."""

    outcome: Outcome
    confidence: Confidence
    because: str
    """The rule that decided, in a sentence."""
    change: str = ""
    """What to change in order to know, where the outcome is inconclusive or its confidence low."""
    dropped: Dropped | None = None
    kept_bytes: int = 0
    """Of growth: what was refused and came later, or can be taken to be kept: no bound is below that."""
    fills_in_s: float | None = None
    """Where the kernels took everything: in about so long they would be full."""
    findings: tuple[Finding, ...] = ()


def inconclusive(because: str, change: str) -> Judgement:
    """What was seen does not tell, and ``change`` says what would."""
    return Judgement(
        outcome=Outcome.INCONCLUSIVE, confidence=Confidence.LOW, because=because, change=change
    )
