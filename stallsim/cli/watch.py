"""``stallsim watch``: shows which of a live server's clients have stopped reading, since when, at what
cost.
"""

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from ..errors import StallsimError
from ._metrics import MetricsAddress
from ._present import ThemeName, on_terminal
from ._watch_outputs import Outputs
from ._watch_shown import show_looks, show_once
from .run import Plain

EXAMPLES = (
    "stallsim watch :8000",
    "stallsim watch :8000 --once",
    "stallsim watch node --fail-on stalled:10s",
)


def watch(
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="[PID | :PORT | NAME]",
            help="A process, a port, or a command's name; default: every listening server of this user.",
        ),
    ] = None,
    cgroup: Annotated[
        str | None,
        typer.Option(
            metavar="UNIT|PATH",
            help="Watch only the servers and connections of this cgroup (app.service), which the kernel "
            "selects. A unit that is started again is another cgroup.",
        ),
    ] = None,
    interval: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="The time between two looks (2s); longer if looks would take more than 5 % of a core. "
            "With --once: the time between the first and the last reading (5s).",
        ),
    ] = None,
    after: Annotated[
        str,
        typer.Option(
            metavar="TIME", help="How long a window must be shut before its connection is called stalled."
        ),
    ] = "10s",
    once: Annotated[
        bool, typer.Option("--once", help="Print one table, of readings that are --interval apart.")
    ] = False,
    duration: Annotated[
        str | None, typer.Option(metavar="TIME", help="Watch for this long, instead of until Ctrl-C.")
    ] = None,
    json: Annotated[
        bool,
        typer.Option("--json", help="Print one JSON object per look and line (schema --watch)."),
    ] = False,
    plain: Plain = False,
    theme: ThemeName = "auto",
    fail_on: Annotated[
        str | None,
        typer.Option(
            "--fail-on",
            metavar="WORD[:TIME],...",
            help="Exit 1 as soon as a connection has had the word WORD for TIME (stalled:10s).",
        ),
    ] = None,
    record: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write every look to this file, for replay.")
    ] = None,
    on_stall: Annotated[
        list[str] | None,
        typer.Option(
            "--on-stall",
            metavar="FILE.jsonl|COMMAND",
            help="When a connection has stalled, write the minutes before the stall to the file (its name "
            "ends in .jsonl), or run the command, at most once a minute, with the facts in the variables "
            "STALLSIM_*.",
        ),
    ] = None,
    ring: Annotated[
        str,
        typer.Option(metavar="TIME", help="The time before a stall that --on-stall FILE.jsonl has."),
    ] = "5m",
    metrics: MetricsAddress = None,
    metrics_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.prom", help="Write metrics to this file, for node_exporter's textfile collector."
        ),
    ] = None,
    anonymous: Annotated[
        bool,
        typer.Option("--anonymous", help="Show hashes instead of the peers' addresses."),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite existing files.")] = False,
) -> int:
    """Show which clients of a live server have stopped reading.

    The watch reads the kernel's figures of every connection of any process, without privilege, and changes
    nothing. The exit code is 1 if --fail-on has found its word.
    """
    from ..option_values import to_seconds
    from ..watching.session import WatchSession
    from ..watching.thresholds import parse_thresholds

    if once and (record or on_stall or metrics or duration):
        raise StallsimError(
            "--once prints one table; leave out --record, --on-stall, --metrics and --duration"
        )
    session = WatchSession(
        target=target,
        cgroup=cgroup,
        interval_s=(5.0 if once else 2.0) if interval is None else to_seconds("interval", interval),
        after_s=to_seconds("after", after),
        duration_s=None if duration is None else to_seconds("duration", duration),
        thresholds=parse_thresholds(fail_on) if fail_on else (),
        anonymous=anonymous,
    )
    with ExitStack() as stack:
        stack.callback(session.close)
        outputs = Outputs(
            record, tuple(on_stall or ()), to_seconds("ring", ring), metrics, metrics_file, force
        )
        outputs.listen(session, stack)
        if once:
            return show_once(session, json=json)
        return show_looks(session, theme, json=json, drawn=not json and on_terminal(plain))
