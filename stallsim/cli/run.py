"""``stallsim run``: executes a profile, shows it, judges it."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import StallsimError, Unavailable
from ._metrics import MetricsAddress, timeline_metrics
from ._names import completes, profiles
from ._outputs import Junit, Outputs, Reports
from ._packets import Packets, Pcap
from ._present import (
    Display,
    Exit,
    ThemeName,
    dashboard,
    exit_code,
    on_terminal,
    plain_lines,
    present,
    print_unsupported,
    progress,
)
from ._serving import GuestCount, Serve, invite, served
from ._speed import Speed

if TYPE_CHECKING:
    from ..profile.load import Loaded
    from ..timeline.recorder import Recorder

Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on standard output, nothing else.")
]
Plain = Annotated[bool, typer.Option("--plain", help="Print one plain line per event, on a terminal too.")]

Strict = Annotated[bool, typer.Option("--strict", help="Exit 3 instead of 0 if a capability is missing.")]

EXAMPLES = (
    "stallsim run sleeping-tab",
    "stallsim run sleeping-tab --set server.policy=drop-oldest",
    "stallsim run mongoose-2574 --record run.jsonl -o run.html",
    "stallsim run ./my-incident.toml --json",
)


def run(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[PROFILE]",
            help="A profile's name (stallsim list), or a TOML file.",
            autocompletion=completes(profiles),
        ),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile", "-p", help="The profile, as an option.", autocompletion=completes(profiles)
        ),
    ] = None,
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", "-s", metavar="KEY=VALUE", help="Override any key of the profile."),
    ] = None,
    private_stack: Annotated[
        bool | None,
        typer.Option(
            "--private-stack/--host-stack",
            help="Run in a private network stack (the default of a lockstep run, if the system allows it) "
            "or in the machine's own stack; sets stack.private.",
        ),
    ] = None,
    record: Annotated[
        Path | None,
        typer.Option(
            help="Record the run in this file (JSON lines; the suffixes .gz and .zst compress it)."
        ),
    ] = None,
    duration: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Run for this scenario time (90s, 10m), instead of the profile's ticks. In realtime it is "
            "wall-clock time; a lockstep run takes as long as the machine needs.",
        ),
    ] = None,
    record_every: Annotated[
        int,
        typer.Option(min=1, metavar="N", help="Record one of every N ticks, and the peaks of each queue."),
    ] = 1,
    record_rotate: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE",
            help="Begin a new file when the recording is larger than SIZE, and keep the file before it.",
        ),
    ] = None,
    serve: Serve = None,
    guests: GuestCount = 1,
    pcap: Pcap = None,
    metrics: MetricsAddress = None,
    output: Outputs = None,
    junit: Junit = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the files that are written.")] = False,
    json: Json = False,
    plain: Plain = False,
    speed: Speed = 1.0,
    exit_: Exit = False,
    theme: ThemeName = "auto",
    strict: Strict = False,
) -> int:
    """Execute a profile, show the run and judge it.

    The run has real sockets over loopback. On a terminal its timeline is shown at --speed; otherwise one
    line per event is printed.
    """
    from ..profile.scenario import Pace
    from ..runner.execute import Execution

    loaded = _load_one(name, profile, [*(overrides or []), *_stack(private_stack), *served(serve)])
    if duration is not None:
        loaded = _last_for(loaded, duration)
    lasts_s = None if duration is None else loaded.scenario.ticks * loaded.scenario.tick_s
    execution = Execution(loaded, invite(loaded.scenario, serve, guests, lasts_s))
    live = loaded.scenario.pace is Pace.REALTIME and not json and "-" not in (output or ())
    display = Display(plain, speed, exit_, theme, str(record or ""))
    drawn = on_terminal(plain)
    # Opened before a private stack is entered, where root has no rights in other users' folders.
    with (
        Reports(output, junit, force=force, json=json) as reports,
        Packets(pcap, force=force) as packets,
        timeline_metrics(metrics) as figures,
        _recorder(record, record_every, record_rotate, force) if record else nullcontext() as recorder,
    ):
        try:
            execution.prepare()
        except StallsimError as error:
            if recorder is not None:
                recorder.discard()
            if not isinstance(error, Unavailable):
                raise
            return print_unsupported(loaded.scenario, error, json=json, strict=strict)
        with nullcontext() if live else progress() as going:
            timeline = execution.execute(
                sys.argv,
                recorder,
                listener=figures.beside(packets.beside(plain_lines() if live and not drawn else going)),
                watcher=dashboard(display) if live and drawn else None,
            )
        if recorder is not None:
            recorder.conclude(timeline)
        packets.write(timeline)
        if reports:
            from ..reports.found import found_timeline

            reports.write(found_timeline(timeline, loaded.scenario.profile))
    code = exit_code(timeline, strict)
    if not reports.on_standard_output:
        seen = live or timeline.interrupted  # a user who ends a run does not want to watch it
        code = present(timeline, display, json=json, strict=strict, seen=seen)
    if recorder is not None:
        recorder.check()
    packets.check()
    reports.check()
    return code


def _recorder(path: Path, every: int, rotate: str | None, force: bool) -> "Recorder":
    from ..option_values import to_bytes
    from ..timeline.recorder import Recorder

    rotate_bytes = None if rotate is None else to_bytes("record_rotate", rotate)
    return Recorder(path, force, every=every, rotate_bytes=rotate_bytes)


def _load_one(name: str | None, profile: str | None, overrides: list[str]) -> "Loaded":
    from ..profile.folder import names
    from ..profile.load import load_profile

    if (name is None) == (profile is None):
        raise StallsimError(f"name one profile: {', '.join(names())}, or any TOML file")
    return load_profile(name or profile or "", overrides)


def _stack(private: bool | None) -> list[str]:
    """The setting for which the flag is an abbreviation, if it is given."""
    return [] if private is None else [f"stack.private={str(private).lower()}"]


def _last_for(loaded: "Loaded", duration: str) -> "Loaded":
    """The same profile, for as many ticks as fit into the duration."""
    from ..option_values import to_seconds
    from ..profile.lasting import last_for

    return last_for(loaded, to_seconds("duration", duration))
