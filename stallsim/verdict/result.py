"""The result that ``--json`` prints: one object with a documented schema (``stallsim schema --result``)."""

import platform
import re
from pathlib import Path

import msgspec
from msgspec import Struct

from ..bounded_file import require_short_numbers
from ..errors import RecordingError
from ..json_text import json_text
from ..profile.expectation import Metric
from ..profile.scenario import Scenario
from ..timeline.ledger import Ledger, digest, make_ledger
from ..timeline.recording import load_recording
from ..timeline.tally import JudgedConnection
from ..timeline.thinning import EVERY_HAPPENING
from ..timeline.timeline import Timeline
from ..timeline.usage import RESOURCES
from ..version import __version__
from .growth import per_cycle
from .verdict import Verdict

SCHEMA = "stallsim.result/1"
_RESULT = re.compile(rb'\s*\{\s*"schema"')
_FIRST_BYTES, _RESULT_BYTES_MAX = 4096, 256 * 2**20


class ConnectionResult(Struct, frozen=True, kw_only=True):
    """The figures of one connection. Bytes are frame bytes on the wire."""

    connection: int
    client: str
    kind: str
    phase: str | None
    """The last phase; null if the connection was never sampled."""
    produced_bytes: int
    read_bytes: int
    read_messages: int
    dropped_bytes: int
    discarded_bytes: int
    held_bytes_max: int
    rcvq_bytes_max: int
    outq_bytes_max: int
    queue_bytes_max: int
    queue_messages_max: int
    queue_capacity_bytes_max: int
    queue_bytes_end: int
    sndbuf_bytes_asked: int | None
    sndbuf_bytes_effective: int
    rcvbuf_bytes_asked: int | None
    rcvbuf_bytes_effective: int
    snd_mss_bytes: int
    pending_bytes_max: int = 0
    """The part of ``queue_bytes_max`` that was encrypted or compressed and not yet in the kernel."""
    tls: str = ""
    """The negotiated version of TLS; empty without TLS."""
    deflate: bool = False
    """Whether permessage-deflate was negotiated."""


class ResourceResult(Struct, frozen=True, kw_only=True):
    """One resource of the whole process over the run: server, clients and timeline together."""

    resource: str
    baseline: int | None
    """The reading before the first client announced a stall; null if there was none."""
    end: int | None
    max: int | None
    """The highest reading; between two readings the value may have been higher."""
    cycles: int
    """Whole cycles of the profile's ``cycle``."""
    per_cycle: float | None
    """Growth per cycle: the Theil-Sen slope of the cycles' troughs; null if there are too few cycles."""


class Result(Struct, frozen=True, kw_only=True):
    """The result of a run, for programs."""

    schema: str
    stallsim: str
    profile: str
    verdict: str
    reasons: list[str]
    memory: str
    memory_bounded: bool | None
    interrupted: bool
    attempts: int
    """How often the run was executed; more than once if a kernel timer fired in lockstep."""
    ticks: int
    kernel: str
    private_stack: bool
    no_private_stack: str = ""
    """Why a lockstep run has none, if it should have had one."""
    ledger: Ledger
    connections: list[ConnectionResult]
    """The connections; of those that ended long ago, only those with extremes."""
    connections_opened: int = 0
    defended: str = ""
    """How a defence that ``--set`` gave the server held; empty if there was none, or if it did not hold."""
    queue_bytes_max: int = 0
    """The most bytes in all application queues together, at the end of a tick."""
    resources: list[ResourceResult] = []


def summarize_run(timeline: Timeline, verdict: Verdict) -> Result:
    """The result of a timeline. Raises LookupError if it has no header."""
    header, end = timeline.header, timeline.end
    if header is None:
        raise LookupError("the timeline has no header")
    return Result(
        schema=SCHEMA,
        stallsim=header.stallsim,
        profile=header.scenario.profile,
        verdict=verdict.outcome.value,
        reasons=verdict.reasons,
        memory=verdict.memory,
        memory_bounded=verdict.memory_bounded,
        defended=verdict.defended,
        interrupted=timeline.interrupted,
        attempts=end.attempts if end else 0,
        ticks=timeline.last_tick + 1,
        kernel=header.kernel,
        private_stack=header.private_stack,
        no_private_stack=header.no_private_stack,
        ledger=make_ledger(timeline),
        connections=[_connection(judged) for judged in timeline.judged()],
        connections_opened=timeline.connections.opened,
        queue_bytes_max=timeline.usage.queue_bytes_max,
        resources=[_resource(name, timeline) for name in RESOURCES],
    )


def nothing(scenario: Scenario, verdict: Verdict) -> Result:
    """The result of a run that could not begin."""
    return Result(
        schema=SCHEMA,
        stallsim=__version__,
        profile=scenario.profile,
        verdict=verdict.outcome.value,
        reasons=verdict.reasons,
        memory=verdict.memory,
        memory_bounded=verdict.memory_bounded,
        interrupted=False,
        attempts=0,
        ticks=0,
        kernel=platform.release(),
        private_stack=False,
        ledger=Ledger(digest=digest([]), pinned=False, not_pinned=["nothing ran"], entries=[]),
        connections=[],
    )


def encode(result: Result) -> str:
    """The result as one line of JSON."""
    return json_text(result)


def load_ledger(path: Path) -> Ledger:
    """The whole ledger of a recording, or of a result that was printed with ``--json``.

    Raises RecordingError if the file is neither.
    """
    try:
        if not path.is_file():  # a pipe can be read only once, and it is taken for a recording
            return make_ledger(load_recording(path, EVERY_HAPPENING))
        with path.open("rb") as file:
            first = file.read(_FIRST_BYTES)
            if not _RESULT.match(first):
                return make_ledger(load_recording(path, EVERY_HAPPENING))
            text = first + file.read(_RESULT_BYTES_MAX)
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        require_short_numbers(text)
        return msgspec.json.decode(text, type=Result).ledger
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise RecordingError(f"{path}: not a result of stallsim: {error}") from None


def _connection(judged: JudgedConnection) -> ConnectionResult:
    info, tally = judged
    metrics = {
        which.name.lower(): tally.value(which)
        for which in Metric
        if which.name.lower() in ConnectionResult.__struct_fields__
    }
    return ConnectionResult(
        connection=info.connection,
        client=info.client,
        kind=info.kind,
        phase=tally.phase.value if tally.phase else None,
        produced_bytes=tally.last.produced_bytes if tally.last else 0,
        sndbuf_bytes_asked=info.sndbuf_bytes_asked,
        sndbuf_bytes_effective=info.sndbuf_bytes_effective,
        rcvbuf_bytes_asked=info.rcvbuf_bytes_asked,
        rcvbuf_bytes_effective=info.rcvbuf_bytes_effective,
        snd_mss_bytes=info.snd_mss_bytes,
        tls=info.tls,
        deflate=info.deflate,
        **metrics,
    )


def _resource(name: str, timeline: Timeline) -> ResourceResult:
    usage = timeline.usage
    baseline, last, troughs = usage.baseline, usage.last, usage.whole(name)
    return ResourceResult(
        resource=name,
        baseline=getattr(baseline, name) if baseline else None,
        end=getattr(last, name) if last else None,
        max=usage.most.get(name),
        cycles=len(troughs) * usage.cycles_each,
        per_cycle=per_cycle(troughs, usage.cycles_each),
    )
