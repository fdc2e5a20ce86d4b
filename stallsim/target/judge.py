"""From what was seen to what it means: rules in the order in which they are asked, each with its reasons.

The wake test decides between held, dropped and never produced; memory and rates only support it.
"""

from msgspec import Struct

from .comparison import Kind
from .eyes import paced_alike
from .facts import Facts, facts_of
from .findings import find
from .observation import Observation
from .outcomes import Confidence, Dropped, Finding, Outcome

LOW_BELOW_BYTES, HIGH_FROM_BYTES = 8 * 2**20, 64 * 2**20
_BLOCKED_SHARE, _BLOCKED_S, _BLOCKED_GAPS = 0.1, 1.0, 4
_RESUMED_SHARE = 0.3
_CAUGHT_UP, _BEHIND = 0.25, 0.6
"""Of the messages refused: with less not given in the end, they were held; with more, never made."""
_MESSAGES_MIN = 3
_MISSING_MIN = 2
_LOSSY = 3.0
"""How many times as often as before the stall messages must be missing where some always are."""
_FLAT, _GROWN = 0.05, 0.3
"""Amplification that says that memory did not, or did, follow what was refused."""
_WAITED = (
    "after the wake its stream went on where it had stopped, without a gap and without catching up: what "
    "was not read was not produced"
)
_WAITED_COUNTED = (
    "after the wake came no more than the kernels held; the messages do not tell whether the rest was "
    "dropped or never produced, but each client has messages of its own, which speaks for the latter"
)


class Judgement(Struct, frozen=True, kw_only=True):
    """An outcome and why."""

    outcome: Outcome
    confidence: Confidence
    because: str
    """The rule that decided, in a sentence."""
    change: str = ""
    """What to change in order to know, where the outcome is inconclusive or its confidence low."""
    dropped: Dropped | None = None
    findings: tuple[Finding, ...] = ()


def judge(seen: Observation) -> Judgement:
    """Pure: the same observation, the same judgement."""
    facts = facts_of(seen)
    verdict = (
        _unfit(seen, facts)
        or _closed(seen)
        or _blocked(seen, facts)
        or _untested(seen, facts)
        or _gone(seen, facts)
        or _dropped(seen, facts)
        or _held_or_waited(seen, facts)
    )
    return Judgement(
        outcome=verdict.outcome,
        confidence=verdict.confidence,
        because=verdict.because,
        change=verdict.change,
        dropped=verdict.dropped,
        findings=find(seen, facts, verdict.outcome),
    )


def _inconclusive(because: str, change: str) -> Judgement:
    return Judgement(
        outcome=Outcome.INCONCLUSIVE, confidence=Confidence.LOW, because=because, change=change
    )


def _unfit(seen: Observation, facts: Facts) -> Judgement | None:
    """The server ended, or never sent anything: then nothing else means what it seems to mean."""
    if seen.server_gone:
        return _inconclusive(
            f"the server's process ended {facts.stalled_s:.1f} s into the stall",
            "see what it printed; a crash under a stalled client is worth a look of its own",
        )
    if seen.baseline.messages < _MESSAGES_MIN:
        return _inconclusive(
            f"the witness was given {seen.baseline.messages} messages in {seen.baseline.seconds:.1f} s "
            "before the stall: there is no stream to stall",
            "subscribe with --hello TEXT, answer heartbeats with --reply MATCH=TEXT, make the server send",
        )
    if seen.witness_ended:
        return _inconclusive(
            "the witness's connection ended, too: the server closes or drops everybody",
            "see why the server ended the connection of a client that reads; --reply answers heartbeats",
        )
    return None


def _closed(seen: Observation) -> Judgement | None:
    end = seen.end
    if end is None or seen.stall.vanishes:
        return None
    if end.how == "protocol-error":
        return _inconclusive(
            f"the server broke the protocol after the wake ({end.reason})", "mend that first"
        )
    return Judgement(
        outcome=Outcome.DISCONNECTS,
        confidence=Confidence.HIGH,
        because="the server ended the stalled client's connection, and the witness's goes on",
    )


def _blocked(seen: Observation, facts: Facts) -> Judgement | None:
    least_s = max(_BLOCKED_S, _BLOCKED_GAPS * seen.baseline.worst_gap_s)
    share_max = max(_BLOCKED_SHARE, 2 * seen.stall.rate_share)
    if seen.stall.reads_all or facts.share is None:
        return None
    if facts.share > share_max or facts.pressed_s < least_s:
        return None
    if not seen.verified and not seen.stall.rate_share:
        return None
    after, usual = seen.witness_after_per_s, seen.baseline.bytes_per_s
    resumed = after is not None and after >= _RESUMED_SHARE * usual
    if resumed or (seen.stall.vanishes and facts.pressed_s >= 2 * least_s):
        return Judgement(
            outcome=Outcome.BLOCKS_EVERYONE,
            confidence=Confidence.HIGH if resumed else Confidence.MEDIUM,
            because="the witness was given nothing more once the stalled client's kernel was full"
            + (", and again as soon as it read" if resumed else ""),
        )
    return _inconclusive(
        "the stream stopped for everybody during the stall and did not come back after it",
        "the stream may just have ended: let the server send for longer than the probe takes",
    )


