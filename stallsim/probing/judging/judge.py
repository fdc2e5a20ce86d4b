"""Judges one stall by rules in a fixed order; the first rule that applies decides.

The wake test decides whether messages were held, dropped or never produced; memory and rates only support
it.
"""

from msgspec.structs import replace

from ...timeline.probed.outcomes import Confidence, Outcome
from ..observe.observation import Observation
from ..spec import KERNEL_ROOM_BYTES
from .blocked import blocked
from .cut import TWO_AT_ONCE, cut, cut_words, slow_client_cut
from .dropped import dropped
from .facts import Facts, facts_of
from .findings import findings_of, others_known
from .given_up import close_waits, given_up
from .judgement import Judgement, inconclusive
from .share import share_if_known
from .wake_test import held_or_waited

_HARDLY_S = 0.1
"""Seconds. A server has no reason to end a client whose stall was shorter than this, if fewer bytes than
``_HARDLY_BYTES`` waited for the client.
"""
_HARDLY_BYTES = 16384
"""About the number of bytes that a new connection's kernels accept."""
_LITTLE, _GAPS = 0.1, 3
"""If the witness received at most this share of its stream, and nothing for this many times its longest gap
before the stall, the server did not merely send too little.
"""
_LEFT_MIN_BYTES = 65536
"""If fewer bytes than this wait for a slow reader when the watch ends, it has read all that had waited."""


def judge_stall(seen: Observation) -> Judgement:
    """The judgement of one stall. A pure function: the same observation gives the same judgement."""
    facts = facts_of(seen)
    verdict = (
        _server_gone(seen, facts)
        or cut(seen)
        or _closed(seen)
        or _no_stream(seen)
        or blocked(seen, facts)
        or _untested(seen, facts)
        or _served(seen)
        or _gone(seen)
        or given_up(seen, facts)
        or dropped(seen, facts)
        or held_or_waited(seen, facts)
    )
    if seen.record.apart:
        verdict = _apart(verdict)
    verdict = replace(verdict, findings=findings_of(seen, facts, verdict.outcome))
    return replace(verdict, others_known=others_known(seen, facts, verdict))


def _apart(verdict: Judgement) -> Judgement:
    """The judgement if another process serves the witness, which then cannot show that
    other clients wait.
    """
    change = "start the server with one worker, so that the same process serves the witness"
    if verdict.outcome is Outcome.BACKPRESSURE_ISOLATED:
        return inconclusive(
            "the stalled client's stream waited, and whether other clients of the same process waited with "
            "it could not be seen: another worker serves the witness",
            change,
        )
    if verdict.outcome is Outcome.INCONCLUSIVE:
        return verdict
    return replace(verdict, confidence=Confidence.LOW, change=verdict.change or change)


def _server_gone(seen: Observation, facts: Facts) -> Judgement | None:
    """The judgement if the server's process ended; no later rule can be trusted then."""
    if not seen.record.server_gone:
        return None
    return inconclusive(
        f"the server's process ended {facts.stalled_s:.1f} s into the stall",
        "read what the server printed, and find out why its process ended during a stall",
    )


def _no_stream(seen: Observation) -> Judgement | None:
    if seen.record.baseline.has_stream or seen.stall.reads_all:
        return None
    before = seen.record.baseline
    gone = "it has ended" if before.messages > 1 or before.earlier_messages > 1 else "there is none"
    joined = f"{before.earlier_messages:,} messages on joining, and " if before.earlier_messages else ""
    return inconclusive(
        f"the witness received {joined}{before.messages} messages in {before.seconds:.1f} s before the "
        f"stall: there is no stream to stall ({gone}, or it pauses for longer than that)",
        "subscribe with `hello=`, and answer heartbeats with `replies=`; if the stream has longer pauses, "
        "watch it for longer with `baseline=`; if the server only answers, send it requests with `send=` "
        "and `every=`; `keepalive=` needs no stream: it tests whether a client that is gone is ever "
        "disconnected",
    )


def _served(seen: Observation) -> Judgement | None:
    """The judgement for a client that pauses at times and received everything, which is what this stall
    tests.
    """
    compared = seen.record.comparison
    if not seen.stall.pause_s or dropped(seen, facts_of(seen)) is not None:
        return None
    missed = "missed nothing" if compared.missing == 0 else "went on with its stream"
    return Judgement(
        outcome=Outcome.SERVED,
        confidence=Confidence.HIGH if compared.missing == 0 else Confidence.LOW,
        because=f"a client that {seen.stall.of_whom()} {missed}, and its connection went on",
    )


