"""Everything that was observed of one stall: its record and its looks."""

from collections.abc import Sequence

from msgspec import Struct

from ...timeline.outside import Look
from ...timeline.probed.stall_record import StallRecord, Unstalled
from ..stalls import Stall, at_rate, find_stall
from .pace import refused, usable_pace


class Observation(Struct, frozen=True, kw_only=True):
    """Everything from which one stall is judged."""

    record: StallRecord
    samples: tuple[Look, ...]
    """The looks from the beginning of the stall to the wake, in order."""
    refused_bytes: int
    """Bytes at the wake that the witness received and the kernels did not accept for the stalled client."""
    kernel_bytes: int
    """Bytes at the wake that both kernels held for the stalled client."""
    verified: bool
    """Whether the kernel confirmed the stall: the timeline has the event ``stalled``
    (``verdict.stall``).
    """

    controls: Unstalled | None = None
    """What the controls of all stalls of this server have shown together; None: not known."""

    @property
    def control(self) -> Unstalled | None:
        """The stream when no client was stalled, after this stall or after all of this server; None: not
        watched.
        """
        return self.controls or self.record.unstalled

    @property
    def stall(self) -> Stall:
        """The kind of stall. Raises UnknownVariant."""
        stall = find_stall(self.record.kind)
        return stall if self.record.rate_per_s is None else at_rate(stall, self.record.rate_per_s)


def observation_of(record: StallRecord, looks: Sequence[Look], *, verified: bool) -> Observation:
    """The observation of one stall. ``looks``: those from the beginning of the stall to the wake, in
    order, at least one.
    """
    first, last = looks[0], looks[-1]
    return Observation(
        record=record,
        samples=tuple(looks),
        refused_bytes=max(0, round(refused(first, last, usable_pace(record.baseline.pace)))),
        kernel_bytes=last.rcvq_bytes + (last.outq_bytes or 0),
        verified=verified,
    )
