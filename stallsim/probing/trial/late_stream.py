"""Whether the stalled client receives the witness's stream, but later, after its wake."""

from ..client.message_log import MessageLog

_OWN_MIN, _OWN_SHARE, _LOOKED_AT = 2, 0.5, 20
"""Answers on joining may be the same for each client; of a stream of its own, most messages are."""


class LateStream:
    """Asked repeatedly while both clients read."""

    def __init__(self, witness: MessageLog, stalled: MessageLog, joined: int) -> None:
        """``joined``: how many messages the witness had read when the other client joined."""
        self._witness, self._stalled = witness, stalled
        self._before = set(witness.digests[:joined])
        self._shared = False

    def is_shared(self) -> bool:
        """Whether the stalled client's latest message is in the witness's log, with later ones after it, or
        once was.
        """
        if not self._stalled.digests or self._has_its_own():
            return False
        latest = self._stalled.digests[-1]
        late = latest in self._witness.digests and latest != self._witness.digests[-1]
        self._shared = self._shared or late
        return self._shared

    def _has_its_own(self) -> bool:
        """What it was given first is what the witness was given alone: each has a stream of its own. Asked
        each time, since a client that was stalled from the beginning is given nothing before its wake.
        """
        first = self._stalled.digests[:_LOOKED_AT]
        again = sum(one in self._before for one in first)
        return again >= max(_OWN_MIN, _OWN_SHARE * len(first))
