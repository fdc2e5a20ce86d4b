"""``stallsim fleet``: very many stalled clients of any server."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from ..errors import OptionError, ProfileError, UnknownVariant
from ..family import names_in
from ..profile.folder import fleet_names
from ._fleet_shown import present_fleet, run_fleet
from ._joined import joined
from ._joining import (
    Afters,
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
from ._names import PACKAGE, allowed, completes
from ._outputs import Junit, Outputs, Reports
from ._present import Display, ThemeName
from ._unwritten import Unwritten
from .run import Plain

if TYPE_CHECKING:
    from ..probing.options.target import TargetOptions

EXAMPLES = (
    "stallsim fleet ws://127.0.0.1:8000/ws --clients 5000",
    "stallsim fleet --exec 'node server.js' ws://127.0.0.1:0/ --mix stop-reading=90,slow-reader=10",
    "stallsim fleet ws://127.0.0.1:8000/ws --max-memory-per-client 64KiB --min-clients 1000 --json",
)
_KINDS = names_in(PACKAGE / "fleet" / "parked")
_PROFILES = fleet_names()


class OnLostWorker(StrEnum):
    """What becomes of the clients of a worker that is lost."""

    REOPEN = "reopen"
    MISS = "miss"


_JOINING = (
    *("headers", "cookies", "token", "subprotocols", "speak", "hello"),
    *("allow_remote", "verify_tls", "ca_file"),
)


def fleet(
    context: typer.Context,
    url: Annotated[
        str,
        typer.Argument(help="ws:// or wss://HOST:PORT/PATH. With --exec, port 0 means a free port."),
    ],
    clients: Annotated[
        int | None, typer.Option(min=1, help="The number of clients in the end (1000).")
    ] = None,
    exec_: Annotated[
        str | None,
        typer.Option(
            "--exec",
            metavar="COMMAND",
            help="Start the server with this command; the variable PORT names its port.",
        ),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile",
            metavar="KIND|NAME|FILE.toml",
            help=f"What the clients do (stop-reading), or a fleet's profile, whose keys other options "
            f"replace. {allowed([*_KINDS, *_PROFILES])}",
            autocompletion=completes([*_KINDS, *_PROFILES]),
        ),
    ] = None,
    mix: Annotated[
        str | None,
        typer.Option(metavar="KIND=SHARE,...", help="Several kinds of clients, instead of --profile."),
    ] = None,
    rate: Annotated[
        str | None,
        typer.Option(metavar="NUMBER[/s]", help="The most opening handshakes a second (5000/s)."),
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option(min=1, max=100, help="The number of sizes at which the fleet is watched (5)."),
    ] = None,
    witnesses: Annotated[
        int | None, typer.Option(min=1, max=100, help="The number of clients that read everything (3).")
    ] = None,
    look: Annotated[
        str | None,
        typer.Option(metavar="DURATION", help="How long the witnesses are watched at each size (2s)."),
    ] = None,
    go_on: Annotated[
        bool, typer.Option("--go-on", help="Open more clients even if the witnesses suffer.")
    ] = False,
    hold: Annotated[
        str | None, typer.Option(metavar="DURATION", help="How long the whole fleet is held in the end.")
    ] = None,
    wake: Annotated[
        str | None,
        typer.Option(
            metavar="all|PERCENT",
            help="Let all clients or this share of them, such as 10%, read again in the end (none).",
        ),
    ] = None,
    rcvbuf: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE|default",
            help="SO_RCVBUF of the clients; with a small one they stall early (4KiB).",
        ),
    ] = None,
    memory: Annotated[
        str | None,
        typer.Option(metavar="SIZE", help="The limit of the server's memory, for example that of its pod."),
    ] = None,
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
    allow_remote: Annotated[
        bool,
        typer.Option("--allow-remote", help="Allow a server on another machine. The server must be yours."),
    ] = False,
    verify_tls: VerifyTls = True,
    ca_file: CaFile = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1, max=64, help="Hold the clients on this number of Dask workers of this machine."
        ),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="tcp://HOST:PORT", help="Hold the clients on the workers of this Dask scheduler."
        ),
    ] = None,
    on_lost_worker: Annotated[
        OnLostWorker,
        typer.Option(
            help="Whether other workers open the clients of a lost worker, or these clients are missing."
        ),
    ] = OnLostWorker.REOPEN,
    memory_each: Annotated[
        str | None,
        typer.Option("--max-memory-per-client", metavar="SIZE", help="Exit 1 if one client costs more."),
    ] = None,
    clients_min: Annotated[
        int | None,
        typer.Option(
            "--min-clients", min=1, help="Exit 1 if the witnesses suffer before this number is open."
        ),
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(
            metavar="WALL,...",
            help="Exit 1 if one of these is seen. "
            "Allowed: witnesses, refused, unanswered, memory, tcp_mem, server-ended.",
        ),
    ] = None,
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
    from ..fleet.limits import parse_fail_on
    from ..fleet.limits_possible import check_limits
    from ..fleet.mix import parse_mix
    from ..fleet.profile import is_fleet_profile, load_fleet_profile
    from ..fleet.scheduler_address import parse_scheduler
    from ..fleet.spec import FleetSpec, OfWorkers
    from ..fleet.written import parse_buffer, parse_opening_rate, parse_share
    from ..option_values import to_bytes, to_seconds, to_value
    from ..probing.options.target import target_of
    from ..probing.spec import Command
    from ..timeline.fleet.asked import FleetLimits

    if workers is not None and scheduler is not None:
        raise OptionError("scheduler", "a scheduler has workers already, and `workers=` would start others")
    if scheduler is not None:
        to_value("scheduler", scheduler, parse_scheduler)
    if mix is not None and profile in _KINDS:
        raise OptionError("mix", f"it replaces `profile=` {profile}: use one of the two")
    profile = profile or "stop-reading"
    if profile not in _KINDS and not is_fleet_profile(profile):
        raise UnknownVariant("profile of a fleet", profile, [*_KINDS, *_PROFILES])
    planned = load_fleet_profile(profile) if is_fleet_profile(profile) else None
    limits: dict[str, Any] = planned.limit_fields() if planned else {}
    limits |= _given(
        memory_each=None if memory_each is None else to_bytes("max_memory_per_client", memory_each),
        clients_min=clients_min,
        fail_on=None if fail_on is None else parse_fail_on(fail_on),
    )
    values: dict[str, Any] = planned.spec_fields() if planned else {"mix": parse_mix("profile", profile)}
    values |= _given(
        clients=clients,
        mix=None if mix is None else parse_mix("mix", mix),
        rate_per_s=None if rate is None else to_value("rate", rate, parse_opening_rate),
        steps=steps,
        witnesses=witnesses,
        goes_on=go_on or None,
        look_s=None if look is None else to_seconds("look", look),
        hold_s=None if hold is None else to_seconds("hold", hold),
        wake_share=None if wake is None else to_value("wake", wake, parse_share),
        memory_bytes=None if memory is None else to_bytes("memory", memory),
    )
    if rcvbuf is not None:
        values["rcvbuf"] = to_value("rcvbuf", rcvbuf, parse_buffer)
    typed = joined(context)
    joining = {name: typed[name] for name in _JOINING if typed[name] is not None}
    spec = FleetSpec(
        target=target_of(url, cast("TargetOptions", joining)),
        command=None if exec_ is None else Command(words=("/bin/sh", "-c", exec_)),
        pid=pid,
        workers=None
        if workers is None and scheduler is None
        else OfWorkers(scheduler=scheduler, count=workers, reopens=on_lost_worker is OnLostWorker.REOPEN),
        limits=FleetLimits(**limits),
        record=record,
        force=force,
        **values,
    )
    try:
        check_limits(spec)
    except OptionError as error:
        typed_limits = {
            "max_memory_per_client": memory_each,
            "min_clients": clients_min,
            "fail_on": fail_on,
        }
        if typed_limits[error.option] is not None:
            raise
        raise ProfileError(profile, f"limits.{error.option.replace('_', '-')}", error.problem) from None
    with Reports(output, junit, force=force, json=json) as reports, fleet_metrics(metrics) as figures:
        display = Display(plain=plain, theme=theme, replay=record or "")
        unwritten = Unwritten()
        timeline = run_fleet(spec, display, figures, unwritten, quiet=json or reports.on_standard_output)
        code = present_fleet(timeline, display, json=json, reports=reports)
        unwritten.check()
        reports.check()
        return code


def _given(**values: object) -> dict[str, object]:
    """Those that the command line has."""
    return {name: value for name, value in values.items() if value is not None}
