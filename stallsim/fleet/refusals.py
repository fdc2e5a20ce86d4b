"""Why clients did not open: the server or a machine refused them, or nobody answered them in time."""

from ..timeline.fleet.clients import HeldCount

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
    """Whether so many were refused that it is no accident: more than a hundredth of those that opened."""
    return refused_by_server(tally) > tally.parked / 100


def leaves_unanswered(tally: HeldCount) -> str:
    """That so many were not answered that it is no accident, and what they were given; or empty."""
    if tally.unanswered_count <= tally.parked / 100:
        return ""
    most = max(tally.unanswered, key=lambda given: tally.unanswered[given])
    return f"the server gives clients {most}"
