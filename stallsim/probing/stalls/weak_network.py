"""A client on a weak network: slow, and healthy."""

from ._base import Stall


class WeakNetwork(Stall):
    """Reads nothing for up to 0.6 s, then everything, again and again."""

    does = "reads nothing for up to 0.6 s, then everything, again and again"
    who = "pauses for up to 0.6 s and catches up"
    pause_s = 0.6
