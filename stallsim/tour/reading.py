"""Reads from a timeline what lessons need: a client's samples, and the sample at which a phase began."""

from collections.abc import Sequence

from ..kinds import Phase
from ..timeline.records import ConnectionInfo
from ..timeline.sample import Sample
from ..timeline.timeline import Timeline


def connection_of(timeline: Timeline, client: str) -> ConnectionInfo:
    """The connection of the client with that name. Raises LookupError if there is none."""
    for info in timeline.connections:
        if info.client == client:
            return info
    raise LookupError(f"the run has no client {client!r}")


def samples_of(timeline: Timeline, client: str) -> Sequence[Sample]:
    """The client's samples, in order of time. Raises LookupError if there are none."""
    samples = timeline.samples.get(connection_of(timeline, client).connection)
    if not samples:
        raise LookupError(f"there is no sample of the client {client!r}")
    return samples


def sample_at(timeline: Timeline, client: str, phase: Phase) -> Sample:
    """The sample with which the client's connection first entered ``phase``. Raises LookupError if it never
    did.
    """
    for one in timeline.phases(connection_of(timeline, client).connection):
        if one.phase is phase:
            return one.sample
    raise LookupError(f"the client {client!r} never reached the phase {phase.value}")
