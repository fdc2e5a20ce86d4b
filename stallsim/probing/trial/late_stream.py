"""Decides whether the stalled client receives the witness's stream, but later, after its wake."""

from ..client.message_log import MessageLog

_OWN_MIN = 2
"""If at least this many of the stalled client's first messages were received by the witness before the
join, each client has a stream of its own; fewer of them may be answers on joining.
"""
_OWN_SHARE = 0.5
"""The least share of such messages for a stream of its own."""
_LOOKED_AT = 20
"""The number of first messages that are examined."""


class LateStream:
    """Examines the logs of both clients while they read."""

    def __init__(self, witness: MessageLog, stalled: MessageLog, joined: int) -> None:
        """``joined``: messages that the witness had read when the stalled client joined."""
        self._witness, self._stalled = witness, stalled
        self._before = set(witness.digests[:joined])
        self._shared = False

    def is_shared(self) -> bool:
        """Whether the stalled client's latest message is, or once was, in the witness's log with later
        ones after it.
        """
        if not self._stalled.digests or self._has_its_own():
            return False
        latest = self._stalled.digests[-1]
        late = latest in self._witness.digests and latest != self._witness.digests[-1]
        self._shared = self._shared or late
        return self._shared

    def _has_its_own(self) -> bool:
        """Whether the stalled client first received messages that the witness had received alone, so that
        each has a stream of its own. Checked at each call, since some stalled clients receive nothing
        before the wake.
        """
        first = self._stalled.digests[:_LOOKED_AT]
        again = sum(one in self._before for one in first)
        return again >= max(_OWN_MIN, _OWN_SHARE * len(first))
