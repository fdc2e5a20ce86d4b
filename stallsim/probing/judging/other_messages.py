"""The rule for missing messages whose content may have come in other messages.

A server may join what waits into one message, or send a smaller form of it. If the contents cannot be
compared, the messages of the witness are missing, and nothing shows that they were dropped.
"""

from ...timeline.probed.outcomes import Confidence, Outcome
from ...units import format_size
from ..observe.observation import Observation
from .amounts import growth_of
from .by_memory import has_grown, is_plausible
from .facts import Facts
from .judgement import Judgement
from .made import refused_and_made

_CHANGE = "a running number in each message, which also shows messages that are joined or shortened"


def perhaps_in_other_messages(seen: Observation, facts: Facts) -> Judgement | None:
    """The judgement if the missing messages may have come in another form; None if they cannot have. The
    memory of a process that was started for this stall then shows whether they were kept.
    """
    compared = seen.record.comparison
    if not compared.missing_may_be_others:
        return None
    others = f"{compared.notices:,} others ({format_size(compared.notices_bytes)})"
    because = (
        f"the stalled client never received {compared.missing or 0:,} messages that the witness received, "
        f"but it received {others}, which may have the same content"
    )
    if has_grown(facts) and seen.record.fresh and is_plausible(seen, facts):
        kept_bytes = refused_and_made(seen)
        return Judgement(
            outcome=growth_of(seen, kept_bytes),
            confidence=Confidence.LOW,
            because=f"{because}; and the process's memory grew with the refused bytes",
            change=_CHANGE,
            kept_bytes=kept_bytes,
            by_memory=True,
        )
    return Judgement(
        outcome=Outcome.BOUNDED_DROPS,
        confidence=Confidence.LOW,
        because=f"{because}: whether they were dropped is not certain",
        change=_CHANGE,
    )
