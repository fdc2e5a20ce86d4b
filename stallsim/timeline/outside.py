"""Records of a timeline that only a probe or a watch makes, since it observes a server from outside."""

from msgspec import Struct

from .probed.result import ProbeResult
from .probed.stall_record import StallRecord
from .watched import Snapshot


class Limits(Struct, frozen=True, kw_only=True):
    """Limits that a probe's result must keep. None: no such limit."""

    fail_on: frozenset[str] = frozenset()
    """Outcomes and findings that fail the probe."""
    max_queue_bytes: int | None = None
    must_close_within_s: float | None = None
    allow_untested: bool = False


class Probe(Struct, frozen=True, kw_only=True):
    """The server that was probed, and the planned stalls."""

    url: str
    stalls: list[str]
    """The planned stalls in order, each by its stalled client's name."""
    limits: Limits = Limits()

    def number_of(self, client: str) -> int:
        """The number, from 1, of the stall to which the client with that name belongs; 0: to none."""
        for number, name in enumerate(self.stalls, start=1):
            if client in (name, witness_name(number)):
                return number
        return 0


def witness_name(number: int) -> str:
    """The name of the witness of the stall with that number."""
    return f"witness-{number}"


class ServerMemory(Struct, frozen=True, tag="memory", kw_only=True):
    """The memory of the processes of a probed server."""

    tick: int
    rss_bytes: int
    """The sum of the resident sets, as read."""
    stall: int = 0
    """The number of the stall to which the server belongs; 0: there is only one server."""


class Look(Struct, frozen=True, kw_only=True):
    """One reading of both connections. Bytes are TCP payload since each connection's beginning."""

    at_s: float
    """Seconds since the stall began; negative before it."""
    witness_bytes: int
    """Bytes that the witness's kernel has received (``tcpi_bytes_received``), without control frames."""
    witness_idle_s: float
    """Seconds since the witness's kernel last received any of them (``tcpi_last_data_recv``)."""
    received_bytes: int
    """Bytes that the stalled client's kernel has received."""
    rcvq_bytes: int
    """Unread bytes of the stalled client."""
    outq_bytes: int | None
    """Unacknowledged bytes in the server's send queue for the stalled client; None: not visible."""
    memory_bytes: int | None
    """RSS of the server's processes; None: not visible."""
    witness_rcvq_bytes: int = 0
    """Unread bytes of the witness; if they grow, this program is late."""
    withheld_s: float | None = None
    """Seconds, since the first look, for which a thread of the server or of this program was ready to run
    while the machine ran others (``run_delay``); the longest of the threads at each reading. None: the
    server's threads cannot be read.
    """


class ProbeLook(Struct, frozen=True, tag="probe-look", kw_only=True):
    """One look of a probe, from which its verdict is made."""

    tick: int
    step: str
    """The name of a ``probing.observe.step.Step``."""
    look: Look
    stall: int = 0
    """The number of the stall; 0 in older recordings: the stall that was tried last."""


class Observed(Struct, frozen=True, tag="observed", kw_only=True):
    """What was observed of one stall besides the looks, at its end; the verdict is made from both."""

    tick: int
    observation: StallRecord
    stall: int = 0
    """As in ``ProbeLook``."""


class Probed(Struct, frozen=True, tag="probed", kw_only=True):
    """The result of a probe, as its ``--json`` prints it."""

    tick: int
    result: ProbeResult
    screen: tuple[str, ...] = ()
    """The first screen of its report, line by line; none in older recordings."""


OfAProbe = ServerMemory | ProbeLook | Observed | Probed
"""Records that only a probe makes; a watch makes ``ServerMemory``, too."""


class Looked(Struct, frozen=True, tag="look", kw_only=True):
    """One look of a watch; if there are many connections, not all of them are included."""

    tick: int
    snapshot: Snapshot
