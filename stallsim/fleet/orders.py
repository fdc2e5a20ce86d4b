"""What the parent tells a process that holds clients, and what that process tells it: JSON, a line each."""

from msgspec import Struct

from ..probing.spec import Target


class Begin(Struct, frozen=True, tag=True, kw_only=True):
    """The first line: where the server is."""

    target: Target
    host: str
    """Numeric; nothing resolves it again."""
    port: int
    sources: tuple[str, ...]
    """The addresses that the clients connect from, in turn; empty: the kernel's choice."""
    at_once: int
    """Handshakes under way, at most."""
    rcvbuf: int | None
    """SO_RCVBUF of kinds that do not set their own; None: the kernel's default."""


class Open(Struct, frozen=True, tag=True, kw_only=True):
    """Open so many more clients of these kinds, at so many a second."""

    counts: dict[str, int]
    rate_per_s: float


class Wake(Struct, frozen=True, tag=True):
    """Let this share of the parked clients read everything from now on."""

    share: float


class End(Struct, frozen=True, tag=True):
    """Abort every connection, and end."""


Order = Begin | Open | Wake | End


class Tally(Struct, frozen=True, kw_only=True):
    """What one process holds, a few times a second."""

    wanted: int = 0
    """Ordered so far."""
    connecting: int = 0
    """Connecting, or waiting for the answer to their opening handshake."""
    parked: int = 0
    """Open, and doing what their kind does."""
    awake: int = 0
    """Of the parked: woken, reading everything."""
    refused: dict[str, int] = {}
    """That never opened, by the reason."""
    ended_fin: int = 0
    """Ended by the server with FIN after they had opened."""
    ended_rst: int = 0
    read_bytes: int = 0
    opening_s: float = 0.0
    """For how long there were clients to be opened, so far."""
    memory_bytes: int = 0
    """Of this process; of the pages that it shares with others, its part (Pss)."""

    @property
    def settled(self) -> bool:
        """Whether everything that was ordered has been decided."""
        decided = self.parked + self.ended_fin + self.ended_rst + sum(self.refused.values())
        return decided >= self.wanted


def total(tallies: list[Tally]) -> Tally:
    """All processes together; the time is the longest."""
    refused: dict[str, int] = {}
    for one in tallies:
        for reason, count in one.refused.items():
            refused[reason] = refused.get(reason, 0) + count
    return Tally(
        wanted=sum(one.wanted for one in tallies),
        connecting=sum(one.connecting for one in tallies),
        parked=sum(one.parked for one in tallies),
        awake=sum(one.awake for one in tallies),
        refused=refused,
        ended_fin=sum(one.ended_fin for one in tallies),
        ended_rst=sum(one.ended_rst for one in tallies),
        read_bytes=sum(one.read_bytes for one in tallies),
        opening_s=max((one.opening_s for one in tallies), default=0.0),
        memory_bytes=sum(one.memory_bytes for one in tallies),
    )
