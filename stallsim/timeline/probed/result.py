"""The result of a probe: one struct, which ``--json`` prints and the API returns."""

from msgspec import Struct

from ...version import __version__
from .measures import Cut, Ending, Periods, Reaction
from .outcomes import Assessment, Confidence, Dropped, Finding, Outcome, standing_of

SCHEMA = "stallsim.probe/1"


class Figure(Struct, frozen=True, kw_only=True):
    """One number of the report, and its origin."""

    name: str
    value: float | None
    """None: it could not be determined."""
    unit: str
    measured: bool
    """Whether it was read from the kernel, the process or the messages themselves; false:
    it was inferred.
    """


class StallReport(Struct, frozen=True, kw_only=True):
    """What the server did with one kind of stalled client."""

    stall: str
    outcome: Outcome
    confidence: Confidence
    summary: str
    """The outcome in one sentence, with the bytes and seconds within which it holds."""
    evidence: tuple[str, ...]
    """The observations, one sentence each."""
    advice: tuple[str, ...]
    """What to do about it, or what to change for a more certain outcome."""
    findings: tuple[Finding, ...]
    dropped: Dropped | None
    """Which messages were dropped; null except for bounded-drops."""
    verified: bool
    """Whether the kernel confirmed the stall."""
    stalled_s: float
    """Seconds from the beginning of the stall to its end."""
    watched_s: float
    """Seconds for which the kernels had refused when the stall ended; with ``refused_bytes``, how far was
    watched.
    """
    fills_in_s: float | None = None
    """If the kernels accepted everything: the seconds after which they would be full, roughly."""
    reactions: tuple[Reaction, ...] = ()
    """What the server did, ordered by the beginnings; empty if not known."""
    waited: str
    """How the time was spent, in one line."""
    refused_bytes: int
    """Payload that the witness received and the kernels did not accept for the stalled client."""
    growth_bytes_per_s: float
    """Growth of the server's memory for this client, or of the refused bytes if memory is not known; 0
    unless the outcome is growth, bounded or not.
    """
    amplification: float | None
    """Growth of the process's memory for each refused byte; null: not known."""
    held_bytes: int
    """Refused bytes that came after the wake; all of them if the server ended the connection. The next two
    fields say how certain this is.
    """
    held_bytes_min: int = 0
    """The server held at least this many bytes for the client when the stall ended."""
    held_bytes_max: int | None = None
    """It held at most this many; null: not known, as also in older results."""
    missing_messages: int | None
    """Messages that the witness received and the client did not; null if the streams cannot be compared."""
    closed_after_s: float | None
    """Seconds from the beginning of the stall to the server's decision to close; null: it did not."""
    close_code: int | None
    ended_by: str | None
    """What the client received of the end: ``close`` (a frame), ``fin``, ``rst``, ``protocol-error``;
    ``state``: nothing, only the server's end of TCP had left ESTABLISHED; null: the connection did not
    end.
    """
    ending: Ending | None
    """What was observed of the end while the client still did not read; null: there was no end by then."""
    periods: Periods
    """The witness's Pings and the server's CPU, before the stall, during it, and after."""
    memory_returned_bytes: int | None
    """Bytes of its peak memory that the server had given back when the watch ended; null: memory cannot be
    read.
    """
    figures: tuple[Figure, ...]
    does: str = ""
    """What the client did, as in "a client stops reading"; empty in older results."""
    cuts: tuple[Cut, ...] = ()
    """Healthy clients whose connection the server ended: the reason for the finding
    cuts-healthy-clients.
    """
    others_known: bool = True
    """Whether the witness's rate shows whether other clients were starved; not if it was low on a machine
    that was too busy.
    """

    @property
    def standing(self) -> Assessment:
        """Whether the server has a defence against this stall, a fault, or neither was observed. Missing
        messages with low confidence show no defence: the rest may be kept without a bound.
        """
        standing = standing_of(self.outcome, self.findings)
        left = self.outcome is Outcome.INCONCLUSIVE and self.left_growth_per_s is not None
        if left and standing is Assessment.OPEN:
            standing = Assessment.DEFENDED
        unsure = self.outcome is Outcome.BOUNDED_DROPS and self.confidence is Confidence.LOW
        if standing is Assessment.DEFENDED and (unsure or not self.others_known):
            return Assessment.OPEN
        return standing

    @property
    def left_growth_per_s(self) -> float | None:
        """Growth of memory after the client's end, in bytes per second; None: the client did not end, or
        memory cannot be read.
        """
        return self.figure("growth_after_close_bytes_per_s")

    def figure(self, name: str) -> float | None:
        """The value of a figure; None if it could not be determined."""
        return next((one.value for one in self.figures if one.name == name), None)


class Further(Struct, frozen=True, kw_only=True):
    """How much longer to watch in order to learn more."""

    stall: str
    goal_bytes: int
    """Bytes that the server would have had to hold by then."""
    watch_s: float
    command: str = ""
    """The command to run, if the probing command prints a report for people; otherwise empty."""


class ProbeResult(Struct, frozen=True, kw_only=True):
    """All stalls that were tried, and their overall result."""

    schema: str = SCHEMA
    stallsim: str = __version__
    url: str
    server: str
    """The server's name, as its answer gives it, or its process's; empty: not known."""
    outcome: Outcome
    confidence: Confidence
    findings: tuple[Finding, ...]
    summary: str
    stalls: tuple[StallReport, ...]
    interrupted: bool = False
    failure: str = ""
    """Why the probe ended before every stall had been tried; empty: it did not."""
    private_stack: bool = False
    """Whether the server ran in a network stack of its own, from which it reaches no other network."""
    listens_everywhere: bool = False
    """Whether the started server can be reached on every interface of this machine."""
    wall_s: float
    violations: tuple[str, ...] = ()
    """Broken thresholds, one sentence each, which make the exit code 1."""
    untested: tuple[str, ...] = ()
    """Thresholds that could not be tested, one sentence each: neither kept nor broken."""
    further: Further | None = None
    """What a longer watch would take; null: it would change nothing."""
    untested_allowed: bool = False
    """Whether untested thresholds do not fail the probe (``--allow-untested``)."""
    notes: tuple[str, ...] = ()
    """Facts that no threshold covers and that are worth knowing, one sentence each."""
    server_output: str = ""
    """The last lines that the started server printed."""

    @property
    def unmet(self) -> bool:
        """Whether a threshold was broken, or could not be tested although that is required."""
        return bool(self.violations or (self.untested and not self.untested_allowed))
