"""The readings from which a word follows, in phrases that can be checked with ``ss``."""

from typing import assert_never

from ..kernel.diag_socket import DiagSocket, Timer
from ..kinds import Word
from ..units import format_count, format_seconds, format_size
from .pair import Pair


def why(pair: Pair, word: Word) -> str:
    """The evidence for the connection's word, in one phrase."""
    now = pair.now
    match word:
        case Word.STALLED | Word.WINDOW_SHUT:
            answered = f"the peer's kernel answered {_answered(now)} ago"
            return f"{_window(now)}; {answered}{_reads_nothing(pair)}{_both_wait(pair)}"
        case Word.SHUT_THEN_GONE:
            return f"{_window(now)}; {now.retrans} probes unanswered, last answer {_answered(now)} ago"
        case Word.UNACKNOWLEDGED if now.timer is Timer.KEEPALIVE:
            return f"{now.retrans} keepalive probes in a row unanswered, last answer {_answered(now)} ago"
        case Word.UNACKNOWLEDGED:
            return (
                f"{format_size(pair.inflight_bytes)} in flight, {now.retrans} retransmissions in a row; "
                f"last acknowledgement {_answered(now)} ago"
            )
        case Word.ORPHAN:
            return f"{now.state.written}, no process holds it, {_queue(now)} queued"
        case Word.SERVER_NOT_READING:
            return f"{format_size(now.rqueue)} from this peer unread by the server"
        case Word.PERSIST:
            return f"persist timer, {_queue(now)} queued; this source does not show the window"
        case Word.SLOW_READER:
            return _slowly(pair)
        case Word.FALLING_BEHIND:
            fall = format_size(pair.window_fall_bytes)
            end = format_seconds(max(0.001, pair.shuts_in_s))
            acked = format_size(pair.acked_bytes)
            return f"the window shrank by {fall} while {acked} were acknowledged; shut in ~{end}"
        case Word.NOT_ACCEPTED:
            return f"{now.state.written}, and no process holds the socket"
        case Word.SENDING:
            return f"{_queue(now)} queued behind an open window; timer {now.timer.name.lower()}"
        case Word.KEEPS_UP:
            return f"{format_size(pair.acked_bytes)} acknowledged in {format_seconds(pair.seconds)}"
        case Word.IDLE:
            return "nothing queued, nothing acknowledged; a dead peer looks the same"
        case Word.NOTHING_WAITS:
            return "nothing queued"
        case Word.NEW:
            return "read once"
        case _:
            assert_never(word)


def _window(now: DiagSocket) -> str:
    if now.info is None:
        return "window not seen"
    segment = min(now.info.snd_mss, now.info.notsent_bytes)
    return f"window {format_count(now.info.snd_wnd)} B, next segment {format_count(segment)} B"


def _answered(now: DiagSocket) -> str:
    return "?" if now.info is None else format_seconds(now.info.last_ack_recv / 1000)


def _queue(now: DiagSocket) -> str:
    return format_size(now.wqueue)


def _reads_nothing(pair: Pair) -> str:
    """What the peer's socket shows, if it is on this machine."""
    if pair.peer_still_s is None or pair.peer_still_s < 1.0:
        return ""
    still = format_seconds(pair.peer_still_s)
    return f"; its process, on this machine, has read nothing in the last {still}"


def _both_wait(pair: Pair) -> str:
    """A note for a stalled peer whose own bytes the server has not read: both may be waiting for each
    other.
    """
    if not pair.now.rqueue:
        return ""
    unread = format_size(pair.now.rqueue)
    return f"; the server has not read {unread} from this peer, so each may wait for the other"


def _slowly(pair: Pair) -> str:
    if pair.shut and pair.peer_read_ago_s is not None and pair.peer_read_ago_s <= pair.quiet_s:
        ago = format_seconds(max(0.001, pair.peer_read_ago_s))
        return f"the peer's process, on this machine, was seen to read {ago} ago, while the window was shut"
    if pair.shut and pair.opened_after_s > pair.quiet_s / 2:
        return f"the window is shut again; before, it opened after {format_seconds(pair.opened_after_s)}"
    shut = format_seconds(max(0.001, min(pair.limited_s, pair.seconds)))
    acked = format_size(pair.acked_bytes)
    return (
        f"{acked} acknowledged in {format_seconds(pair.seconds)}, the window shut for {shut} of that time"
    )
