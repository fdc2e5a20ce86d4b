"""Whether each limit can be kept and tested, by what was asked for alone: before anything is started."""

from ..errors import OptionError
from ..timeline.fleet.asked import sizes
from ..units import format_count
from .limits import SEEN_WALLS
from .result import Wall
from .spec import FleetSpec

SIZES_MIN = 2
"""With the baseline, so many have the slopes that a cost takes."""


def check_limits(spec: FleetSpec) -> None:
    """Raises OptionError for the first limit that such a fleet could only leave untested."""
    limits, most = spec.limits, format_count(spec.clients)
    if limits.clients_min is not None and limits.clients_min > spec.clients:
        least = format_count(limits.clients_min)
        problem = f"{least} clients are never open if `clients=` is {most}; allowed: 1 to {most}"
        raise OptionError("min_clients", problem)
    if Wall.MEMORY.value in limits.fail_on and spec.memory_bytes is None:
        others = ", ".join(wall.value for wall in SEEN_WALLS if wall is not Wall.MEMORY)
        problem = f"memory needs a limit of the server's memory (`memory=`); allowed without one: {others}"
        raise OptionError("fail_on", problem)
    if limits.memory_each is not None and len(sizes(spec.clients, spec.steps)) < SIZES_MIN:
        problem = (
            f"the cost of one client needs {SIZES_MIN} sizes of the fleet, and `clients=` {most} with "
            f"`steps=` {spec.steps} makes one; allowed: at least {SIZES_MIN} of each"
        )
        raise OptionError("max_memory_per_client", problem)
