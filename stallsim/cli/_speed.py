"""The option ``--speed`` of the commands that show a finished run."""

import math
from typing import Annotated

import typer


def _number(value: float) -> float:
    """A range does not refuse nan, since every comparison with it is false."""
    if math.isnan(value):
        raise typer.BadParameter("nan is not in the range 0.01<=x<=1000.0.")
    return value


Speed = Annotated[
    float,
    typer.Option(
        min=0.01, max=1000.0, callback=_number, help="Display speed; 1 shows a whole run in about 12 s."
    ),
]
