"""Lists what the server did with a stalled client, in the order in which it began, with times."""

from collections.abc import Iterator

from ...timeline.probed.measures import Reaction
from ...timeline.probed.outcomes import Finding, Outcome
from ..observe.observation import Observation
from .facts import Facts
from .given_up import given_up, given_up_after_s
from .judgement import Judgement

_SILENT_S = 0.75
"""If the witness receives nothing for this many seconds, that is a reaction of its own."""


def reactions_of(seen: Observation, facts: Facts, judged: Judgement) -> tuple[Reaction, ...]:
    """The reactions, ordered by their beginnings; empty if the outcome is inconclusive. The one without an
    end is the outcome. Another one may lie within it.
    """
    if judged.outcome is Outcome.INCONCLUSIVE:
        return ()
    return tuple(sorted(_reactions(seen, facts, judged), key=_begin_s))


def _begin_s(reaction: Reaction) -> float:
    return reaction.from_s


def _reactions(seen: Observation, facts: Facts, judged: Judgement) -> Iterator[Reaction]:
    if judged.outcome is not Outcome.BLOCKS_EVERYONE and Finding.STARVES_OTHERS in judged.findings:
        quiet = max(seen.samples, key=lambda one: one.witness_idle_s)
        if quiet.witness_idle_s >= _SILENT_S:
            yield Reaction(
                outcome=Outcome.BLOCKS_EVERYONE,
                from_s=_rounded(quiet.at_s - quiet.witness_idle_s),
                until_s=_rounded(quiet.at_s),
            )
    begin_s = seen.record.full_after_s or 0.0
    if given_up(seen, facts) is not None and judged.outcome is Outcome.BOUNDED_DROPS:
        after_s = given_up_after_s(seen)
        if after_s is not None and after_s > begin_s:
            yield Reaction(outcome=Outcome.GROWTH, from_s=_rounded(begin_s), until_s=_rounded(after_s))
            begin_s = after_s
    if judged.outcome is Outcome.DISCONNECTS and seen.record.end is not None:
        begin_s = (
            seen.samples[-1].at_s
            if seen.record.end.decided_after_s is None
            else seen.record.end.decided_after_s
        )
    if judged.outcome is Outcome.BLOCKS_EVERYONE and facts.quiet:  # until then a queue may have grown
        begin_s = max(begin_s, seen.samples[-1].at_s - seen.samples[-1].witness_idle_s)
    yield Reaction(outcome=judged.outcome, from_s=_rounded(begin_s), until_s=None)


def _rounded(seconds: float) -> float:
    return round(max(0.0, seconds), 3)
