"""Why clients did not open: reasons of the server's, and of the machine that they were to open from."""

from ..timeline.fleet import HeldCount

OURS = {
    "EMFILE": "a process that holds clients had no descriptor left",
    "ENFILE": "this machine had no descriptor left",
    "EADDRNOTAVAIL": "this machine's addresses had no port left for this server",
    "ENOBUFS": "this machine's kernel had no memory left for a socket",
    "ENOMEM": "this machine had no memory left",
}
"""By the error's name (errno(3)); every other reason is the server's, or of the way to it."""


def refused_by_server(tally: HeldCount) -> int:
    """How many did not open for a reason that is not ours."""
    return sum(count for reason, count in tally.refused.items() if reason not in OURS)


def refuses(tally: HeldCount) -> bool:
    """Whether so many did not open that it is no accident: more than a hundredth of those that did."""
    return refused_by_server(tally) > tally.parked / 100
