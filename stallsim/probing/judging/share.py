"""The witness's share of its usual rate, if there were enough messages for a rate."""

from ..observe.observation import Observation
from .facts import Facts

_BEFORE_MIN = 2
"""The least messages before the stall: one message alone has no rate."""
_DURING_MIN = 3
"""The least messages that the usual rate makes in the time that is compared."""


def share_if_known(seen: Observation, facts: Facts) -> float | None:
    """``facts.share``; None if the stream has too few messages for a rate in so short a time."""
    before = seen.record.baseline
    usual = facts.pressed_s * before.messages / max(before.seconds, 1e-3)
    return facts.share if before.messages >= _BEFORE_MIN and usual >= _DURING_MIN else None
