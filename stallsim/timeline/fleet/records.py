"""The records of a fleet in a timeline: readings, steps, and the workers that hold its clients."""

from msgspec import Struct

from .reading import Reading
from .steps import Stepped


class Worker(Struct, frozen=True, tag="fleet-worker", kw_only=True):
    """A worker receives a share of the clients, or another share than before."""

    tick: int
    name: str
    host: str
    """The name of the worker's machine."""
    clients: int
    """The number of clients that the worker holds."""
    clock_offset_s: float
    """The worker's clock minus the recording's; it is subtracted from the times of the
    worker's readings.
    """
    clock_error_s: float
    """The most by which the offset may be wrong: half the round trip in which it was measured."""


OfAFleet = Reading | Stepped | Worker
