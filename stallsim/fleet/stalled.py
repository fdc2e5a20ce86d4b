"""Whether clients were open and stalled: a limit that is kept without them says nothing of them."""

from collections.abc import Mapping, Sequence

from ..timeline.fleet.looks import FleetLook
from ..timeline.fleet.reading import Reading
from ..timeline.fleet.steps import FleetStep
from ..units import format_count, format_size
from .parked import PARKED
from .parked._base import Parked


def unstalled(mix: Mapping[str, float], baseline: FleetStep, steps: Sequence[FleetStep]) -> str:
    """Why nothing is known of stalled clients; empty where some were stalled, or where it is not known."""
    kinds = _that_stall(mix)
    looks = [one.look for one in steps if one.look is not None]
    if not kinds or not looks or not steps[-1].open or any(_holds_back(one, kinds) for one in looks):
        return ""
    rate = baseline.witnessed.bytes_per_s
    given = "no message" if not rate else f"too little data ({format_size(rate)}/s to each witness)"
    words = f"no client was stalled: the server sent the clients {given}"
    return f"{words}, so nothing is known of stalled clients"


def none_open(steps: Sequence[FleetStep]) -> str:
    """Why no parked client was there to be judged; empty where some were open at the end of a look."""
    if not steps or any(one.open for one in steps):
        return ""
    ended = steps[-1].ended
    if not ended:
        return "no client was open at the end of a look"
    return f"no client was open at the end of a look: the server had ended all {format_count(ended)}"


def stalled_share(step: FleetStep | Reading) -> str:
    """Of how many open clients the kernel confirms a stall; empty where it cannot be seen."""
    clients = step.open
    if step.look is None or not clients:
        return ""
    count = min(step.look.stalled, clients)
    words = f"{format_count(count)} of {format_count(clients)} open clients ({100 * count // clients}%)"
    return f"{words}, confirmed by the kernel"


def never_confirmed(mix: Mapping[str, float]) -> str:
    """Of which kinds of a mix the kernel confirms no stall, and why; empty if there is none."""
    kinds = [name for name in mix if name in PARKED.names() and PARKED.find(name).black_hole]
    if not kinds:
        return ""
    return (
        f"{', '.join(kinds)} clients are not counted as stalled, because their kernel answers nothing, and "
        "so it shuts no window; what waits for them is in the send queues"
    )


def _that_stall(mix: Mapping[str, float]) -> list[type[Parked]]:
    kinds = [PARKED.find(name) for name in mix if name in PARKED.names()]
    return [kind for kind in kinds if kind.stalls()]


def _holds_back(look: FleetLook, kinds: Sequence[type[Parked]]) -> bool:
    """A client whose kernel drops everything shuts no window: there, the queue is what is to be seen."""
    drops = any(kind.black_hole for kind in kinds)
    return bool(look.stalled or look.ended_unseen or (drops and look.outq_bytes))
