"""The base of all parts of a profile: frozen structs, and numbers with bounds."""

from random import Random
from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from ..units import Seconds

TICKS_MAX = 10_000_000
Positive = Annotated[int, Meta(ge=1, le=TICKS_MAX)]
TickNumber = Annotated[int, Meta(ge=0, le=TICKS_MAX)]
Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$")]


class Spec(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A part of a profile: frozen; unknown keys are refused."""

    internal: ClassVar[frozenset[str]] = frozenset()
    """Fields that stallsim sets, and that are no keys of a profile."""


class Duration(Spec, frozen=True):
    """A time that is drawn with the scenario's seed: exponentially distributed if ``mean`` is given,
    otherwise uniformly; never less than ``min`` or more than ``max``.
    """

    mean: Seconds | None = None
    """The mean of an exponential distribution; absent: all values from ``min`` to ``max`` are equally
    likely."""
    min: Seconds = 0.0
    """The shortest time that is drawn."""
    max: Seconds = 3600.0
    """The longest time that is drawn."""

    def draw(self, random: Random) -> float:
        """Draw one duration, in seconds."""
        if self.mean is None:
            return random.uniform(self.min, self.max)
        return min(max(random.expovariate(1 / self.mean), self.min), self.max)
