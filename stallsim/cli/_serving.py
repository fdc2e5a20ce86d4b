"""``--serve [PORT] --guests N``: lets other programs' clients connect to stallsim's server."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import StallsimError

if TYPE_CHECKING:
    from ..profile.scenario import Scenario
    from ..runner.guests import Guests

Serve = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=65535,
        metavar="[PORT]",
        help="Listen on this loopback port (without a number: a free port) for guests, which replace the "
        "profile's clients: a browser, which gets a page, or any WebSocket client.",
    ),
]
GuestCount = Annotated[
    int, typer.Option("--guests", min=1, metavar="N", help="Guests to wait for, with --serve.")
]


def served(port: int | None) -> tuple[str, ...]:
    """The settings that ``--serve`` implies: guests are in the machine's stack and run in realtime."""
    return () if port is None else ("pace=realtime", "stack.private=false")


def invite(scenario: "Scenario", port: int | None, count: int, duration_s: float | None) -> "Guests | None":
    """The guests to wait for, announced in one printed line with the URL; None without ``--serve``."""
    if port is None:
        if count != 1:
            raise StallsimError("--guests: expected --serve beside it")
        return None
    from ..runner.guests import Guests

    guests = Guests(scenario, port, count, duration_s)
    who = "a browser" if count == 1 else f"{count} tabs"
    print(f"stallsim: open {guests.url} in {who}; the run ends when its guests have left", file=sys.stderr)
    return guests
