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
from ._probe_shown import probe_and_show
from ._report import Verbose

if TYPE_CHECKING:
    from ..probing.options.probe import ProbeOptions

_Texts = list[str] | None

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
            help="ws://HOST:PORT/PATH, or another scheme. With --exec, port 0 takes a free one (PORT says "
            f"which). Schemes: {', '.join(SCHEMES)}; with an s behind it over TLS, with +unix over a unix "
            "socket (ws+unix:/SOCKET:/PATH)."
        ),
    ],
    command: Annotated[
        str | None,
        typer.Option(
            "--exec",
            metavar="COMMAND",
            help="Start the server with this, afresh for each stall; PORT in its environment says where.",
        ),
    ] = None,
    stalls: Annotated[
        _Texts,
        typer.Option("--profile", metavar="STALL", help="Which stall, repeatable; default: the main ones."),
    ] = None,
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
    before: Annotated[
        str | None,
        typer.Option(
            "--before",
            metavar="COMMAND",
            help="Run it for each start, when the server listens; it prints a URL, a header or a token.",
        ),
    ] = None,
    deflate: Deflate = False,
    allow_remote: AllowRemote = False,
    verify_tls: VerifyTls = True,
    ca_file: CaFile = None,
    pid: Annotated[
        int | None,
        typer.Option("--pid", min=1, max=2**22, help="The process whose memory to watch."),
    ] = None,
    private_stack: Annotated[
        bool,
        typer.Option(
            "--private-stack",
            help="With --exec: in a network stack of its own, with small buffers. No other network is "
            "reachable there.",
        ),
    ] = False,
    watch: Annotated[
        str | None,
        typer.Option("--watch", metavar="DURATION", help="How long, once the kernels take no more (60s)."),
    ] = None,
    refused: Annotated[
        str | None, typer.Option("--for", metavar="SIZE", help="Until so much was refused.")
    ] = None,
    at_once: Annotated[
        int | None,
        typer.Option(
            "--at-once",
            min=1,
            metavar="N",
            help="With --exec and port 0: at most so many stalls at once; default: as the CPUs have room.",
        ),
    ] = None,
    stop_at: Annotated[
        str, typer.Option("--stop-at", metavar="SIZE", help="As much memory as the server may take.")
    ] = "512MiB",
    start_timeout: Annotated[
        str,
        typer.Option(
            "--start-timeout",
            metavar="DURATION",
            help="With --exec: how long until its handshake works; it is tried again until then.",
        ),
    ] = "60s",
    keepalive: Annotated[
        str | None,
        typer.Option(
            "--keepalive",
            metavar="DURATION",
            help="Also: is a client that answers no Ping disconnected (90s)?",
        ),
    ] = None,
    timeout: Annotated[
        str | None,
        typer.Option(
            "--timeout",
            metavar="DURATION",
            help="For the whole command: then what was seen is judged, and no other stall is tried.",
        ),
    ] = None,
    rate: Annotated[
        str | None,
        typer.Option(
            "--rate", metavar="RATE", help="What slow-reader reads a second (50kB); else a tenth."
        ),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(
            "--baseline", metavar="DURATION", help="How long the stream is looked at before a stall."
        ),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="No stall for longer than 2 s or 8 MiB: five seconds each.")
    ] = False,
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
        typer.Option("--record", metavar="FILE", help="Write it to this file, for stallsim replay."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the files that are written.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one object (schema --probe).")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="No dashboard.")] = False,
    verbose: Verbose = False,
    leaves: Exit = False,
    theme: ThemeName = "auto",
) -> int:
    """Stall a client of any server, and say what the server does with it.

    The server runs already, or --exec starts it. The first stall is watched for 30 s, to find every timeout
    up to that, and every bound up to 64 MiB that the stream reaches by then; the others for 2 s. Exit code
    1 is for --fail-on, --max-queue and --must-close-within: a limit that is broken, or could not be tested.
    Without them a probe that could be made exits 0, whatever it found.
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
