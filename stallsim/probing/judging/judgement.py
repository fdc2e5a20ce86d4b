"""The result of a rule: an outcome, its confidence, and the reason."""

from msgspec import Struct

from ...timeline.probed.outcomes import Confidence, Dropped, Finding, Outcome


class Judgement(Struct, frozen=True, kw_only=True):
    """An outcome, and the reason for it."""

    outcome: Outcome
    confidence: Confidence
    because: str
    """The decisive reason, in one sentence."""
    change: str = ""
    """What the user can change to get a certain outcome, if this one is inconclusive or uncertain."""
    dropped: Dropped | None = None
    kept_bytes: int = 0
    """If memory grew: refused bytes that were received later, or that the memory's growth shows to be
    held. A bound of the server, if there is one, is not below this.
    """
    by_memory: bool = False
    """Whether only the growth of memory shows ``kept_bytes``, and no message that came late."""
    drops_a_part: bool = False
    """Whether the server dropped some messages and kept the others without a bound that was seen."""
    given_up: bool = False
    """Whether the server stopped sending to this client without ending its connection."""
    fills_in_s: float | None = None
    """If the kernels accepted everything: the seconds after which they would be full, roughly."""
    findings: tuple[Finding, ...] = ()
    others_known: bool = True
    """Whether the witness's rate shows whether other clients were starved."""


def inconclusive(because: str, change: str) -> Judgement:
    """An inconclusive judgement; ``change`` names what would make it conclusive."""
    return Judgement(
        outcome=Outcome.INCONCLUSIVE, confidence=Confidence.LOW, because=because, change=change
    )
