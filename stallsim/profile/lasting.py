"""A profile made to last for a given time instead of for its own number of ticks."""

from msgspec.structs import replace

from ..errors import OptionError
from .load import Loaded
from .spec import TICKS_MAX


def last_for(loaded: Loaded, seconds: float) -> Loaded:
    """The scenario with as many ticks as fit into these seconds of scenario time.

    Raises OptionError.
    """
    scenario, origin = loaded
    if "ticks" in origin.overrides:
        raise OptionError("duration", "sets ticks, too; leave out either it or `overrides=` ticks")
    ticks = round(seconds / scenario.tick_s)
    if not 1 <= ticks <= TICKS_MAX:
        each = f"stream.interval, {scenario.tick_s:g} s"
        allowed = f"allowed are 1 to {TICKS_MAX:,} ticks"
        raise OptionError("duration", f"{seconds:g} s are {ticks:,} ticks of {each}; {allowed}")
    return loaded._replace(scenario=replace(scenario, ticks=ticks))
