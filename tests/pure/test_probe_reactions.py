"""What a server did with a stalled client is told in the order in which it began."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from stallsim.probing.judging.facts import facts_of
from stallsim.probing.judging.judge import judge_stall
from stallsim.probing.judging.reactions import reactions_of
from stallsim.probing.observe.observation import Observation
from stallsim.probing.report.sentence import summary
from stallsim.timeline.outside import Look
from stallsim.timeline.probed.measures import Reaction
from stallsim.timeline.probed.outcomes import Finding, Outcome
from stallsim.timeline.probed.stall_record import ServerEnding

from .observations import MB, blocked, closed, comparison, observation, samples

TIMES = st.floats(0.0, 4.0)


def silent(at_s: float, seconds: float) -> tuple[Look, ...]:
    """The looks of a stall of 4 s. The witness had received nothing for ``seconds`` at ``at_s``."""
    return tuple(
        replace(one, witness_idle_s=max(0.004, seconds - (at_s - one.at_s)) if one.at_s <= at_s else 0.004)
        for one in samples()
    )


def given_up(beyond_bytes: int, looks: tuple[Look, ...]) -> Observation:
    """The server kept messages until ``beyond_bytes``, and sent nothing after that."""
    late = comparison(lag_end=12_000)
    return observation(comparison=late, forgotten=True, beyond_bytes=beyond_bytes, samples=looks)


def told(seen: Observation, outcome: Outcome) -> tuple[tuple[Reaction, ...], str]:
    judged = replace(judge_stall(seen), outcome=outcome, findings=(Finding.STARVES_OTHERS,))
    facts = facts_of(seen)
    reactions = reactions_of(seen, facts, judged)
    return reactions, summary(seen, facts, judged, reactions)


@given(
    at_s=TIMES,
    seconds=TIMES,
    beyond_bytes=st.integers(0, 12 * MB),
    full_after_s=st.none() | TIMES,
    end=st.none() | TIMES.map(closed),
    outcome=st.sampled_from([one for one in Outcome if one is not Outcome.INCONCLUSIVE]),
)
def test_reactions_are_in_the_order_of_their_beginnings(
    at_s: float,
    seconds: float,
    beyond_bytes: int,
    full_after_s: float | None,
    end: ServerEnding | None,
    outcome: Outcome,
) -> None:
    seen = given_up(beyond_bytes, silent(at_s, min(seconds, at_s)))
    seen = replace(seen, record=replace(seen.record, full_after_s=full_after_s, end=end))
    reactions, _ = told(seen, outcome)
    assert [one.from_s for one in reactions] == sorted(one.from_s for one in reactions)
    assert [one.outcome for one in reactions if one.until_s is None] == [outcome]
    assert all(one.until_s is None or one.from_s <= one.until_s for one in reactions)


def test_a_server_may_block_everybody_while_it_keeps_messages() -> None:
    reactions, words = told(given_up(9 * MB, silent(2.0, 1.0)), Outcome.BOUNDED_DROPS)
    assert [one.outcome for one in reactions] == [
        Outcome.GROWTH,
        Outcome.BLOCKS_EVERYONE,
        Outcome.BOUNDED_DROPS,
    ]
    assert words.endswith("; before that, 1 s into the stall, the witness received nothing for 1 s")


@pytest.mark.parametrize(
    ("seen", "before"),
    [
        (observation(end=closed(3.0), samples=silent(2.0, 1.0)), True),
        (given_up(0, silent(2.0, 1.0)), False),
    ],
)
def test_a_silence_after_the_reaction_began_is_not_said_to_be_before_it(
    seen: Observation, before: bool
) -> None:
    _, words = told(seen, judge_stall(seen).outcome)
    assert ("before that, 1 s into the stall" in words) is before
    assert "1 s into the stall, the witness received nothing for 1 s" in words


@pytest.mark.parametrize(
    ("refused_bytes", "words"),
    [
        (0, "once the kernels accepted no more for the stalled client, and"),
        (10 * MB, "once the kernels had refused 10.0 MB for the stalled client, and"),
    ],
)
def test_the_reason_says_how_much_was_refused_when_everybody_was_blocked(
    refused_bytes: int, words: str
) -> None:
    judged = judge_stall(blocked(refused_bytes=refused_bytes, full_after_s=0.5))
    assert judged.outcome is Outcome.BLOCKS_EVERYONE
    assert words in judged.because


def test_everybody_is_blocked_from_the_silence_on_and_not_while_a_queue_grows() -> None:
    """The kernels were full after 0.5 s; the witness received its stream for 2 s, and then nothing."""
    seen = blocked(refused_bytes=4 * MB, full_after_s=0.5)
    (reaction,) = reactions_of(seen, facts_of(seen), judge_stall(seen))
    assert (reaction.outcome, reaction.from_s) == (Outcome.BLOCKS_EVERYONE, 2.0)
