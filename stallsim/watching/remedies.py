"""Commands and settings that help, for the user to choose from: a watch itself changes nothing."""

from collections.abc import Sequence

from ..kinds import Word
from ..timeline.watched import WatchedConnection

_ENDED_BY_HAND = frozenset({Word.STALLED, Word.SHUT_THEN_GONE, Word.UNACKNOWLEDGED, Word.ORPHAN})
_NAMED = 3


def remedies(connections: Sequence[WatchedConnection]) -> tuple[str, ...]:
    """Remedies for the worst few connections, and for all connections with the same words."""
    words = {one.word for one in connections}
    lines = [
        f"to end {one.peer}: ss -tK {_ends(one)}  (as root, with CONFIG_INET_DIAG_DESTROY)"
        for one in connections
        if Word(one.word) in _ENDED_BY_HAND
    ][:_NAMED]
    if {Word.STALLED.value, Word.WINDOW_SHUT.value} & words:
        lines.append(
            "server: limit each client's queue, and beyond it drop messages or disconnect the client; "
            "TCP_USER_TIMEOUT ends a connection whose window stays shut, keepalive does not"
        )
    if {Word.UNACKNOWLEDGED.value, Word.SHUT_THEN_GONE.value} & words:
        lines.append("server: TCP_USER_TIMEOUT, or WebSocket Pings with a timeout, end a peer that is gone")
    if Word.ORPHAN.value in words:
        lines.append(
            "server: abort a stalled connection (SO_LINGER 0) instead of closing it: close() frees nothing"
        )
    if Word.SERVER_NOT_READING.value in words:
        lines.append("server: examine the server: its reader task may have ended, or may wait for a write")
    return tuple(lines)


def _ends(one: WatchedConnection) -> str:
    host, _, port = one.peer.rpartition(":")
    return f"sport = :{one.port} dst {host} dport = :{port}"
