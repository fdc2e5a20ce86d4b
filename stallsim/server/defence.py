"""What a server has against a client that does not read."""

from collections.abc import Sequence
from typing import NamedTuple

from .guards import Disconnection, Guard, Standing
from .policies import Policy


class Defence(NamedTuple):
    """One policy for the messages, and any number of guards for the connection."""

    policy: Policy
    guards: Sequence[Guard] = ()

    @property
    def ping_interval_s(self) -> float | None:
        """How often its guards need a Ping to be sent; None: not at all."""
        return min((one.ping_interval_s for one in self.guards if one.ping_interval_s), default=None)

    def impatient(self, standing: Standing) -> Guard | None:
        """The first guard whose patience is over; where a Close is wanted already, one that aborts."""
        for guard in self.guards:
            begun = standing.closing_s is not None and guard.ends_by is Disconnection.CLOSE
            if not begun and guard.due(standing):
                return guard
        return None
