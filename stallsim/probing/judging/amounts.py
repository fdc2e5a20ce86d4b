"""What an amount of bytes shows: how certain an outcome is, and whether growth is called unbounded."""

from ...timeline.probed.outcomes import HORIZON_BYTES, Confidence, Outcome
from ..observe.observation import Observation

LOW_BELOW_BYTES = 8 * 2**20
"""An outcome from fewer refused bytes than this has low confidence."""
HIGH_FROM_BYTES = HORIZON_BYTES
"""An outcome from at least this many refused bytes has high confidence."""


def growth_of(seen: Observation, kept_bytes: int) -> Outcome:
    """The outcome for held bytes: unbounded growth from the horizon on. A bound may be higher than they."""
    beyond = kept_bytes >= seen.record.horizon_bytes
    return Outcome.UNBOUNDED_GROWTH if beyond else Outcome.GROWTH


def by_bytes(refused_bytes: int) -> Confidence:
    """How certain an outcome is that so many refused bytes show."""
    if refused_bytes < LOW_BELOW_BYTES:
        return Confidence.LOW
    return Confidence.MEDIUM if refused_bytes < HIGH_FROM_BYTES else Confidence.HIGH


def weaken(confidence: Confidence) -> Confidence:
    """The next lower confidence; low stays low."""
    return Confidence.MEDIUM if confidence is Confidence.HIGH else Confidence.LOW
