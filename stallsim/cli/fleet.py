"""``stallsim fleet``: very many stalled clients of any server."""

from typing import Annotated

import typer

from ._fleet_options import (
    Clients,
    ClientsMin,
    FailOn,
    GoOn,
    Hold,
    Look,
    MemoryEach,
    MemoryLimit,
    Mix,
    OnLost,
    OnLostWorker,
    Profile,
    Rate,
    ReceiveBuffer,
    Scheduler,
    Steps,
    Wake,
    Witnesses,
    Workers,
)
from ._fleet_shown import present_fleet, run_fleet
from ._joined import joined
from ._joining import (
    Afters,
    AllowRemote,
    CaFile,
    Cookies,
    Headers,
    Hellos,
    HexHellos,
    Speak,
    Subprotocols,
    Token,
    TokenFile,
    VerifyTls,
)
from ._metrics import MetricsAddress, fleet_metrics
from ._outputs import Junit, Outputs, Reports
from ._present import Display, ThemeName
from ._unwritten import Unwritten
from .run import Plain

EXAMPLES = (
    "stallsim fleet ws://127.0.0.1:8000/ws --clients 5000",
    "stallsim fleet --exec 'node server.js' ws://127.0.0.1:0/ --mix stop-reading=90,slow-reader=10",
    "stallsim fleet ws://127.0.0.1:8000/ws --max-memory-per-client 64KiB --min-clients 1000 --json",
)


def fleet(
    context: typer.Context,
    url: Annotated[
        str,
        typer.Argument(help="ws:// or wss://HOST:PORT/PATH. With --exec, port 0 means a free port."),
    ],
    clients: Clients = None,
    exec_: Annotated[
        str | None,
        typer.Option(
            "--exec",
            metavar="COMMAND",
            help="Start the server with this command; the variable PORT names its port.",
        ),
    ] = None,
    profile: Profile = None,
    mix: Mix = None,
    rate: Rate = None,
    steps: Steps = None,
    witnesses: Witnesses = None,
    look: Look = None,
    go_on: GoOn = False,
    hold: Hold = None,
    wake: Wake = None,
    rcvbuf: ReceiveBuffer = None,
    memory: MemoryLimit = None,
    pid: Annotated[int | None, typer.Option(help="The process whose memory is read.")] = None,
    headers: Headers = None,
    cookies: Cookies = None,
    token: Token = None,
    token_file: TokenFile = None,
    subprotocols: Subprotocols = None,
    speak: Speak = None,
    hello: Hellos = None,
    hello_hex: HexHellos = None,
    after: Afters = None,
    allow_remote: AllowRemote = False,
    verify_tls: VerifyTls = True,
    ca_file: CaFile = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    on_lost_worker: OnLost = OnLostWorker.REOPEN,
    memory_each: MemoryEach = None,
    clients_min: ClientsMin = None,
    fail_on: FailOn = None,
    record: Annotated[
        str | None,
        typer.Option(
            "--record", metavar="FILE", help="Record the fleet in this file, for stallsim replay."
        ),
    ] = None,
    metrics: MetricsAddress = None,
    output: Outputs = None,
    junit: Junit = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that exist.")] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object on standard output, nothing else.")
    ] = False,
    plain: Plain = False,
    theme: ThemeName = "auto",
) -> int:
    """Hold very many stalled clients against a server.

    The report states what one client costs, how many clients the server takes, and who suffers first.
    Clients open in steps; at each step a few witnesses, which read everything, are watched beside them. The
    witnesses suffer if one receives less than 70 % of the data, or nothing for 1 s and 4 times the longest
    silence before, or if slow Pings take 5 times as long (docs/fleet.md). Exit code 1 is for
    --max-memory-per-client, --min-clients and --fail-on.
    """
    from ._fleet_spec import fleet_spec

    spec = fleet_spec(url, joined(context))
    with Reports(output, junit, force=force, json=json) as reports, fleet_metrics(metrics) as figures:
        display = Display(plain=plain, theme=theme, replay=record or "")
        unwritten = Unwritten()
        timeline = run_fleet(spec, display, figures, unwritten, quiet=json or reports.on_standard_output)
        code = present_fleet(timeline, display, json=json, reports=reports)
        unwritten.check()
        reports.check()
        return code
