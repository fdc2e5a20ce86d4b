"""A profile made to last for a given time instead of for its own number of ticks."""

from msgspec.structs import replace

from ..errors import StallsimError
from .load import Loaded
from .spec import TICKS_MAX


def last_for(loaded: Loaded, seconds: float, written: str) -> Loaded:
    """The same for as many ticks as fit into so much scenario time.

    Raises StallsimError, which names the duration as ``written`` by the user.
    """
    scenario, origin = loaded
    if "ticks" in origin.overrides:
        raise StallsimError(f"{written}: it sets ticks: leave out either it or --set ticks")
    ticks = round(seconds / scenario.tick_s)
    if not 1 <= ticks <= TICKS_MAX:
        each = f"stream.interval, {scenario.tick_s:g} s"
        raise StallsimError(f"{written}: {ticks:,} ticks of {each}; allowed are 1 to {TICKS_MAX:,} ticks")
    return loaded._replace(scenario=replace(scenario, ticks=ticks))
