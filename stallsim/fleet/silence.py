"""For how long a witness was given no data: Pongs are none, and our own lag is not counted."""

import trio

from ..probing.client.stream_client import StreamClient

_EACH_S = 0.05


class LongestSilence:
    """Of one witness, in periods that ``turn`` ends; a silence that goes on counts in the next one, too."""

    def __init__(self, client: StreamClient) -> None:
        self._client = client
        self._message_s = client.last_message_s
        self._lag_s = 0.0
        """For so long this program was kept from looking since that message."""
        self._longest_s = 0.0

    async def run(self) -> None:
        """Look at short intervals until the connection has ended, since a message ends a silence."""
        while self._client.ended is None:
            due_s = trio.current_time() + _EACH_S
            await trio.sleep_until(due_s)
            self.look(trio.current_time(), due_s)

    def look(self, now_s: float, due_s: float) -> None:
        """One look, at ``now_s``, which was to be at ``due_s``."""
        if self._client.last_message_s != self._message_s:
            self._message_s, self._lag_s = self._client.last_message_s, 0.0
        self._lag_s += min(now_s - due_s, now_s - self._message_s)
        self._longest_s = max(self._longest_s, now_s - self._message_s - self._lag_s)

    def turn(self) -> float:
        """The longest since the last turn."""
        longest_s, self._longest_s = self._longest_s, 0.0
        return longest_s
