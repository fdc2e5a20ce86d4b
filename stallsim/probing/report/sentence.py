"""The outcome of a stall in one sentence that claims no more than was observed."""

from collections.abc import Sequence
from typing import assert_never

from ...timeline.probed.measures import Reaction
from ...timeline.probed.outcomes import Outcome
from ...units import format_count, format_seconds, format_size
from ..judging.facts import Facts
from ..judging.given_up import close_waits, end_in_words
from ..judging.judgement import Judgement
from ..observe.observation import Observation

_SHORTEST_S = 1e-3
_LATE_MIN, _LATE_SHARE = 2, 0.05
_HIDDEN = (
    "; or messages are dropped: only numbers can be compared, and if the server counts them when it sends "
    "a message, a message that it dropped leaves no gap"
)


def summary(seen: Observation, facts: Facts, judged: Judgement, reactions: Sequence[Reaction]) -> str:
    """The sentence, with the bytes and seconds within which it holds."""
    record = seen.record
    within = f"within {format_size(seen.refused_bytes)} and {_time(facts.watched_s)}"
    who = seen.stall.of_whom()
    match judged.outcome:
        case Outcome.UNBOUNDED_GROWTH | Outcome.GROWTH:
            keeps = (
                "drops a part of the stream and keeps the rest"
                if judged.drops_a_part
                else "keeps everything"
            )
            return (
                f"the server {keeps} for a client that {who}: no bound below "
                f"{format_size(judged.kept_bytes + record.joining_bytes)} within {_time(facts.watched_s)}"
            )
        case Outcome.BLOCKS_EVERYONE:
            return (
                f"one client that {who} stops the stream of all clients: the witness received "
                f"{_given(facts)}, once the kernels held {format_size(seen.kernel_bytes)}"
            )
        case Outcome.DISCONNECTS:
            return _disconnects(seen) + _blocked(reactions)
        case Outcome.BOUNDED_DROPS:
            if judged.given_up:
                return _gives_up(seen, reactions) + _blocked(reactions)
            which = f" ({judged.dropped.value})" if judged.dropped else ""
            return (
                f"the server drops messages{which} for a client that {who}: "
                f"{format_count(record.comparison.missing_until_wake)} of those made {within}"
                f"{_more(seen, facts)}"
            ) + _blocked(reactions)
        case Outcome.BACKPRESSURE_ISOLATED:
            waits = f"only the stream of the client that {who} waits, {within}"
            return waits + (_HIDDEN if record.comparison.may_hide_gaps else "")
        case Outcome.SERVED:
            return f"{judged.because}, within {_time(facts.stalled_s)}"
        case Outcome.INCONCLUSIVE:
            return judged.because
        case _:
            assert_never(judged.outcome)


def _disconnects(seen: Observation) -> str:
    after = seen.record.end.decided_after_s if seen.record.end else None
    when = "seen after the wake" if after is None else f"{_time(after)} into the stall"
    alive = ", and is alive" if seen.stall.healthy else ""
    size = f", with {format_size(seen.refused_bytes)} refused by the kernels" if seen.refused_bytes else ""
    return f"the server disconnects a client that {seen.stall.of_whom()}{alive}, {when}{size}"


def _given(facts: Facts) -> str:
    """What the witness received, in the terms of the rule that decided: nothing, or a small share of its
    stream.
    """
    if facts.quiet or facts.tail_share is None:
        return f"nothing for {_time(facts.gap_s)}"
    return f"{facts.tail_share:.0%} of its stream, with gaps of up to {_time(facts.gap_s)}"


def _few(facts: Facts) -> float:
    return max(_LATE_MIN, _LATE_SHARE * facts.refused_messages)


def _more(seen: Observation, facts: Facts) -> str:
    """What is missing of later messages. Messages that had not come when the watch ended may still come,
    so they are not called missing.
    """
    later, late = seen.record.comparison.missing_late, seen.record.comparison.lag_end
    dropped = f", and {format_count(later)} of those made after its wake" if later >= _few(facts) else ""
    waits = (
        f"; {format_count(late)} more were not yet received when the watch ended"
        if late >= _few(facts)
        else ""
    )
    return dropped + waits


def _blocked(reactions: Sequence[Reaction]) -> str:
    """For how long the server blocked all clients, if that was not its last reaction."""
    blocked = next((one for one in reactions if one.outcome is Outcome.BLOCKS_EVERYONE), None)
    if blocked is None or blocked.until_s is None:
        return ""
    outcome = next(one for one in reactions if one.until_s is None)
    before = "before that, " if blocked.until_s <= outcome.from_s else ""
    return (
        f"; {before}{_time(blocked.from_s)} into the stall, the witness received nothing for "
        f"{_time(blocked.until_s - blocked.from_s)}"
    )


def _gives_up(seen: Observation, reactions: Sequence[Reaction]) -> str:
    who = seen.stall.of_whom()
    waits = close_waits(seen)
    end = (
        f" but {end_in_words(seen)}, which waited behind these bytes or was sent when the client read again"
        if waits
        else ", without ending the connection"
    )
    came_bytes = min(seen.record.beyond_bytes, seen.refused_bytes)
    came, of = format_size(came_bytes), format_size(seen.refused_bytes)
    if not came_bytes:
        only = f", only {end_in_words(seen)}" if waits else ", and its connection did not end"
        return (
            f"the server gives up a client that {who}: after its wake the client received nothing of the "
            f"{of} that the kernels had refused{only}"
        )
    kept = next((one for one in reactions if one.outcome is Outcome.GROWTH), None)
    if kept is not None:
        return (
            f"the server gives up a client that {who}: it keeps the client's messages of the first "
            f"{_time(kept.until_s or 0.0)} of the stall, then sends it nothing more{end}"
        )
    return (
        f"the server gives up a client that {who}: after its wake the client received {came} of the {of} "
        f"that the kernels had refused, then nothing more{end}"
    )


def _time(seconds: float) -> str:
    return format_seconds(max(seconds, _SHORTEST_S))
