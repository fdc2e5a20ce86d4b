"""Decides which word fits a connection: the first row of one table that fits. Pure.

docs/watch.md is generated from ``RULES``. A word about a peer is used only if the kernel's own figures show
it: *stalled* requires a window that is shut the whole time, bytes that wait behind it, and a peer whose
kernel answers. Bytes that wait behind an open window (a corked or a paced socket, a slow network) are no
stall, even if the persist timer runs.
"""

from collections.abc import Callable
from typing import NamedTuple

from ..kernel.diag_socket import TcpState, Timer
from ..kinds import Word
from .pair import FIN_SENT, Pair

_TIMEOUTS = 2
"""Unanswered probes in a row. A live peer often leaves one unanswered, since its kernel answers at most one
in 500 ms.
"""
FALL_SHARE = 0.2
"""When a reader has stopped, its window shrinks by at least this share of what it received. Auto-tuning
moves a window by as much while the reader keeps up.
"""

_LITTLE_S = 1.0
"""Unsent bytes are few if they can be sent within this many seconds."""


class Rule(NamedTuple):
    """One row: a word, the condition for it, and both in words."""

    word: Word
    fits: Callable[[Pair], bool]
    when: str
    means: str


def _orphan(pair: Pair) -> bool:
    return pair.now.state in FIN_SENT and not pair.now.inode and pair.now.wqueue > 1


def _not_accepted(pair: Pair) -> bool:
    return not pair.now.inode and pair.now.state in (TcpState.ESTABLISHED, TcpState.CLOSE_WAIT)


def _unacknowledged(pair: Pair) -> bool:
    """Whether retransmissions of data, or keepalive probes, are unanswered (RFC 9293 3.8.4)."""
    now = pair.now
    if now.retrans < _TIMEOUTS:
        return False
    if now.timer is Timer.KEEPALIVE:
        return now.state not in FIN_SENT
    return now.timer is Timer.ON and now.wqueue > 0 and (pair.silent or not pair.shut)


def _shut_then_gone(pair: Pair) -> bool:
    probes = pair.now.timer is Timer.PERSIST and pair.now.retrans >= _TIMEOUTS
    return pair.shut and probes and pair.silent


def _reads_behind_a_shut_window(pair: Pair) -> bool:
    """Whether the peer has read since the window was shut, and within ``after_s``."""
    still_s, read_ago_s = pair.peer_still_s, pair.peer_read_ago_s
    if not pair.shut or still_s is None or read_ago_s is None:
        return False
    return read_ago_s <= pair.quiet_s and still_s < pair.after_s


def _shut_as_before(pair: Pair) -> bool:
    return pair.shut and pair.quiet_s < 2 * pair.opened_after_s


def _shut_and_opened(pair: Pair) -> bool:
    """Whether the window was shut and opened. A peer on this machine must also have been seen to read,
    since a kernel also makes room by compacting its queue.
    """
    return pair.shut_and_opened and (pair.peer_still_s is None or pair.peer_read_ago_s is not None)


def _stalled(pair: Pair) -> bool:
    return pair.shut and pair.quiet_s >= pair.after_s


def _persist(pair: Pair) -> bool:
    return pair.now.info is None and pair.now.timer is Timer.PERSIST


def _falling_behind(pair: Pair) -> bool:
    fall = pair.window_fall_bytes
    return pair.acked_bytes > 0 and fall > FALL_SHARE * pair.acked_bytes


def _keeps_up(pair: Pair) -> bool:
    """Whether the peer keeps up. Few unsent bytes (Nagle, RFC 9293 3.7.4) do not count against it."""
    before = pair.before
    drained = before is not None and before.info is not None and not before.info.notsent_bytes
    little = pair.unsent_bytes <= pair.acked_rate * _LITTLE_S
    return pair.acked_bytes > 0 and (drained or little)


