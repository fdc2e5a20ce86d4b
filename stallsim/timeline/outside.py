"""What only the timeline of a probe or a watch holds, which sees somebody's server from outside."""

from msgspec import Struct

from .probed.result import ProbeResult
from .probed.stall_record import StallRecord
from .watched import Snapshot


class Limits(Struct, frozen=True, kw_only=True):
    """What a result must not show, for a probe to pass. None: no such limit."""

    fail_on: frozenset[str] = frozenset()
    """Outcomes and findings."""
    max_queue_bytes: int | None = None
    must_close_within_s: float | None = None
    allow_untested: bool = False


class Probe(Struct, frozen=True, kw_only=True):
    """What was probed: somebody's server, seen from outside."""

    url: str
    stalls: list[str]
    """Those that were to be tried, in order; each is its stalled client's name."""
    limits: Limits = Limits()

    def number_of(self, client: str) -> int:
        """The number of the stall that the client of that name belongs to, from 1; 0: to none."""
        for number, name in enumerate(self.stalls, start=1):
            if client in (name, witness_name(number)):
                return number
        return 0


def witness_name(number: int) -> str:
    """The name of the client that reads beside the stall of that number."""
    return f"witness-{number}"


class ServerMemory(Struct, frozen=True, tag="memory", kw_only=True):
    """What the processes of a server that is probed held."""

    tick: int
    rss_bytes: int
    """Read: their resident sets together."""
    stall: int = 0
    """The number of the stall whose server it is; 0: there is only one server."""


class Look(Struct, frozen=True, kw_only=True):
    """One look at both connections. Bytes are TCP payload since each connection's beginning."""

    at_s: float
    """Since the stall began; before it, negative."""
    witness_bytes: int
    """What the witness's kernel has been given (``tcpi_bytes_received``), control frames aside."""
    witness_idle_s: float
    """Since the witness's kernel was last given any of it (``tcpi_last_data_recv``)."""
    received_bytes: int
    """What the stalled client's kernel has been given."""
    rcvq_bytes: int
    """Of it, unread."""
    outq_bytes: int | None
    """In the server's send queue for the stalled client, acknowledged by nobody; None: not visible."""
    memory_bytes: int | None
    """RSS of the server's processes; None: not visible."""
    witness_rcvq_bytes: int = 0
    """What this program has not yet read of the witness's stream: where it grows, this program is late."""
    withheld_s: float | None = None
    """Seconds, since the connection was first looked at, for which a thread of the server or of this
    program was ready to run while the machine ran others (``run_delay``), the longest at each reading;
    None: the server's threads cannot be read."""


class ProbeLook(Struct, frozen=True, tag="probe-look", kw_only=True):
    """One look of a probe, of which its verdict is made."""

    tick: int
    step: str
    """Of ``probing.observe.step.Step``, its name."""
    look: Look
    stall: int = 0
    """The number of the stall; 0, in older recordings: the one that was tried last."""


class Observed(Struct, frozen=True, tag="observed", kw_only=True):
    """What was seen of one stall beside the looks, at its end: the verdict is made of both."""

    tick: int
    observation: StallRecord
    stall: int = 0
    """As in ``ProbeLook``."""


class Probed(Struct, frozen=True, tag="probed", kw_only=True):
    """What a probe has come to, as its ``--json`` prints it."""

    tick: int
    result: ProbeResult
    screen: tuple[str, ...] = ()
    """The first screen of its report, line by line; none in older recordings."""


OfAProbe = ServerMemory | ProbeLook | Observed | Probed
"""Records that only a probe makes; a watch makes ``Memory``, too."""


class Looked(Struct, frozen=True, tag="look", kw_only=True):
    """One look of a watch, with fewer of its connections than were seen where there are many."""

    tick: int
    snapshot: Snapshot
