"""``stallsim fleet``: very many stalled clients of any server."""

from enum import StrEnum
from typing import Annotated

import typer

from ..errors import OptionError
from ..family import names_in
from ._fleet_shown import present_fleet, run_fleet
from ._joined import fields
from ._metrics import MetricsAddress, fleet_metrics
from ._names import PACKAGE, allowed, completes
from ._outputs import Junit, Outputs, Reports
from ._present import Display, ThemeName
from .run import Plain

EXAMPLES = (
    "stallsim fleet ws://127.0.0.1:8000/ws --clients 5000",
    "stallsim fleet --exec 'node server.js' ws://127.0.0.1:0/ --mix stop-reading=90,slow-reader=10",
    "stallsim fleet ws://127.0.0.1:8000/ws --max-memory-per-client 64KiB --min-clients 1000 --json",
)
_KINDS = names_in(PACKAGE / "fleet" / "parked")


class OnLostWorker(StrEnum):
    """What becomes of the clients of a worker that is lost."""

    REOPEN = "reopen"
    MISS = "miss"


def fleet(
    url: Annotated[
        str,
        typer.Argument(help="ws://HOST:PORT/PATH. With --exec, port 0 takes a free one."),
    ],
    clients: Annotated[
        int, typer.Option(min=1, help="How many clients there are to be in the end.")
    ] = 1000,
    exec_: Annotated[
        str | None,
        typer.Option("--exec", metavar="COMMAND", help="Start the server; PORT says where."),
    ] = None,
    profile: Annotated[
        str,
        typer.Option(
            "--profile",
            metavar="KIND",
            help=f"What the clients do. {allowed(_KINDS)}",
            autocompletion=completes(_KINDS),
        ),
    ] = "stop-reading",
    mix: Annotated[
        str | None, typer.Option(metavar="KIND=SHARE,...", help="Several kinds, instead of --profile.")
    ] = None,
    rate: Annotated[
        str, typer.Option(metavar="NUMBER[/s]", help="Opening handshakes a second, at most.")
    ] = "5000/s",
    steps: Annotated[int, typer.Option(min=1, max=100, help="Sizes at which it is looked at.")] = 5,
    witnesses: Annotated[int, typer.Option(min=1, max=100, help="Clients that read everything.")] = 3,
    look: Annotated[
        str, typer.Option(metavar="DURATION", help="How long the witnesses are watched at each size.")
    ] = "2s",
    go_on: Annotated[bool, typer.Option("--go-on", help="Grow on though the witnesses suffer.")] = False,
    hold: Annotated[
        str | None, typer.Option(metavar="DURATION", help="How long the whole fleet is held.")
    ] = None,
    wake: Annotated[
        str, typer.Option(metavar="all|PERCENT", help="How many of them read again in the end (10%).")
    ] = "0%",
    rcvbuf: Annotated[
        str, typer.Option(metavar="SIZE|default", help="SO_RCVBUF of the clients: small ones stall early.")
    ] = "4KiB",
    memory: Annotated[
        str | None,
        typer.Option(metavar="SIZE", help="The server's memory limit, a pod's say."),
    ] = None,
    pid: Annotated[int | None, typer.Option(help="The process whose memory to read.")] = None,
    header: Annotated[
        list[str] | None,
        typer.Option("--header", "-H", metavar="'NAME: VALUE'", help="Of the opening handshake."),
    ] = None,
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="A server that is not on this machine. It must be yours.")
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="Hold the clients on so many Dask workers of this machine."),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="tcp://HOST:PORT", help="Hold them on the workers of this Dask scheduler."),
    ] = None,
    on_lost_worker: Annotated[
        OnLostWorker,
        typer.Option(help="Whether the others open the clients of a lost worker, or these are missing."),
    ] = OnLostWorker.REOPEN,
    memory_each: Annotated[
        str | None,
        typer.Option("--max-memory-per-client", metavar="SIZE", help="Exit 1 if one costs more."),
    ] = None,
    clients_min: Annotated[
        int | None,
        typer.Option("--min-clients", help="Exit 1 if the witnesses suffer before there are so many."),
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(
            metavar="WALL,...", help="Exit 1 where it is seen. Allowed: witnesses, refused, tcp_mem."
        ),
    ] = None,
    record: Annotated[
        str | None,
        typer.Option("--record", metavar="FILE", help="Write it to this file, for stallsim replay."),
    ] = None,
    metrics: MetricsAddress = None,
    output: Outputs = None,
    junit: Junit = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the files that are written.")] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object on standard output, nothing else.")
    ] = False,
    plain: Plain = False,
    theme: ThemeName = "auto",
) -> int:
    """Hold very many stalled clients against a server.

    It says what one of them costs, how many the server takes, and who suffers first. Clients open in steps;
    at each step a few witnesses, which read everything, are watched beside them. Exit code 1 is for
    --max-memory-per-client, --min-clients and --fail-on.
    """
    from ..fleet.limits import parse_fail_on
    from ..fleet.mix import parse_mix
    from ..fleet.spec import FleetSpec, OfWorkers
    from ..option_values import to_bytes, to_seconds
    from ..probing.client.handshake_headers import handshake_headers
    from ..probing.spec import Command, Target
    from ..timeline.fleet import FleetLimits

    limits = FleetLimits(
        memory_each=None if memory_each is None else to_bytes("max_memory_per_client", memory_each),
        clients_min=clients_min,
        fail_on=parse_fail_on(fail_on) if fail_on else frozenset(),
    )
    spec = FleetSpec(
        target=Target(url=url, headers=handshake_headers(fields(header)), allow_remote=allow_remote),
        clients=clients,
        mix=parse_mix("mix", mix) if mix else parse_mix("profile", profile),
        command=None if exec_ is None else Command(words=("/bin/sh", "-c", exec_)),
        pid=pid,
        rate_per_s=_rate(rate),
        steps=min(steps, clients),
        witnesses=witnesses,
        goes_on=go_on,
        look_s=to_seconds("look", look),
        hold_s=0.0 if hold is None else to_seconds("hold", hold),
        wake_share=_share(wake),
        rcvbuf=None if rcvbuf == "default" else to_bytes("rcvbuf", rcvbuf),
        memory_bytes=None if memory is None else to_bytes("memory", memory),
        workers=None
        if workers is None and scheduler is None
        else OfWorkers(scheduler=scheduler, count=workers, reopens=on_lost_worker is OnLostWorker.REOPEN),
        limits=limits,
        record=record,
        force=force,
    )
    with Reports(output, junit, force=force, json=json) as reports, fleet_metrics(metrics) as figures:
        display = Display(plain=plain, theme=theme, replay=record or "")
        timeline = run_fleet(spec, display, figures, quiet=json or reports.on_standard_output)
        return present_fleet(timeline, display, json=json, reports=reports)


def _rate(text: str) -> float:
    number = text.strip().removesuffix("/s")
    try:
        rate = float(number)
    except ValueError:
        rate = 0.0
    if not 0 < rate < float("inf"):
        raise OptionError("rate", f"expected a number of clients a second such as 5000/s, got {text!r}")
    return rate


def _share(text: str) -> float:
    if text == "all":
        return 1.0
    try:
        share = float(text.removesuffix("%")) / 100 if text.endswith("%") else -1.0
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise OptionError("wake", f"expected all, or a share from 0% to 100%, got {text!r}")
    return share
