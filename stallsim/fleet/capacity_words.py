"""How many clients the server takes, and by what that is known."""

from collections.abc import Sequence

from ..units import format_seconds
from .result import Capacity, Wall

_ENDS = {
    Wall.MEMORY: "the memory is used up",
    Wall.TCP_MEM: "the machine's TCP memory (net.ipv4.tcp_mem) is used up",
    Wall.DESCRIPTORS: "the server's limit of open files is reached",
}


def capacity_words(found: Capacity) -> str:
    """In one sentence without its full stop."""
    noun = "client" if found.held == 1 else "clients"
    held = f"with {found.held:,} open {noun} the witnesses kept their bounds"
    if not found.held:
        held = "the witnesses were not seen to keep their bounds with any number of open clients"
    if found.already:
        return f"{found.reason} already, before the first client; {held}"
    match found.wall:
        case Wall.SERVER_ENDED:
            return f"{found.reason} at {found.clients:,} clients; {held}"
        case Wall.WITNESSES | Wall.UNANSWERED:
            return f"at {found.clients:,} clients {found.reason}; {held}"
        case Wall.REFUSED:
            return f"the server refuses clients at {found.clients:,}; {held}"
        case Wall.NONE if found.reason and not found.held:
            return f"not known: {found.reason}"
        case Wall.NONE:
            why = f" ({found.reason})" if found.reason else ""
            return f"no wall was seen, and none can be calculated{why}; {held}"
        case Wall.MEMORY | Wall.TCP_MEM | Wall.DESCRIPTORS:
            if found.seen and found.reason:
                return f"at {found.clients:,} clients {found.reason}; {held}"
            if found.seen:
                return f"{_ENDS[found.wall]} at {found.clients:,} clients; {held}"
            return f"{held}; {_calculated(found, _ENDS[found.wall])}"


def _calculated(found: Capacity, ends: str) -> str:
    after = f" as after {format_seconds(found.after_s)} of holding" if found.after_s else ""
    by = "" if found.wall is Wall.DESCRIPTORS else f"if each further client costs as much{after}, "
    if not found.unknown:
        return f"{by}{ends} first, at ~{found.clients:,} clients"
    at = f"{by}{ends} at ~{found.clients:,} clients"
    return f"{at}; it is not known at how many clients {_joined(found.unknown)}"


def _joined(walls: Sequence[Wall]) -> str:
    return ", nor at how many ".join(_ENDS[one] for one in walls)
