"""The defence of a server against a client that does not read."""

from collections.abc import Sequence
from typing import NamedTuple

from .guards import Disconnection, Guard, StateTimes
from .policies import Policy


class Defence(NamedTuple):
    """One policy for the messages, and any number of guards for the connection."""

    policy: Policy
    guards: Sequence[Guard] = ()

    @property
    def ping_interval_s(self) -> float | None:
        """Seconds between two Pings that the guards need; None: they need none."""
        return min((one.ping_interval_s for one in self.guards if one.ping_interval_s), default=None)

    def overdue(self, times: StateTimes) -> Guard | None:
        """The first guard whose time has run out; if a Close is already wanted, only guards that abort
        count.
        """
        for guard in self.guards:
            begun = times.closing_s is not None and guard.ends_by is Disconnection.CLOSE
            if not begun and guard.due(times):
                return guard
        return None
