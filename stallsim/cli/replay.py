"""``stallsim replay``: a recording, shown and judged like the run itself."""

from pathlib import Path
from typing import Annotated

import typer

from ._present import present
from .run import Json, Plain, Speed, Strict


def replay(
    file: Annotated[Path, typer.Argument(help="A recording made with run --record.")],
    json: Json = False,
    plain: Plain = False,
    speed: Speed = 1.0,
    strict: Strict = False,
) -> int:
    """Show and judge a recording again.

    With the same dashboard and controls as the run that made it.
    """
    from ..recording import load

    return present(load(file), json=json, plain=plain, speed=speed, strict=strict)
