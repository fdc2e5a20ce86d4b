"""The options of a probe: its server, its stalls, and how long and how far each is watched."""

from typing import Annotated

import typer

Exec = Annotated[
    str | None,
    typer.Option(
        "--exec",
        metavar="COMMAND",
        help="Start a new server with this command for each stall; the variable PORT names its port.",
    ),
]
Stalls = Annotated[
    list[str] | None,
    typer.Option(
        "--profile", metavar="STALL", help="The stall to try; repeatable. Default: the main stalls."
    ),
]
Before = Annotated[
    str | None,
    typer.Option(
        "--before",
        metavar="COMMAND",
        help="Run this command at each start, once the server listens; it prints a URL, a header or a "
        "token.",
    ),
]
Pid = Annotated[
    int | None,
    typer.Option("--pid", min=1, max=2**22, help="The process whose memory is watched."),
]
PrivateStack = Annotated[
    bool,
    typer.Option(
        "--private-stack",
        help="With --exec: start the server in a network stack of its own, with small buffers. No "
        "other network is reachable there.",
    ),
]
WatchFor = Annotated[
    str | None,
    typer.Option(
        "--watch",
        metavar="DURATION",
        help="How long a stall is watched once the kernels accept no more (60s).",
    ),
]
Refused = Annotated[
    str | None,
    typer.Option("--for", metavar="SIZE", help="Stall until this amount of payload was refused."),
]
AtOnce = Annotated[
    int | None,
    typer.Option(
        "--at-once",
        min=1,
        metavar="N",
        help="With --exec and port 0: the most stalls at once. Default: as many as the CPUs have room for.",
    ),
]
StopAt = Annotated[
    str,
    typer.Option("--stop-at", metavar="SIZE", help="End a stall when the server has grown by this much."),
]
StartTimeout = Annotated[
    str,
    typer.Option(
        "--start-timeout",
        metavar="DURATION",
        help="With --exec: the time within which an opening handshake must succeed; it is repeated "
        "until then.",
    ),
]
Keepalive = Annotated[
    str | None,
    typer.Option(
        "--keepalive",
        metavar="DURATION",
        help="Also test whether a client that answers no Ping is disconnected within this time (90s).",
    ),
]
Timeout = Annotated[
    str | None,
    typer.Option(
        "--timeout",
        metavar="DURATION",
        help="The time for the whole command; then the stalls so far are judged, and no other tried.",
    ),
]
SlowRate = Annotated[
    str | None,
    typer.Option(
        "--rate",
        metavar="RATE",
        help="What slow-reader reads a second (50kB); default: a tenth of the stream.",
    ),
]
BaselineFor = Annotated[
    str | None,
    typer.Option("--baseline", metavar="DURATION", help="How long the stream is watched before a stall."),
]
Quick = Annotated[
    bool,
    typer.Option("--quick", help="Watch each stall for 2 s or 8 MiB (about five seconds each)."),
]
