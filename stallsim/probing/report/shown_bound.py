"""Decides whether what waited at the wake is a bound of a server that drops.

The stalled client shows what waited at one moment. The queue may have held more before: a server may empty
it at a limit, or keep a part of the stream for ever.
"""

from collections.abc import Iterator

from ...timeline.probed.measures import GROWN_MIN_BYTES
from ...timeline.probed.outcomes import Outcome
from ...units import format_size
from ..judging.dropped import keeps_from_every_part
from ..judging.facts import Facts
from ..judging.judgement import Judgement
from ..judging.plausible import could_be_kept
from ..observe.observation import Observation


def keeps_for_ever(seen: Observation, judged: Judgement) -> bool:
    """Whether a server that drops may keep a part of the stream for ever, so that no bound was seen."""
    return judged.outcome is Outcome.BOUNDED_DROPS and not judged.given_up and keeps_from_every_part(seen)


def was_larger(seen: Observation, facts: Facts, waited_bytes: int) -> bool:
    """Whether memory had grown by more than what waited at the wake can take, so that the queue may have
    been larger before.
    """
    grown = _grown_for_this_client(seen, facts)
    messages = waited_bytes / max(1.0, seen.record.comparison.message_bytes)
    return not could_be_kept(grown - GROWN_MIN_BYTES, waited_bytes, messages)


def bound_lines(seen: Observation, facts: Facts, judged: Judgement, waited_bytes: int) -> Iterator[str]:
    """Why ``waited_bytes`` at the wake do not show a bound of a server that drops; nothing if they may."""
    if keeps_for_ever(seen, judged):
        yield (
            "the messages that had waited are from every part of the stall: a server that keeps a part of "
            "the stream for ever looks the same, so no bound was seen"
        )
    elif judged.outcome is Outcome.BOUNDED_DROPS and was_larger(seen, facts, waited_bytes):
        grown = _grown_for_this_client(seen, facts)
        yield (
            f"the server's memory had grown by up to {format_size(grown)}, more than the "
            f"{format_size(waited_bytes)} that waited at the wake can take: the queue may have been larger "
            "before"
        )


def _grown_for_this_client(seen: Observation, facts: Facts) -> float:
    """The most by which memory had grown in the stall, without the growth that also went on before it."""
    first, last = seen.samples[0], seen.samples[-1]
    if facts.memory_peak_bytes is None or first.memory_bytes is None:
        return 0.0
    anyway = seen.record.baseline.memory_per_s * last.at_s
    return facts.memory_peak_bytes - first.memory_bytes - anyway
