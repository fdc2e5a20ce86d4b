"""The result of one lesson: the prediction, the measurement, the model, and the effect of the knob."""

from msgspec import Struct

from .lesson import Lesson, Measurement, Model

ALIKE_SHARE = 0.1
"""A prediction whose error is at most this share of the measurement is called right."""


class Taught(Struct, frozen=True, kw_only=True):
    """One lesson that has been taught."""

    number: int
    lesson: Lesson
    prediction: float
    scripted: bool
    """Whether no learner was asked, so that the prediction is the lesson's own example of a guess."""
    measured: Measurement
    model: Model | None
    turned: Measurement | None
    """The measurement of the knob's run; None before that run."""

    @property
    def right(self) -> bool:
        """Whether the prediction is the measured answer, or close to it."""
        measured = self.measured.value
        return abs(self.prediction - measured) <= ALIKE_SHARE * abs(measured)

    def comparison(self) -> str:
        """The prediction and the measurement in one sentence, without blame."""
        question, measured = self.lesson.question, self.measured.value
        shown = question.show(measured)
        who = "The example guess was" if self.scripted else "You predicted"
        if self.right:
            guess = question.show(self.prediction)
            return f"{who} {guess}; the kernel reports {shown}. The prediction is right."
        counted = not question.choices and self.prediction > 0 and measured > 0
        factor = f", {measured / self.prediction:.2g} times as much" if counted else ""
        return f"{who} {question.show(self.prediction)}; the kernel reports {shown}{factor}. The reason:"

    def model_line(self) -> str | None:
        """The model with its calculated error; None without a model."""
        if self.model is None:
            return None
        error = self.model.error(self.measured.value)
        return (
            f"A simple model gives {self.lesson.question.show(self.model.value)} ({self.model.formula}); "
            f"its error is {error:.0%}."
        )
