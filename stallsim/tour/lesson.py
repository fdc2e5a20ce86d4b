"""The parts of a lesson: a question, a run on real sockets, the measured answer, a model, a knob to
turn.
"""

from abc import ABC, abstractmethod
from enum import Enum
from typing import ClassVar

from msgspec import Struct

from ..timeline.timeline import Timeline
from ..units import format_count, format_seconds, parse_seconds, parse_size


class Unit(Enum):
    """The unit of a prediction."""

    BYTES = "bytes"
    """Read from ``65536`` or ``64KiB``."""
    SECONDS = "seconds"
    """Read from ``200ms`` or ``3s``."""
    CHOICE = "choice"
    """One of several answers, by its letter."""


class Question(Struct, frozen=True, kw_only=True):
    """The question that the learner is asked before the run."""

    text: str
    unit: Unit
    choices: tuple[str, ...] = ()
    """The possible answers if ``unit`` is CHOICE; their letters are a, b, c, ..."""
    example: str
    """A guess that many people make; it shows the form of an answer, and is a script's prediction."""

    def parse(self, text: str) -> float:
        """A prediction in bytes, in seconds, or as the index of a choice. Raises ValueError with what is
        allowed.
        """
        match self.unit:
            case Unit.BYTES:
                return float(parse_size(text.strip()))
            case Unit.SECONDS:
                return float(parse_seconds(text.strip()))
            case Unit.CHOICE:
                letters = "abcdefgh"[: len(self.choices)]
                letter = text.strip().lower()
                if len(letter) != 1 or letter not in letters:
                    raise ValueError(f"expected one of the letters {', '.join(letters)}")
                return float(letters.index(letter))

    def show(self, value: float) -> str:
        """A prediction or a measurement as text."""
        match self.unit:
            case Unit.BYTES:
                return f"{format_count(round(value))} bytes"
            case Unit.SECONDS:
                return format_seconds(value) if value else "0 s"
            case Unit.CHOICE:
                return f"{'abcdefgh'[round(value)]}) {self.choices[round(value)]}"


class Run(Struct, frozen=True, kw_only=True):
    """A run of a profile, as with ``stallsim run PROFILE --set KEY=VALUE``."""

    profile: str
    settings: tuple[str, ...] = ()

    @property
    def command(self) -> str:
        """The command line that makes the same run."""
        return " ".join(["stallsim run", self.profile, *(f"--set {one}" for one in self.settings)])


class Measurement(Struct, frozen=True, kw_only=True):
    """A value that was read from the kernel or counted, in the unit of the question."""

    value: float
    words: str
    """Where it was read, and what else was observed."""


class Model(Struct, frozen=True, kw_only=True):
    """A simple calculation of the same value; its error is calculated and shown."""

    value: float
    formula: str

    def error(self, measured: float) -> float:
        """The model's error, as a share of the measured value."""
        return abs(self.value - measured) / measured if measured else 0.0


class Knob(Struct, frozen=True, kw_only=True):
    """One setting to change, and what to look at then."""

    text: str
    run: Run


class Lesson(ABC):
    """One lesson. The number in its file's name is its place in the tour."""

    title: ClassVar[str]
    idea: ClassVar[str]
    """A paragraph that a second-year student can follow, with its sources."""
    question: ClassVar[Question]
    run: ClassVar[Run]
    look: ClassVar[str]
    """What to look at in the dashboard during the run."""
    why: ClassVar[str]
    """The explanation of the answer."""
    knob: ClassVar[Knob]

    @abstractmethod
    def measure(self, timeline: Timeline) -> Measurement:
        """The answer, from a timeline of ``run`` or of the knob's run. Raises LookupError if the run does
        not contain it.
        """

    def model(self, timeline: Timeline) -> Model | None:
        """A calculation of the answer; None if the answer is not a number."""
        del timeline
        return None
