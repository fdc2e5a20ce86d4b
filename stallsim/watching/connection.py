"""Makes a snapshot's record of one connection from its two readings, its word and its track."""

from ..kernel.diag_socket import DiagSocket
from ..kinds import Word
from ..timeline.watched import WatchedConnection
from .evidence import why
from .pair import Pair

_BY_THE_KERNEL = frozenset({Word.STALLED, Word.WINDOW_SHUT, Word.UNACKNOWLEDGED, Word.SHUT_THEN_GONE})


def watched_connection(
    pair: Pair, word: Word, peer: str, since_s: float, found_so: bool
) -> WatchedConnection:
    """The record of one connection.

    ``since_s`` is the number of seconds for which the looks have shown this word. ``found_so`` says that it
    was the connection's first word, so the connection may have had it for longer.
    """
    now, info = pair.now, pair.now.info
    age_s = _age_s(pair, word)
    return WatchedConnection(
        cookie=now.id.cookie,
        port=now.id.own_port,
        peer=peer,
        word=word.value,
        for_s=round(since_s if age_s is None else age_s, 3),
        at_least=(age_s is None and found_so) or (word in _BY_THE_KERNEL and bool(pair.inflight_bytes)),
        why=why(pair, word),
        state=now.state.written,
        unsent_bytes=None if info is None else pair.unsent_bytes,
        inflight_bytes=None if info is None else pair.inflight_bytes,
        queued_bytes=pair.queued_bytes,
        unread_bytes=now.rqueue,
        window_bytes=None if info is None else info.snd_wnd,
        ulp=now.ulp or "",
        pinned_bytes=None if now.memory is None else now.memory.wmem_queued,
        sndbuf_bytes=None if now.memory is None else now.memory.sndbuf,
        limited_share=None if info is None else _share(now),
        acked_rate=None if pair.before is None or info is None else round(pair.acked_rate, 1),
        answered_ago_s=None if info is None else info.last_ack_recv / 1000,
        peer_seen=pair.peer_still_s is not None,
        shuts_in_s=round(pair.shuts_in_s, 1) if word is Word.FALLING_BEHIND else None,
    )


def _age_s(pair: Pair, word: Word) -> float | None:
    """Seconds since the state began, by the kernel's own clock; None if the kernel does not measure
    this.
    """
    info = pair.now.info
    if info is None:
        return None
    match word:
        case Word.STALLED | Word.WINDOW_SHUT:
            return pair.quiet_s
        case Word.UNACKNOWLEDGED | Word.SHUT_THEN_GONE:
            return info.last_ack_recv / 1000
        case Word.ORPHAN:
            return pair.quiet_s if pair.shut else info.last_ack_recv / 1000
        case Word.SERVER_NOT_READING:
            return info.last_data_recv / 1000
        case Word.IDLE:
            return min(info.last_data_sent, info.last_data_recv) / 1000
        case _:
            return None


def _share(now: DiagSocket) -> float | None:
    if now.info is None or not now.info.busy_time:
        return None
    return round(min(1.0, now.info.rwnd_limited / now.info.busy_time), 3)
