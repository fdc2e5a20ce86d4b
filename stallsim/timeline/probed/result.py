"""What a probe found: one struct, which ``--json`` prints and a caller of the API is given."""

from msgspec import Struct

from ...version import __version__
from .measures import Cut, Ending, Periods, Reaction
from .outcomes import Assessment, Confidence, Dropped, Finding, Outcome, standing_of

SCHEMA = "stallsim.probe/1"


class Figure(Struct, frozen=True, kw_only=True):
    """One number of the report, and where it comes from."""

    name: str
    value: float | None
    """None: it could not be had."""
    unit: str
    measured: bool
    """Read from the kernel, the process or the messages themselves; false: inferred from these."""


class StallReport(Struct, frozen=True, kw_only=True):
    """What the server did with one kind of stalled client."""

    stall: str
    outcome: Outcome
    confidence: Confidence
    summary: str
    """The outcome in one sentence, with the bytes and seconds within which it holds."""
    evidence: tuple[str, ...]
    """What was seen, a sentence each."""
    advice: tuple[str, ...]
    """What to do about it, or what to change in order to know more."""
    findings: tuple[Finding, ...]
    dropped: Dropped | None
    """Which end was dropped; null but for bounded-drops."""
    verified: bool
    """Whether the kernel confirmed the stall."""
    stalled_s: float
    """From the beginning of the stall to its end."""
    watched_s: float
    """How long the kernels had refused when the stall ended: with ``refused_bytes``, how far was looked."""
    fills_in_s: float | None = None
    """Where the kernels took everything, and nothing was refused: in about so long they would be full."""
    reactions: tuple[Reaction, ...] = ()
    """What the server did, one thing after the other; empty where that is not known."""
    waited: str
    """What the time was taken for, in a line."""
    refused_bytes: int
    """What the witness was given in excess of what the kernels took for the stalled client."""
    growth_bytes_per_s: float
    """How fast the server's memory for this client grew: 0 unless the outcome is growth, bounded or not."""
    amplification: float | None
    """Growth of the process's memory for each byte refused; null where it cannot be told."""
    held_bytes: int
    """What came after the wake of what the kernels had refused."""
    held_at_least: bool = False
    """More may have been held: it was dropped after the wake, or was still to be sent on joining."""
    missing_messages: int | None
    """Of what the witness was given; null where the streams cannot be compared."""
    closed_after_s: float | None
    """From the beginning of the stall to the server's decision to close; null: it did not."""
    close_code: int | None
    ended_by: str | None
    """What the client saw of the end: ``close`` (a frame), ``fin``, ``rst``, ``protocol-error``; ``state``:
    nothing, only the server's own end of TCP had left ESTABLISHED; null: there was none."""
    ending: Ending | None
    """What was seen of the end while the client still did not read; null: it had not come by then."""
    periods: Periods
    """The witness's Pings and the server's CPU, before the stall, during it, and after."""
    memory_returned_bytes: int | None
    """What the server had given back, when the watch ended, of its peak; null: not to be read."""
    figures: tuple[Figure, ...]
    does: str = ""
    """What the client did, as in "a client stops reading"; empty in older results."""
    cuts: tuple[Cut, ...] = ()
    """The healthy clients whose connection the server ended: why the finding is cuts-healthy-clients."""

    @property
    def standing(self) -> Assessment:
        """Whether the server has a defence against this stall, a fault, or neither was seen."""
        standing = standing_of(self.outcome, self.findings)
        left = self.outcome is Outcome.INCONCLUSIVE and self.left_growth_per_s is not None
        return Assessment.DEFENDED if left and standing is Assessment.OPEN else standing

    @property
    def left_growth_per_s(self) -> float | None:
        """How fast memory grew for a client that had gone; None: none had, or it cannot be read."""
        return self.figure("growth_after_close_bytes_per_s")

    def figure(self, name: str) -> float | None:
        """One of the figures; None where it could not be had."""
        return next((one.value for one in self.figures if one.name == name), None)


class Further(Struct, frozen=True, kw_only=True):
    """How much longer a look must be that would tell more than this one."""

    stall: str
    goal_bytes: int
    """What the server would have been given to hold by then."""
    watch_s: float
    command: str = ""
    """To be typed, where a report for people is printed by the command that probed; else empty."""


class ProbeResult(Struct, frozen=True, kw_only=True):
    """Every stall that was tried, and what they come to."""

    schema: str = SCHEMA
    stallsim: str = __version__
    url: str
    server: str
    """What the server calls itself, or its process; empty: not known."""
    outcome: Outcome
    confidence: Confidence
    findings: tuple[Finding, ...]
    summary: str
    stalls: tuple[StallReport, ...]
    interrupted: bool = False
    failure: str = ""
    """Why the probe ended before every stall had been tried; empty: all were."""
    private_stack: bool = False
    """Whether the server ran in a network stack of its own, from which no other network is reached."""
    listens_everywhere: bool = False
    """Whether the server that was started can be reached on every interface of this machine."""
    wall_s: float
    violations: tuple[str, ...] = ()
    """Thresholds that were not kept, a sentence each: why the exit code is 1."""
    untested: tuple[str, ...] = ()
    """Thresholds that what was seen does not tell of, a sentence each: neither kept nor broken."""
    further: Further | None = None
    """What a longer look would take; null: nothing would change."""
    untested_allowed: bool = False
    """Whether these are no reason to fail (``--allow-untested``)."""
    notes: tuple[str, ...] = ()
    """What a threshold does not look at and is worth knowing, a sentence each."""
    server_output: str = ""
    """The end of what the started server printed."""

    @property
    def unmet(self) -> bool:
        """Whether a threshold was broken, or could not be tested where that is not allowed."""
        return bool(self.violations or (self.untested and not self.untested_allowed))
