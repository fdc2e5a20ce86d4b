"""``stallsim matrix``: which policy and which guard stops which client, and what it costs the others."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import ExitCode, StallsimError
from ._names import CLIENTS, GUARDS, POLICIES, allowed, completes
from ._outputs import Junit, Outputs, Reports
from ._unwritten import Unwritten

if TYPE_CHECKING:
    from ..matrix.plan import Plan
    from ..matrix.report import Matrix

EXAMPLES = (
    "stallsim matrix",
    "stallsim matrix --policy disconnect --guard none --client weak-network",
)


def matrix(
    policy: Annotated[
        list[str] | None,
        typer.Option(
            help=f"Run only this policy; repeatable. {allowed(POLICIES)}",
            autocompletion=completes(POLICIES),
        ),
    ] = None,
    guard: Annotated[
        list[str] | None,
        typer.Option(
            help="Run only this guard set; repeatable. Guards joined with + are a set. "
            f"Allowed: none, {', '.join(GUARDS)}, and sets of these.",
            autocompletion=completes(["none", *GUARDS]),
        ),
    ] = None,
    client: Annotated[
        list[str] | None,
        typer.Option(
            help=f"Run only this client; repeatable. {allowed(CLIENTS)}",
            autocompletion=completes(CLIENTS),
        ),
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Run every policy with every guard set and every client.")
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object on standard output, nothing else.")
    ] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown tables.")] = False,
    picture: Annotated[Path | None, typer.Option(help="Draw the tables into this SVG file.")] = None,
    record: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write the result to this file (JSON), for stallsim report."),
    ] = None,
    output: Outputs = None,
    junit: Junit = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the files that are written.")] = False,
) -> int:
    """Try every defence on every client.

    Each cell of the matrix is one run, and shows the outcome that was observed. The cells are every policy
    without a guard, and every guard set with the policy unbounded. --policy, --guard and --client select a
    part of them; policies and guard sets that are named together are combined, each with each. If a single
    cell is selected, its details are printed.
    """
    from ..matrix.plan import choose
    from ..reports.new_file import NewFile

    if json and markdown:
        raise StallsimError("--json and --markdown both write to standard output; give only one of them")
    plan = choose(policy or (), guard or (), client or (), full=full)
    unwritten = Unwritten()
    with (
        Reports(output, junit, force=force, json=json or markdown) as reports,
        NewFile(Path(record), force=force) if record else nullcontext() as recording,
        NewFile(picture, force=force) if picture else nullcontext() as file,
    ):
        made = _make(plan, announce=full)
        if recording is not None:
            import msgspec

            with unwritten.noted():
                recording.fill(msgspec.json.encode(made) + b"\n")
        if reports:
            from ..reports.found import found_matrix

            reports.write(found_matrix(made, "matrix"))
        if file is not None:
            from ..matrix.text import as_svg

            with unwritten.noted():
                file.fill(as_svg(made).encode())
    if not reports.on_standard_output:
        _show(made, json=json, markdown=markdown)
    unwritten.check()
    reports.check()
    if made.interrupted:
        return ExitCode.INTERRUPTED
    if made.unsound:
        return ExitCode.FAIL
    return ExitCode.ENVIRONMENT if made.not_run else ExitCode.PASS


def _make(plan: "Plan", *, announce: bool) -> "Matrix":
    from ..matrix.make import make_matrix
    from ..matrix.progress import MatrixProgress

    def expect(seconds: float, lockstep_s: float) -> None:
        progress.expect(seconds, lockstep_s)
        if announce:
            print(f"{len(plan.cells)} cells, about {seconds / 60:.0f} minutes", file=sys.stderr, flush=True)

    with MatrixProgress(len(plan.cells)) as progress:
        return make_matrix(plan, progress.on_result, expect)


def _show(made: "Matrix", *, json: bool, markdown: bool) -> None:
    if json:
        from ..json_text import json_text

        print(json_text(made))
    elif markdown:
        from ..matrix.markdown import as_markdown

        for words in as_markdown(made):
            print(words)
    else:
        from rich.console import Console

        from ..matrix.detail import as_detail
        from ..matrix.text import matrix_text

        console = Console(highlight=False, soft_wrap=True)
        for line in () if made.single else matrix_text(made):
            console.print(line)
        for one in made.single:
            for words in as_detail(one, made.control_of(one)):
                console.print(words, markup=False)
