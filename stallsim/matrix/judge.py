"""Judges an outcome in one word for a table: the worst that was observed, in the order of
``CellVerdict``.
"""

from enum import Enum

from .outcome import Bound, By, CellEnding, CellOutcome, Others, Recovery, Which

_BLOCKED_S = 1.0
"""The witness was blocked if its longest gap exceeds the control's by this many seconds."""
_SLOWED_RATE = 0.9
"""The witness was slowed if it got less than this share of the control's messages."""
_SLOWED_S = 0.2
"""The witness was slowed if its gap or latency exceeds the control's by this many seconds."""
_STUCK_S = 1.5
"""The most seconds from the decision to end a connection to its end; longer than any closing
timeout here.
"""


class Harm(Enum):
    """The effect of one client's stall on the others."""

    NONE = "unharmed"
    SLOWED = "slowed"
    BLOCKED = "blocked"


class CellVerdict(Enum):
    """The words, the worst first."""

    BLOCKS = "blocks"
    """Others are blocked."""
    SLOWS = "slows"
    """Others get less, or get it later."""
    STUCK = "stuck"
    """A guard decided to end the connection, and it did not end for long: its Close waits behind the queue
    or for an answer.
    """
    GROWS = "grows"
    """The server's memory grew, and nothing in the server stopped it."""
    CUT = "cut"
    """The server, or its kernel, ended the connection, and its memory is free."""
    LEFT = "left"
    """The client ended the connection."""
    LOSES = "loses"
    """Messages were dropped; the connection was kept."""
    WAITS = "waits"
    """Only the client's own producer waited; nothing was lost, but everything is late."""
    HELD = "held"
    """A client that does not read, or is gone, and is kept: it costs a descriptor and full buffers."""
    STAYS = "stays"
    """The client was served, but its connection did not end when the server wanted to close it."""
    OK = "ok"


ENDS = (CellVerdict.STUCK, CellVerdict.CUT, CellVerdict.LEFT)
"""Words for connections that have ended, or were to end."""
_FALSE_POSITIVE = (CellVerdict.STUCK, CellVerdict.CUT, CellVerdict.LOSES)


def harm(others: Others, control: Others) -> Harm:
    """The harm to the witness, compared with the control."""
    gap_s = others.gap_max_s - control.gap_max_s
    late_s = (others.latency_p99_us - control.latency_p99_us) / 1e6
    if gap_s >= _BLOCKED_S:
        return Harm.BLOCKED
    fewer = others.messages_per_s < control.messages_per_s * _SLOWED_RATE
    return Harm.SLOWED if fewer or max(gap_s, late_s) >= _SLOWED_S else Harm.NONE


def judge_cell(outcome: CellOutcome, control: Others) -> CellVerdict:
    """The cell's word."""
    match harm(outcome.others, control):
        case Harm.BLOCKED:
            return CellVerdict.BLOCKS
        case Harm.SLOWED:
            return CellVerdict.SLOWS
        case Harm.NONE:
            return _of_the_client(outcome)


def _of_the_client(outcome: CellOutcome) -> CellVerdict:
    """The word for the client under test and the server's memory."""
    ending, memory = outcome.ending, outcome.memory
    match ending.by:
        case By.GUARD | By.POLICY | By.KERNEL:
            return CellVerdict.STUCK if _stuck(ending) else CellVerdict.CUT
        case By.CLIENT:
            return CellVerdict.LEFT
        case By.NOBODY | By.SERVER:
            pass
    if memory.bound is Bound.NOTHING:
        return CellVerdict.GROWS
    if outcome.loss.which is not Which.NONE:
        return CellVerdict.LOSES
    if memory.producer_waited:
        return CellVerdict.WAITS
    unread = outcome.recovery is Recovery.NEVER_WOKE and outcome.loss.waiting_bytes > 0
    if unread or not outcome.opened:
        return CellVerdict.HELD
    return CellVerdict.OK if ending.freed_s is not None else CellVerdict.STAYS


def _stuck(ending: CellEnding) -> bool:
    if ending.freed_s is None or ending.decided_s is None:
        return True
    return ending.freed_s - ending.decided_s > _STUCK_S


def false_positive(word: CellVerdict, *, healthy: bool) -> bool:
    """Whether a client that keeps up was disconnected or lost messages."""
    return healthy and word in _FALSE_POSITIVE
