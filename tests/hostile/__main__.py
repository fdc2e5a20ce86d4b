"""``python -m tests.hostile [NAME ...]``: the campaigns whose names begin so, or all, and their figures."""

import argparse
import signal
import sys

from .behaviours import campaigns as servers
from .campaign import perform
from .ending import campaigns as endings
from .inputs import campaigns as inputs
from .offspring import import_all
from .options import campaigns as options

CAMPAIGNS = [*inputs(), *options(), *servers(), *endings()]


def main() -> int:
    """Its exit code says whether there was any fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(one.name for one in CAMPAIGNS))
    parser.add_argument("--count", type=int, help="so many attempts of each, instead of a whole campaign")
    parser.add_argument("--first", type=int, default=0, metavar="NUMBER", help="the number of the first")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="this attempt alone")
    parser.add_argument("--jobs", type=int, default=2, help="so many at once (2)")
    asked = parser.parse_args()
    chosen = [one for one in CAMPAIGNS if not asked.names or one.name.startswith(tuple(asked.names))]
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # its figures so far are shown then, too
    import_all()
    faults = 0
    for campaign in chosen:
        count = asked.count or campaign.count
        numbers = range(asked.first, asked.first + count) if asked.only is None else [asked.only]
        figures = perform(campaign, numbers, asked.jobs, sys.stdout)
        print(figures, flush=True)
        faults += figures.faults.total()
    return faults > 0


if __name__ == "__main__":
    sys.exit(main())