def _closed(seen: Observation) -> Judgement | None:
    end = seen.record.end
    if (
        end is None or close_waits(seen) or (seen.stall.vanishes and end.decided_after_s is None)
    ):  # this program ended the connection
        return None
    if end.how == "protocol-error":
        return inconclusive(
            f"the server violated the protocol after the wake ({end.reason})", "correct this first"
        )
    if (seen.record.ended_before and not seen.stall.from_the_start) or _hardly_stalled(seen):
        return inconclusive(
            f"the server ended the stalled client's connection before the stall had begun ({end.how}), "
            "while the witness's connection continued",
            f"{TWO_AT_ONCE}; find out why it ends one of them so soon",
        )
    late = end.decided_after_s is None or seen.record.ended_before
    confidence = Confidence.MEDIUM if late else Confidence.HIGH
    slow = slow_client_cut(seen)
    return Judgement(
        outcome=Outcome.DISCONNECTS,
        confidence=Confidence.LOW
        if seen.record.cuts
        else confidence,  # a client that read was ended, too, perhaps for the same reason
        because="the server ended the stalled client's connection, and the witness's connection continues"
        if slow is None
        else cut_words(
            slow, f"a client that {seen.stall.of_whom()}, and is alive", has_ping=seen.record.has_ping
        ),
    )


def _hardly_stalled(seen: Observation) -> bool:
    waited = max(one.rcvq_bytes + (one.outq_bytes or 0) for one in seen.samples)
    soon = seen.record.ended_before or seen.samples[-1].at_s < _HARDLY_S
    return soon and waited < _HARDLY_BYTES and not seen.stall.reads_all


def _untested(seen: Observation, facts: Facts) -> Judgement | None:
    record = seen.record
    if seen.stall.reads_all:
        return inconclusive(
            f"a client that reads but answers no Ping was not disconnected within {facts.stalled_s:.0f} s",
            "a longer `keepalive=`; this stall does not test the server's memory",
        )
    if record.full_after_s is None and not seen.stall.pause_s and _witness_waited(seen, facts):
        return inconclusive(
            f"the kernels accepted everything ({seen.kernel_bytes:,} bytes), and in the last "
            f"{facts.pressed_s:.1f} s of the stall the witness received next to nothing either: the server "
            "may have blocked all clients, or its stream paused or ended",
            "a longer `watch=`, or a machine that is less busy",
        )
    if record.full_after_s is None and not seen.stall.pause_s:
        undecided = inconclusive(
            "the server sent too little: the kernels accepted everything "
            f"({seen.kernel_bytes:,} bytes) within the {facts.stalled_s:.1f} s",
            f"a faster stream, or `watch=` {_fill_s(seen)}s: the kernels alone hold the bytes of that time "
            f"at {record.baseline.bytes_per_s:,.0f} bytes a second; with `command=`, `private_stack=` lets "
            "them hold less",
        )
        return replace(undecided, fills_in_s=float(_fill_s(seen)) if record.baseline.bytes_per_s else None)
    if seen.stall.reads_slowly and seen.refused_bytes + record.joining_bytes < _LEFT_MIN_BYTES:
        return inconclusive(
            "when the watch ended, the client had read what the kernels had refused: if the stream pauses "
            "or ends, nothing is left to wait for a slow reader",
            "a lower `rate=`, or a longer `watch=`",
        )
    if not seen.verified and not seen.stall.healthy:
        return inconclusive(
            "the stall was not confirmed: the client's kernel received more bytes until the end"
            if record.full_after_s is None
            else "the kernels accepted no more, but did not confirm the stall: unread bytes grew too fast",
            "a longer `watch=`, or a machine that is less busy",
        )
    return None


def _gone(seen: Observation) -> Judgement | None:
    """The judgement for a client that never reads again. Memory does not show more: in the first seconds a
    garbage-collected heap grows in any case.
    """
    if not seen.stall.vanishes:
        return None
    return inconclusive(
        "a client that never reads again cannot show what the server held for it",
        "see the other stalls for what a server holds; this one tests which memory remains after the "
        "client's end",
    )


def _witness_waited(seen: Observation, facts: Facts) -> bool:
    """Whether the witness received next to nothing, too, while the stalled client received nothing."""
    share = share_if_known(seen, facts)
    little = share is not None and share <= _LITTLE
    return little and facts.gap_s > _GAPS * seen.record.baseline.worst_gap_s


def _fill_s(seen: Observation) -> int:
    """Seconds until kernels with the usual capacity are full, with a margin."""
    return 1 + round(1.5 * KERNEL_ROOM_BYTES / max(1.0, seen.record.baseline.bytes_per_s))
