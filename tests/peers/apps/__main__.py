"""What each application does with a client that does not read: measured by a client of plain sockets, and said
by the probe's default command:
``python -m tests.peers.apps [--install] [--truth] [--times N] [--jobs N] [--busy] [--write] [NAME...]``.
"""

import subprocess
import sys

from ..agree import HEADINGS, arguments, parsed, startable, table_of, write
from ..asking import Question
from ..launch import missing
from ..measured import line
from ..truth import sleep_and_wake
from . import load_apps
from .app import FOLDER, App


def install(app: App) -> None:
    """Into FOLDER, or by apt-get; what fails is told, and the application is passed over."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    ended = subprocess.run(["/bin/sh", "-c", app.setup], cwd=FOLDER, check=False, stdout=subprocess.DEVNULL)
    if ended.returncode:
        print(f"{app.name}: not installed by: {app.setup}", file=sys.stderr)


def measured(app: App) -> tuple[str, bool]:
    """What the client of plain sockets saw, and whether it is what is known."""
    truth = sleep_and_wake(app)
    right = truth.outcome == app.outcome
    ended = "" if truth.ended_after_s is None else f" after {truth.ended_after_s:.0f} s"
    words = (
        f"{truth.outcome}{ended}: RSS {truth.grown_bytes / 1e6:+.0f} MB for {truth.refused_bytes / 1e6:.0f} MB "
        f"refused, {truth.missing:,} missing; witness {truth.rate_before:.0f} -> {truth.rate_asleep:.0f} "
        f"messages/s, longest wait {truth.asleep_gap_s:.1f} s"
    )
    return words + ("" if right else f" **known: {app.outcome}**"), right


def main() -> int:
    """1 if any answer is not what is known, or what was measured is not."""
    parser = arguments(__doc__)
    parser.add_argument("--install", action="store_true", help=f"what is missing, into {FOLDER}")
    parser.add_argument("--truth", action="store_true", help="measure it first, without the probe")
    asked = parsed(parser)
    apps = [app for app in load_apps() if not asked.names or app.name in asked.names]
    if asked.install:
        for app in apps:
            if missing(app):
                install(app)
    ready, seen, wrong = startable(apps, ()), {}, 0
    if asked.truth:
        for app in ready:
            seen[app.name], right = measured(app)
            wrong += not right
            print(f"{app.name}: {seen[app.name]}", file=sys.stderr, flush=True)
    rows, wrong_answers = table_of(ready, Question(), asked)
    rows = [f"{row} {seen.get(app.name, '')} |" for app, row in zip(ready, rows, strict=True)]
    headings = (*HEADINGS, "measured without the probe")
    print(line(headings), line(("---",) * len(headings)), *rows, sep="\n")
    if asked.write:
        write("apps", rows, headings)
    return int(wrong + wrong_answers > 0)


if __name__ == "__main__":
    sys.exit(main())
