"""The rules of the wake test that ask memory, if messages do not show whether the client caught up."""

from ...timeline.probed.comparison import ComparedBy
from ...timeline.probed.outcomes import Confidence, Outcome
from ..observe.observation import Observation
from .amounts import growth_of
from .facts import Facts
from .judgement import Judgement, inconclusive
from .made import refused_and_made
from .plausible import could_be_kept

FLAT = 0.05
"""If memory grew by fewer bytes than this for each refused byte, it did not follow the refused bytes."""
GROWN = 0.8
"""If memory grew by at least this many bytes for each refused byte, it followed the refused bytes."""
_FLAT_BYTES = 3 * 10**6
"""Refused bytes from which on memory that did not grow shows that messages are held elsewhere."""
_FLAT_S = 1.0
"""Seconds of stall from which on memory that did not grow counts."""
_COMPARABLE = "a stream that all clients share, or messages with a running number"
_UNTOLD = "the two streams do not show whether the stalled client caught up, and"
CONCLUSIVE = (
    "put the time, or a number that is counted when a message is made, into the messages, so that a "
    "missing one can be found"
)


def by_memory(seen: Observation, facts: Facts) -> Judgement:
    """The judgement by memory, if the two clients' streams run at different paces, so that the messages do
    not show whether the stalled client has caught up.
    """
    if facts.amplification is None or FLAT <= facts.amplification < GROWN:
        return inconclusive(
            "neither the streams nor the server's memory show whether the stalled client caught up",
            _COMPARABLE,
        )
    grown = has_grown(facts)
    if grown and not is_plausible(seen, facts):
        return inconclusive(
            f"{_UNTOLD} the process's memory grew by more than the refused messages can take: a part of "
            "the growth is garbage",
            _COMPARABLE,
        )
    if grown and facts.late_amplification is not None and facts.late_amplification < FLAT:
        return inconclusive(
            f"{_UNTOLD} the process's memory grew with the first half of the refused bytes alone",
            _COMPARABLE,
        )
    if not grown and seen.record.comparison.kind is ComparedBy.COUNTED:
        return inconclusive(
            f"{_UNTOLD} the process's memory did not grow: the rest was not kept; it was dropped, or never "
            "produced",
            CONCLUSIVE,
        )
    kept_bytes = refused_and_made(seen)
    return Judgement(
        outcome=growth_of(seen, kept_bytes) if grown else Outcome.BACKPRESSURE_ISOLATED,
        confidence=Confidence.LOW,
        kept_bytes=kept_bytes,
        by_memory=grown,
        because=f"{_UNTOLD} the process's memory "
        + ("grew with the refused bytes" if grown else "did not grow"),
        change=_COMPARABLE,
    )


def has_grown(facts: Facts) -> bool:
    """Whether memory was read and grew with the refused bytes."""
    return facts.amplification is not None and facts.amplification >= GROWN


def has_grown_late(facts: Facts) -> bool:
    """Whether memory was read and grew with the refused bytes in the later half of the stall, too."""
    return facts.late_amplification is not None and facts.late_amplification >= GROWN


def memory_is_flat(seen: Observation, facts: Facts) -> bool:
    """Whether memory was read and did not grow with the refused bytes, which were enough to show it."""
    return is_flat(facts) and seen.refused_bytes >= _FLAT_BYTES


def is_flat(facts: Facts) -> bool:
    """Whether memory did not grow with the refused bytes during a stall that was long enough to show it."""
    return facts.amplification is not None and facts.amplification < FLAT and facts.stalled_s >= _FLAT_S


def is_plausible(seen: Observation, facts: Facts) -> bool:
    """Whether memory grew by no more than the refused messages can take."""
    refused, messages = float(seen.refused_bytes), facts.refused_messages
    return could_be_kept((facts.amplification or 0.0) * refused, refused, messages)
