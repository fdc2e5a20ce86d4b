"""Small questions to what a trial has left: its samples, a dialogue's end, the times of Pings."""

from ..client.dialogue import Dialogue
from ..evidence.observation import End, Sample
from ..sight.eyes import LOOK_S, Eyes


def has_ended(dialogue: Dialogue, eyes: Eyes) -> bool:
    """Whether the server has ended the stalled client's connection, by what either kernel or it says."""
    return eyes.server_closes or dialogue.ended is not None


def is_verified(samples: list[Sample]) -> bool:
    """Whether unread bytes stood still in the client's kernel to the end of the stall."""
    last = samples[-1]
    still = next(one for one in samples if one.received_bytes == last.received_bytes)
    return last.rcvq_bytes > 0 and last.at_s - still.at_s > 2 * LOOK_S


def end_of(dialogue: Dialogue, closed_after: float | None) -> End | None:
    """How the server ended it, if it did."""
    ended = dialogue.ended
    if ended is None:
        return None if closed_after is None else End(decided_after_s=closed_after, how="state")
    return End(decided_after_s=closed_after, how=ended.how, code=ended.code, reason=ended.reason)


def interval_of(pings: list[float]) -> float | None:
    """The mean time between two; None where there are none."""
    return (pings[-1] - pings[0]) / (len(pings) - 1) if len(pings) > 1 else None