def _untested(seen: Observation, facts: Facts) -> Judgement | None:
    if seen.stall.reads_all:
        return _inconclusive(
            f"a client that reads but answers no Ping was not disconnected within {facts.stalled_s:.0f} s",
            "a longer --keepalive; this stall says nothing about memory",
        )
    if seen.full_after_s is None:
        return _inconclusive(
            "the server sent too little: the kernels took everything "
            f"({seen.kernel_bytes:,} bytes) within the {facts.stalled_s:.1f} s",
            f"a faster stream, or --watch: at {seen.baseline.bytes_per_s:,.0f} bytes a second "
            "the kernels alone hold it for a while",
        )
    if not seen.verified and not seen.stall.rate_share:
        return _inconclusive(
            "the stall did not take: the client's kernel was given more to the end",
            "--watch for longer",
        )
    return None


def _gone(seen: Observation, facts: Facts) -> Judgement | None:
    """A client that never reads again tells nothing of what was held for it; memory may."""
    if not seen.stall.vanishes:
        return None
    if facts.amplification is not None and facts.amplification >= _GROWN:
        return Judgement(
            outcome=Outcome.UNBOUNDED_GROWTH,
            confidence=Confidence.LOW,
            because="the process's memory grew with what the kernels refused, until the client had gone",
            change="the other stalls have a wake test",
        )
    return _inconclusive(
        "a client that never reads again cannot show what was held for it",
        "see the other stalls; this one is about what remains after the client",
    )


def _dropped(seen: Observation, facts: Facts) -> Judgement | None:
    compared = seen.comparison
    if compared.missing is None or compared.missing < _MISSING_MIN:
        return None
    usual = compared.missing_before / max(1, compared.compared_before)
    if compared.missing < _LOSSY * usual * max(1.0, facts.refused_messages):
        return None
    return Judgement(
        outcome=Outcome.BOUNDED_DROPS,
        confidence=Confidence.HIGH if compared.kind is Kind.SHARED else Confidence.MEDIUM,
        because=f"{compared.missing:,} messages that the witness was given never came, "
        f"by {compared.kind.value}, and the connection went on",
        dropped=compared.dropped,
    )


def _held_or_waited(seen: Observation, facts: Facts) -> Judgement:
    compared = seen.comparison
    behind = compared.lag_end / max(1.0, facts.refused_messages)
    confidence = _by_bytes(seen.refused_bytes)
    counted = compared.kind is Kind.COUNTED
    flat = facts.amplification is not None and facts.amplification < _FLAT
    if counted and not paced_alike(seen.baseline.pace):
        return _by_memory(facts)
    if behind <= _CAUGHT_UP or compared.draining:
        weaker = counted or compared.draining or flat
        return Judgement(
            outcome=Outcome.UNBOUNDED_GROWTH,
            confidence=_weaken(confidence) if weaker else confidence,
            because="after the wake came everything that the kernels had refused, and nothing was missing, "
            f"by {compared.kind.value}"
            + ("; it was still coming when the watch ended" if compared.draining else ""),
            change="--watch and --stop-at, to see whether there is a bound beyond this",
        )
    if behind >= _BEHIND or not counted:
        return Judgement(
            outcome=Outcome.BACKPRESSURE_ISOLATED,
            confidence=_weaken(confidence) if counted else confidence,
            because=_WAITED_COUNTED if counted else _WAITED,
            change="--watch and --stop-at, to see whether it is disconnected later",
        )
    return _inconclusive(
        f"after the wake came a part of what had been refused ({1 - behind:.0%}), by counts alone",
        "messages with a running number in them would tell; so would a longer --watch",
    )


def _by_memory(facts: Facts) -> Judgement:
    """Each client's stream runs at its own pace: whether one has caught up cannot be told."""
    if facts.amplification is None or _FLAT <= facts.amplification < _GROWN:
        return _inconclusive(
            "each client's stream runs at its own pace, and memory does not tell either",
            "a stream that all clients share, or messages with a running number",
        )
    grown = facts.amplification >= _GROWN
    return Judgement(
        outcome=Outcome.UNBOUNDED_GROWTH if grown else Outcome.BACKPRESSURE_ISOLATED,
        confidence=Confidence.LOW,
        because="each client's stream runs at its own pace, and the process's memory "
        + ("grew with what was refused" if grown else "did not grow"),
        change="a stream that all clients share, or messages with a running number",
    )


def _by_bytes(refused_bytes: int) -> Confidence:
    if refused_bytes < LOW_BELOW_BYTES:
        return Confidence.LOW
    return Confidence.MEDIUM if refused_bytes < HIGH_FROM_BYTES else Confidence.HIGH


def _weaken(confidence: Confidence) -> Confidence:
    return Confidence.MEDIUM if confidence is Confidence.HIGH else Confidence.LOW
