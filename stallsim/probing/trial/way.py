"""The ways in which a stall is tried: a server may end a connection before the stall for a Ping, for one
client too many, or because a busy machine let a client read late.
"""

import dataclasses
from dataclasses import dataclass

from ..client.stream_client import StreamClient
from .joined_witness import JoinedWitness

_AGAIN = 4
"""How often a client that was ended before its stall is replaced. On a busy machine a server with small
buffers may end a client that reads a few hundredths of a second late.
"""


class PingUnwelcome(Exception):
    """The witness's connection ended in the baseline while its first Ping was unanswered."""


class ControlUnwelcome(Exception):
    """A connection ended in the baseline while there were three: the server may allow only two."""


class EndedBefore(Exception):
    """The connection of the client that was to stall ended in the baseline."""


@dataclass(frozen=True)
class Way:
    """The parts of an attempt at a stall besides the witness and the client that stalls."""

    sends_pings: bool
    """Whether the witness sends Pings."""
    has_control: bool
    """Whether the silent control joins."""
    again: int = _AGAIN
    """How many more clients may replace one that was ended before its stall."""

    def without(self, reason: BaseException) -> "Way | None":
        """The way in which the stall is tried next; None if the reason does not call for another try."""
        match reason:
            case PingUnwelcome():
                return dataclasses.replace(self, sends_pings=False)
            case ControlUnwelcome():
                return dataclasses.replace(self, has_control=False)
            case EndedBefore():
                return dataclasses.replace(self, again=self.again - 1)
            case _:
                return None

    def reason_to_leave_it(
        self, witness: JoinedWitness, control: StreamClient | None, *, ended: bool, from_the_start: bool
    ) -> type[Exception] | None:
        """Why the stall is to be tried in another way, asked when the baseline is complete; None: go on.

        ``ended``: whether the connection of the client that is to stall has ended; ``from_the_start``:
        whether that client reads nothing at all, so that its end may be for its stall.
        """
        if witness.ping_latency is not None and witness.ping_latency.unwelcome:
            return PingUnwelcome
        if control is not None and (ended or witness.client.ended):
            return ControlUnwelcome
        if self.again and ended and not from_the_start:
            return EndedBefore
        return None
