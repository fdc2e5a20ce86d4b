"""``stallsim probe``: stalls clients of any server and judges it from outside."""

from typing import TYPE_CHECKING, Annotated, cast

import typer

from ._joined import joined
from ._joining import (
    Afters,
    AllowRemote,
    CaFile,
    Cookies,
    Deflate,
    Every,
    Headers,
    Hellos,
    HexHellos,
    Replies,
    Sent,
    Speak,
    Subprotocols,
    Token,
    TokenFile,
    VerifyTls,
)
from ._limits import AllowUntested, FailOn, MaxQueue, MustCloseWithin
from ._metrics import MetricsAddress, timeline_metrics
from ._names import SCHEMES
from ._outputs import Junit, Outputs, Reports
from ._packets import Packets, Pcap
from ._present import Display, Exit, ThemeName
from ._probe_options import (
    AtOnce,
    BaselineFor,
    Before,
    Exec,
    Keepalive,
    Pid,
    PrivateStack,
    Quick,
    Refused,
    SlowRate,
    Stalls,
    StartTimeout,
    StopAt,
    Timeout,
    WatchFor,
)
from ._probe_shown import probe_and_show
from ._report import Verbose

if TYPE_CHECKING:
    from ..probing.options.probe import ProbeOptions

EXAMPLES = (
    "stallsim probe --exec 'node server.js' ws://127.0.0.1:0/",
    "stallsim probe --quick ws://127.0.0.1:8000/ws",
    "stallsim probe ws://127.0.0.1:8000/ws --max-queue 8MiB --fail-on unbounded-growth --junit probe.xml",
)


def probe(
    context: typer.Context,
    url: Annotated[
        str,
        typer.Argument(
            help="ws://HOST:PORT/PATH, or another scheme. With --exec, port 0 means a free port, which "
            f"the variable PORT names. Schemes: {', '.join(SCHEMES)}; with an s at its end over TLS, with "
            "+unix over a unix socket (ws+unix:/SOCKET:/PATH)."
        ),
    ],
    command: Exec = None,
    stalls: Stalls = None,
    headers: Headers = None,
    cookies: Cookies = None,
    token: Token = None,
    token_file: TokenFile = None,
    subprotocols: Subprotocols = None,
    speak: Speak = None,
    hello: Hellos = None,
    hello_hex: HexHellos = None,
    after: Afters = None,
    replies: Replies = None,
    send: Sent = None,
    every: Every = None,
    before: Before = None,
    deflate: Deflate = False,
    allow_remote: AllowRemote = False,
    verify_tls: VerifyTls = True,
    ca_file: CaFile = None,
    pid: Pid = None,
    private_stack: PrivateStack = False,
    watch: WatchFor = None,
    refused: Refused = None,
    at_once: AtOnce = None,
    stop_at: StopAt = "512MiB",
    start_timeout: StartTimeout = "60s",
    keepalive: Keepalive = None,
    timeout: Timeout = None,
    rate: SlowRate = None,
    baseline: BaselineFor = None,
    quick: Quick = False,
    fail_on: FailOn = None,
    max_queue: MaxQueue = None,
    must_close_within: MustCloseWithin = None,
    pcap: Pcap = None,
    metrics: MetricsAddress = None,
    output: Outputs = None,
    allow_untested: AllowUntested = False,
    junit: Junit = None,
    record: Annotated[
        str | None,
        typer.Option(
            "--record", metavar="FILE", help="Record the probe in this file, for stallsim replay."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that exist.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object (schema --probe).")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="Show no dashboard.")] = False,
    verbose: Verbose = False,
    leaves: Exit = False,
    theme: ThemeName = "auto",
) -> int:
    """Stall a client of any server, and report what the server does with it.

    The server runs already, or --exec starts it. The first stall is watched for 30 s, to find every timeout
    up to 30 s, and every bound up to 64 MiB that the stream reaches by then; the others for 2 s. Exit code
    1 is for --fail-on, --max-queue and --must-close-within: a limit that is broken, or could not be tested.
    Without these options a probe that could be made exits 0, whatever it found.
    """
    from msgspec.structs import replace

    from ..option_values import to_seconds
    from ..probing.options.probe import probe_spec

    given = {name: value for name, value in joined(context).items() if value not in (None, (), [])}
    spec = probe_spec(url, cast("ProbeOptions", given))
    if timeout is not None:
        spec = replace(spec, timeout_s=to_seconds("timeout", timeout))
    with (
        Reports(output, junit, force=force, json=json) as reports,
        Packets(pcap, force=force) as packets,
        timeline_metrics(metrics) as figures,
    ):
        display = Display(plain=plain, leaves=leaves, theme=theme, replay=record or "")
        return probe_and_show(spec, reports, packets, figures, display, json=json, verbose=verbose)
