"""The option ``--speed`` of the commands that show a finished run."""

import math
from typing import Annotated

import typer

_SLOWEST, _FASTEST = 0.01, 1000.0


def _number(value: float) -> float:
    """A range does not refuse nan, since every comparison with it is false."""
    if math.isnan(value):
        raise typer.BadParameter(f"nan is not in the range {_SLOWEST}<=x<={_FASTEST}.")
    return value


Speed = Annotated[
    float,
    typer.Option(
        min=_SLOWEST,
        max=_FASTEST,
        callback=_number,
        help="Display speed; 1 shows a whole run in about 12 s.",
    ),
]
