"""What the looks at one connection have shown: its word, since when, and its shut windows. Pure."""

from dataclasses import dataclass

from ..kernel.diag_socket import DiagSocket
from ..kinds import CALM, Word
from .pair import Pair
from .words import decide

_TWICE = frozenset({Word.FALLING_BEHIND, Word.SERVER_NOT_READING})
"""Words that a short burst can cause, too; they are used only if two looks in a row show them."""
_LEFT_SLOWLY = frozenset({Word.SLOW_READER, Word.FALLING_BEHIND})
"""Words that a single calm look does not end, since a slow client keeps up from time to time."""
_QUIET = frozenset({Word.IDLE, Word.KEEPS_UP, Word.NEW})
_FORGIVEN_S = 30.0
"""A shut time longer than this many seconds is a stall, even if such times often end."""


@dataclass
class PeerEnd:
    """What the looks have shown of a peer's process, if it is on this machine."""

    since_s: float
    """The time since which the looks have shown that nothing was read."""
    read: int | None = None
    read_at_s: float | None = None
    """The time of the look before the one that found newly read bytes: the read was no earlier."""
    looked_at_s: float = 0.0

    def look(self, peer: DiagSocket, at_s: float) -> "PeerEnd":
        """Take one more look at the peer's end."""
        read = peer.info.bytes_received - peer.rqueue if peer.info is not None else None
        if self.read is not None and read is not None and read > self.read:
            self.since_s, self.read_at_s = at_s, self.looked_at_s
        self.read, self.looked_at_s = read, at_s
        return self

    def since(self, at_s: float) -> tuple[float, float | None]:
        """Seconds for which nothing has been read, and at most how many seconds ago something was read."""
        return at_s - self.since_s, None if self.read_at_s is None else at_s - self.read_at_s


@dataclass
class ConnectionTrack:
    """One connection, from the first look at which something waited."""

    word: Word
    since_s: float
    found_so: bool = False
    """The word was found at the very first look, so the connection may have had it for longer."""
    last: Word | None = None
    acked: int | None = None
    still_since_s: float = 0.0
    shut_since_s: float | None = None
    opened_after_s: float = 0.0
    peer: PeerEnd | None = None

    @property
    def quiet(self) -> bool:
        """Whether nothing about the connection needs to be remembered."""
        return self.word in _QUIET and self.last in _QUIET

    def pair(
        self,
        now: DiagSocket,
        before: DiagSocket | None,
        at_s: float,
        seconds: float,
        after_s: float,
        peer: DiagSocket | None,
    ) -> Pair:
        """Add the newest look. ``peer`` is the connection's other end, if that is on this machine."""
        acked = now.info.bytes_acked if now.info is not None else -now.wqueue
        if acked != self.acked or not now.wqueue:
            self.acked, self.still_since_s = acked, at_s
        pair = Pair(now, before, seconds, after_s, at_s - self.still_since_s, self.opened_after_s)
        self.peer = None if peer is None else (self.peer or PeerEnd(at_s)).look(peer, at_s)
        if self.peer is not None:
            still_s, ago_s = self.peer.since(at_s)
            pair = pair._replace(peer_still_s=still_s, peer_read_ago_s=ago_s)
        self._note_window(pair, at_s)
        return pair._replace(opened_after_s=self.opened_after_s)

    def settle(self, pair: Pair, at_s: float) -> Word:
        """Decide which word the connection has after the newest look."""
        found = decide(pair)
        word = found
        if found is not self.last and found is not self.word:
            if found in _TWICE:
                word = decide(pair, frozenset(_TWICE))
            elif found in CALM and self.word in _LEFT_SLOWLY:
                word = self.word
        self.last = found
        if word is not self.word:
            self.word, self.since_s, self.found_so = word, at_s, pair.before is None
        return word

    def _note_window(self, pair: Pair, at_s: float) -> None:
        """Note how long the window was shut. A window that opens again and again, a little at a time,
        belongs to a slow reader; if nothing is left unsent behind it, the client has woken and the history
        is cleared.
        """
        if pair.shut:
            began_s = at_s - pair.quiet_s
            if self.shut_since_s is not None and began_s > self.shut_since_s + 1.0:
                if pair.peer_still_s is None or pair.peer_read_ago_s is not None:
                    self._opened(began_s)  # it opened and shut again between two looks
                self.shut_since_s = None
            if self.shut_since_s is None:
                self.shut_since_s = began_s
            return
        if not pair.unsent_bytes:
            self.opened_after_s = 0.0
        elif self.shut_since_s is not None:
            self._opened(at_s)
        self.shut_since_s = None

    def _opened(self, at_s: float) -> None:
        if self.shut_since_s is not None:
            shut_s = min(at_s - self.shut_since_s, _FORGIVEN_S)
            self.opened_after_s = max(self.opened_after_s, shut_s)
