"""The options of a fleet: its clients and their steps, who holds them, and its limits."""

from enum import StrEnum
from typing import Annotated

import typer

from ..family import names_in
from ..profile.folder import fleet_names
from ._names import PACKAGE, allowed, completes

KINDS = names_in(PACKAGE / "fleet" / "parked")
PROFILES = fleet_names()


class OnLostWorker(StrEnum):
    """What becomes of the clients of a worker that is lost."""

    REOPEN = "reopen"
    MISS = "miss"


Clients = Annotated[int | None, typer.Option(min=1, help="The number of clients in the end (1000).")]
Profile = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="KIND|NAME|FILE.toml",
        help=f"What the clients do (stop-reading), or a fleet's profile, whose keys other options "
        f"replace. {allowed([*KINDS, *PROFILES])}",
        autocompletion=completes([*KINDS, *PROFILES]),
    ),
]
Mix = Annotated[
    str | None,
    typer.Option(metavar="KIND=SHARE,...", help="Several kinds of clients, instead of --profile."),
]
Rate = Annotated[
    str | None,
    typer.Option(metavar="NUMBER[/s]", help="The most opening handshakes a second (5000/s)."),
]
Steps = Annotated[
    int | None,
    typer.Option(min=1, max=100, help="The number of sizes at which the fleet is watched (5)."),
]
Witnesses = Annotated[
    int | None, typer.Option(min=1, max=100, help="The number of clients that read everything (3).")
]
Look = Annotated[
    str | None,
    typer.Option(metavar="DURATION", help="How long the witnesses are watched at each size (2s)."),
]
GoOn = Annotated[bool, typer.Option("--go-on", help="Open more clients even if the witnesses suffer.")]
Hold = Annotated[
    str | None, typer.Option(metavar="DURATION", help="How long the whole fleet is held in the end.")
]
Wake = Annotated[
    str | None,
    typer.Option(
        metavar="all|PERCENT",
        help="Let all clients or this share of them, such as 10%, read again in the end (none).",
    ),
]
ReceiveBuffer = Annotated[
    str | None,
    typer.Option(
        metavar="SIZE|default",
        help="SO_RCVBUF of the clients; with a small one they stall early (4KiB).",
    ),
]
MemoryLimit = Annotated[
    str | None,
    typer.Option(metavar="SIZE", help="The limit of the server's memory, for example that of its pod."),
]
Workers = Annotated[
    int | None,
    typer.Option(min=1, max=64, help="Hold the clients on this number of Dask workers of this machine."),
]
Scheduler = Annotated[
    str | None,
    typer.Option(metavar="tcp://HOST:PORT", help="Hold the clients on the workers of this Dask scheduler."),
]
OnLost = Annotated[
    OnLostWorker,
    typer.Option(
        help="Whether other workers open the clients of a lost worker, or these clients are missing."
    ),
]
MemoryEach = Annotated[
    str | None,
    typer.Option("--max-memory-per-client", metavar="SIZE", help="Exit 1 if one client costs more."),
]
ClientsMin = Annotated[
    int | None,
    typer.Option("--min-clients", min=1, help="Exit 1 if the witnesses suffer before this number is open."),
]
FailOn = Annotated[
    str | None,
    typer.Option(
        metavar="WALL,...",
        help="Exit 1 if one of these is seen. "
        "Allowed: witnesses, refused, unanswered, memory, tcp_mem, server-ended.",
    ),
]