RULES = (
    Rule(
        Word.ORPHAN, _orphan,
        "the server has closed it (FIN-WAIT-1, LAST-ACK or CLOSING, no inode), and bytes are still queued",
        "the server has released it, its kernel has not; bytes stay until the peer reads or probes fail",
    ),
    Rule(
        Word.NOT_ACCEPTED, _not_accepted,
        "ESTABLISHED or CLOSE-WAIT, and no process holds the socket",
        "the server has not accepted the connection yet",
    ),
    Rule(
        Word.UNACKNOWLEDGED, _unacknowledged,
        "two retransmissions, or two keepalive probes, in a row had no acknowledgement",
        "the network or the host is gone",
    ),
    Rule(
        Word.SHUT_THEN_GONE, _shut_then_gone,
        "the window is shut, two probes in a row had no answer, and the last answer is older than both",
        "the connection was stalled, and now the peer's kernel does not answer either",
    ),
    Rule(
        Word.SLOW_READER, _reads_behind_a_shut_window,
        "the window is shut, and the peer's process, on this machine, has read since then, within `after=`",
        "the peer reads, but too little for its kernel to open the window",
    ),
    Rule(
        Word.SLOW_READER, _shut_as_before,
        "the window has been shut for less than twice the longest time after which it opened again",
        "the peer reads from time to time",
    ),
    Rule(
        Word.STALLED, _stalled,
        "the window is shut, the peer's kernel answers probes, and nothing was sent for at least `after=`",
        "the peer's kernel answers, and its program does not read",
    ),
    Rule(
        Word.SLOW_READER, _shut_and_opened,
        "between two readings the window was shut, and bytes were acknowledged, too (but not if the peer's "
        "process, on this machine, has read nothing, since a kernel also makes room by compacting)",
        "the peer reads, but less than the server sends",
    ),
    Rule(
        Word.WINDOW_SHUT, lambda pair: pair.shut,
        "the window is shut, for less than `after=`",
        "a pause, a slow reader, or the beginning of a stall: it is too early to know which",
    ),
    Rule(
        Word.PERSIST, _persist,
        "the source reports no window, and the persist timer runs",
        "bytes wait for a window or a full segment; this source cannot show whether the peer is stalled",
    ),
    Rule(
        Word.NEW, lambda pair: pair.before is None,
        "the connection was read once",
        "it is too early to know",
    ),
    Rule(
        Word.SERVER_NOT_READING, lambda pair: pair.server_read_nothing,
        "bytes from the peer wait, and the server has read none of them between two readings",
        "the server may have stopped reading",
    ),
    Rule(
        Word.FALLING_BEHIND, _falling_behind,
        "between two readings the window became smaller by more than a fifth of what was acknowledged",
        "the peer's kernel receives more than its program reads; the server's queues are still empty",
    ),
    Rule(
        Word.KEEPS_UP, _keeps_up,
        "bytes were acknowledged between two readings, and less than is acknowledged in a second is unsent",
        "the peer receives what the server sends",
    ),
    Rule(
        Word.SENDING, lambda pair: pair.now.wqueue > 0,
        "bytes are queued behind an open window",
        "the bytes are in flight, or delayed by the network or the server's own socket (TCP_CORK, pacing)",
    ),
    Rule(
        Word.NOTHING_WAITS, lambda pair: pair.now.info is None,
        "the source reports no counts, and nothing is queued",
        "the peer keeps up, is idle, or is dead: this source cannot show which",
    ),
    Rule(
        Word.IDLE, lambda _: True,
        "nothing is queued, and nothing was acknowledged between two readings",
        "nothing is sent to the peer; a dead peer looks the same until something is sent",
    ),
)  # fmt: skip
"""The rules, in the order in which they are tried."""


def decide(pair: Pair, without: frozenset[Word] = frozenset()) -> Word:
    """The word of the first row that applies, other than those in ``without``."""
    return next(rule.word for rule in RULES if rule.word not in without and rule.fits(pair))
