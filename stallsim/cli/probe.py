"""``stallsim probe``: anybody's server, put through the stalls from outside."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import EnvironmentUnfit, ExitCode
from ._further import with_command
from ._joining import (
    Afters,
    Every,
    Hellos,
    HexHellos,
    Replies,
    Sent,
    Speak,
    Subprotocols,
    hellos,
    repeated,
    replies,
)
from ._names import FAILURES, allowed, completes_list
from ._outputs import Junit, Outputs, Reports
from ._packets import Packets, Pcap
from ._present import (
    Display,
    Exit,
    ThemeName,
    dashboard,
    on_terminal,
    print_how_to_see_it_again,
    probing,
    waiting_line,
)
from ._report import Verbose, print_report
from ._texts import headers, seconds, size, subprotocols, token_of

if TYPE_CHECKING:
    from ..probing.report.thresholds import Thresholds
    from ..probing.result import ProbeResult
    from ..probing.spec import ProbeSpec
    from ..timeline.timeline import Timeline

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
            help="ws://HOST:PORT/PATH, wss://..., or http(s)://... for an HTTP stream. With --exec, port 0 "
            "takes a free one (PORT says which)."
        ),
    ],
    exec_: Annotated[
        str | None,
        typer.Option(
            "--exec",
            metavar="COMMAND",
            help="Start the server with this, afresh for each stall; PORT in its environment says where.",
        ),
    ] = None,
    profile: Annotated[
        _Texts,
        typer.Option("--profile", metavar="STALL", help="Which stall, repeatable; default: the main ones."),
    ] = None,
    header: Annotated[
        _Texts, typer.Option("--header", "-H", metavar="'NAME: VALUE'", help="Of the opening handshake.")
    ] = None,
    cookie: Annotated[_Texts, typer.Option("--cookie", metavar="NAME=VALUE", help="A cookie.")] = None,
    token: Annotated[
        str | None,
        typer.Option(
            "--token",
            envvar="STALLSIM_TOKEN",
            help="A bearer token; on the command line everybody sees it in ps: rather STALLSIM_TOKEN.",
        ),
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option("--token-file", metavar="FILE", help="A file whose first line is the bearer token."),
    ] = None,
    subprotocol: Subprotocols = None,
    speak: Speak = None,
    hello: Hellos = None,
    hello_hex: HexHellos = None,
    after: Afters = None,
    reply: Replies = None,
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
    deflate: Annotated[
        bool,
        typer.Option("--deflate/--no-deflate", help="Offer permessage-deflate, as browsers do."),
    ] = False,
    allow_remote: Annotated[
        bool,
        typer.Option(
            "--allow-remote", help="Stall a server that is not on this machine. It must be yours."
        ),
    ] = False,
    insecure: Annotated[bool, typer.Option("--insecure", help="Trust any certificate.")] = False,
    ca: Annotated[
        str | None, typer.Option("--ca", metavar="FILE", help="Trust this authority (PEM).")
    ] = None,
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
    for_: Annotated[
        str | None, typer.Option("--for", metavar="SIZE", help="Until so much was refused.")
    ] = None,
    stop_at: Annotated[
        str, typer.Option("--stop-at", metavar="SIZE", help="As much memory as the server may take.")
    ] = "512MiB",
    start_timeout: Annotated[
        str,
        typer.Option(
            "--start-timeout",
            metavar="DURATION",
            help="With --exec: how long until its handshake works; after a 404, 502 or 503 again.",
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
    fail_on: Annotated[
        str | None,
        typer.Option(
            "--fail-on",
            metavar="NAME,...",
            help=f"Outcomes and findings that exit 1. {allowed(FAILURES)}",
            autocompletion=completes_list(FAILURES),
        ),
    ] = None,
    max_queue: Annotated[
        str | None,
        typer.Option("--max-queue", metavar="SIZE", help="Exit 1 if it holds more payload."),
    ] = None,
    must_close_within: Annotated[
        str | None,
        typer.Option(
            "--must-close-within", metavar="DURATION", help="Exit 1 unless it disconnects by then."
        ),
    ] = None,
    pcap: Pcap = None,
    output: Outputs = None,
    allow_untested: Annotated[
        bool, typer.Option("--allow-untested", help="Exit 0 though a limit could not be tested.")
    ] = False,
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

    from ..probing.address import parse_url
    from ..probing.report.thresholds import parse_thresholds
    from ..probing.speak import split_spoken
    from ..probing.spec import MAIN_STALLS, Command, ProbeSpec, Target, watch_of

    close_s = None if must_close_within is None else seconds("--must-close-within", must_close_within)
    queue_max = None if max_queue is None else size("--max-queue", max_queue)
    limits = replace(parse_thresholds(fail_on, queue_max, close_s), allow_untested=allow_untested)
    parse_url(url)
    if speak is not None:
        split_spoken(speak)
    target = Target(
        url=url,
        headers=headers(header or [], cookie or [], token_of(token, token_file)),
        subprotocols=subprotocols(subprotocol or []),
        hello=hellos(context, hello=hello, hello_hex=hello_hex, after=after),
        replies=replies(reply or []),
        repeated=repeated(send, every),
        speak=speak,
        deflate=deflate,
        allow_remote=allow_remote,
        verify_tls=not insecure,
        ca_file=ca,
    )
    usual = ProbeSpec(target=target)
    spec = ProbeSpec(
        target=target,
        command=None
        if exec_ is None
        else Command(
            words=("/bin/sh", "-c", exec_), start_timeout_s=seconds("--start-timeout", start_timeout)
        ),
        private_stack=private_stack,
        before=before,
        pid=pid,
        watch=watch_of(
            None if watch is None else seconds("--watch", watch),
            None if for_ is None else size("--for", for_),
            usual.short if quick else None,
            at_least_s=limits.close_s,
        ),
        horizon=limits.watch(usual.horizon),
        stop_at_bytes=size("--stop-at", stop_at),
        keepalive_s=None if keepalive is None else seconds("--keepalive", keepalive),
        timeout_s=None if timeout is None else seconds("--timeout", timeout),
        rate_per_s=None if rate is None else size("--rate", rate.removesuffix("/s")),
        baseline_s=None if baseline is None else seconds("--baseline", baseline),
        stalls=tuple(profile or MAIN_STALLS),
        record=record,
        force=force,
        limits=limits,
    )
    with Reports(output, junit, force=force, json=json) as reports, Packets(pcap, force=force) as packets:
        display = Display(plain=plain, leaves=leaves, theme=theme, replay=record or "")
        return _perform(spec, limits, reports, packets, display, json=json, verbose=verbose)


def _perform(
    spec: "ProbeSpec",
    limits: "Thresholds",
    reports: Reports,
    packets: Packets,
    display: Display,
    *,
    json: bool,
    verbose: bool,
) -> int:
    from ..probing.recording.file import recorded
    from ..probing.run_probe import run_probe
    from ..timeline.timeline import Timeline

    quiet = json or reports.on_standard_output
    drawn = not quiet and on_terminal(display.plain)
    told = not (quiet or display.plain or drawn) and sys.stderr.isatty()
    timeline = Timeline()
    quietly = nullcontext(None if drawn else waiting_line)
    with recorded(spec, timeline) as recorder, probing() if told else quietly as listener:
        watcher = dashboard(display) if drawn else None
        result = run_probe(spec, watcher=watcher, listener=packets.beside(listener), timeline=timeline)
    packets.write(timeline)
    code = ExitCode.INTERRUPTED
    if result is not None:
        result = limits.apply(result)
        if not json:  # a replay of the recording knows no command, and prints the same object
            result = with_command(result, sys.argv[1:])
        code = _present(result, timeline, reports, display, json=json, verbose=verbose)
    if recorder is not None:
        recorder.check()
    return code


def _present(
    result: "ProbeResult",
    timeline: "Timeline",
    reports: Reports,
    display: Display,
    *,
    json: bool,
    verbose: bool,
) -> ExitCode:
    if reports:
        from ..reports.found import found_timeline

        reports.write(found_timeline(timeline, result.url, result=result))
    if not reports.on_standard_output:
        print_report(result, json=json, verbose=verbose)
        if not json:
            print_how_to_see_it_again(display)
    if result.interrupted:
        return ExitCode.INTERRUPTED
    if result.failure:
        raise EnvironmentUnfit(f"the probe ended before every stall was tried: {result.failure}")
    return ExitCode.FAIL if result.unmet else ExitCode.PASS
