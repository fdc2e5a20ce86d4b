"""What each application does with a client that does not read: measured by a client of plain sockets, and said
by the probe with its default command: ``python -m tests.peers.apps [--install] [--truth] [--times N] [NAME...]``.
"""

import argparse
import subprocess
import sys
from contextlib import nullcontext

from ..agree import HEADINGS, ask, both_cores_busy, row
from ..launch import missing
from ..measured import line
from ..truth import sleep_and_wake
from . import load_apps
from .app import FOLDER, App

ASLEEP_S_MAX = 40.0
"""Some give a client up after 30 s."""


def install(app: App) -> None:
    """Into FOLDER, or by apt-get."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    subprocess.run(["/bin/sh", "-c", app.setup], cwd=FOLDER, check=True, stdout=subprocess.DEVNULL)


def measured(app: App) -> str:
    """What the client of plain sockets saw."""
    truth = sleep_and_wake(app, ASLEEP_S_MAX)
    return (
        f"{truth.outcome}: RSS {truth.grown_bytes / 1e6:+.1f} MB for {truth.refused_bytes / 1e6:.1f} MB refused, "
        f"witness {truth.rate_before:.0f} -> {truth.rate_asleep:.0f} messages/s, {truth.missing} missing"
    )


def main() -> int:
    """1 if any answer is not what is known."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--busy", action="store_true", help="beside two processes that only spin")
    parser.add_argument("--install", action="store_true", help=f"what is missing, into {FOLDER}")
    parser.add_argument("--truth", action="store_true", help="measure it, too, without the probe")
    parser.add_argument("names", nargs="*")
    asked = parser.parse_args()
    print(line((*HEADINGS, "measured")), line(("---",) * (len(HEADINGS) + 1)), sep="\n", flush=True)
    wrong = 0
    for app in load_apps():
        if asked.names and app.name not in asked.names:
            continue
        if asked.install and missing(app):
            install(app)
        if reason := missing(app):
            print(f"{app.name}: {reason}", file=sys.stderr)
            continue
        with both_cores_busy() if asked.busy else nullcontext():
            answers = [ask(app, *app.words, quick=False) for _ in range(asked.times)]
        wrong += sum(bool(answer.wrong) for answer in answers)
        print(row(app, answers) + (f" {measured(app)} |" if asked.truth else ""), flush=True)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
