"""What the looks at one connection have shown so far: its word, since when, and its shut windows. Pure."""

from dataclasses import dataclass

from ..kernel.diag_socket import DiagSocket
from ..kinds import CALM, Word
from .pair import Pair
from .words import decide

_TWICE = frozenset({Word.FALLING_BEHIND, Word.SERVER_NOT_READING})
"""A burst looks like these for a moment: they are used when two looks in a row show them."""
_LEFT_SLOWLY = frozenset({Word.SLOW_READER, Word.FALLING_BEHIND})
"""So that who is slow is not said to keep up at each moment at which it does."""
_QUIET = frozenset({Word.IDLE, Word.KEEPS_UP, Word.NEW})
_FORGIVEN_S = 30.0
"""Longer pauses than this are stalls, however often they end."""


@dataclass
class Track:
    """One connection, from the first look at which something waited."""

    word: Word
    since_s: float
    found_so: bool = False
    """It was like this at the first look, and may have been for longer."""
    last: Word | None = None
    acked: int | None = None
    still_since_s: float = 0.0
    shut_since_s: float | None = None
    opened_after_s: float = 0.0
    peer_read: int | None = None

    @property
    def quiet(self) -> bool:
        """There is nothing to remember of it."""
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
        """The newest look at it, ``peer`` being its other end where that is on this machine."""
        acked = now.info.bytes_acked if now.info is not None else -now.wqueue
        if acked != self.acked or not now.wqueue:
            self.acked, self.still_since_s = acked, at_s
        pair = Pair(
            now, before, seconds, after_s, at_s - self.still_since_s, self.opened_after_s, self._took(peer)
        )
        self._note_window(pair, at_s)
        return pair._replace(opened_after_s=self.opened_after_s)

    def settle(self, pair: Pair, at_s: float) -> Word:
        """The word that is used, after the newest look."""
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

    def _took(self, peer: DiagSocket | None) -> int | None:
        """What the peer's process has taken from its kernel since the look before."""
        if peer is None or peer.info is None:
            return None
        read, before = peer.info.bytes_received - peer.rqueue, self.peer_read
        self.peer_read = read
        return None if before is None else read - before

    def _note_window(self, pair: Pair, at_s: float) -> None:
        """A window that opens again and again, a little at a time, is a slow reader's; one behind which
        nothing is left has been emptied by somebody who has woken.
        """
        if pair.shut:
            began_s = at_s - pair.quiet_s
            if self.shut_since_s is not None and began_s > self.shut_since_s + 1.0:
                self._opened(began_s)  # between two looks
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
