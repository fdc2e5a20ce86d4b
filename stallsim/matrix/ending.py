"""How a connection ended: who decided it first, and three facts, each with its own time."""

from collections.abc import Sequence

from ..kinds import EventKind, Phase
from ..timeline.events.client import EndSeen
from ..timeline.events.server import Aborted, CloseReceived, CloseWanted, Ended, GuardActed, ProtocolError
from ..timeline.records import Event
from ..timeline.tally import INTENTIONS
from ..timeline.timeline import Timeline
from . import schedule
from .outcome import By, CellEnding

_BEGINS_BY = INTENTIONS | {EventKind.HALF_CLOSES, EventKind.LEAVES, EventKind.NETWORK_DOWN}


def events_of(timeline: Timeline, connection: int) -> list[Event]:
    """The events of a connection within the schedule, without phases; after it all connections are
    closed.
    """
    return [
        one for one in timeline.about(connection) if isinstance(one, Event) and one.tick < schedule.TICKS
    ]


def began_tick(about: Sequence[Event]) -> int:
    """The tick at which the stall began: the client's first announcement, or 0 if it made none."""
    return next((event.tick for event in about if event.kind in _BEGINS_BY), 0)


def observe_ending(about: Sequence[Event]) -> CellEnding:
    """The ending that follows from these events."""
    began = began_tick(about)
    decided, by = next(((one, who) for one in about if (who := _who(one)) is not None), (None, By.NOBODY))
    ended = _first(about, EventKind.ENDED)
    return CellEnding(
        by=by,
        guard=decided.what.guard if decided and isinstance(decided.what, GuardActed) else "",
        decided_s=_since(began, decided),
        freed_s=_since(began, ended),
        gone_s=_since(began, _first(about, EventKind.SOCKET_GONE)),
        server_saw=_server_saw(ended),
        client_saw=[_client_saw(one.what) for one in about if isinstance(one.what, EndSeen)],
    )


def _who(event: Event) -> By | None:
    """The participant that decides with this event to end the connection; None if none does."""
    match event.what:
        case GuardActed():
            return By.GUARD
        case Aborted():
            return By.POLICY  # a guard's decision would have been an earlier event
        case CloseWanted():
            return By.SERVER
        case CloseReceived() | ProtocolError():
            return By.CLIENT
        case Ended(how=how):
            return By.KERNEL if how == Phase.TIMED_OUT.value else By.CLIENT
        case _:
            return None


def _first(about: Sequence[Event], kind: EventKind) -> Event | None:
    return next((event for event in about if event.kind is kind), None)


def _since(began: int, event: Event | None) -> float | None:
    return None if event is None else round((event.tick - began) * schedule.TICK_S, 6)


def _server_saw(ended: Event | None) -> str:
    match ended:
        case Event(what=Ended(how=how, error=error)):
            return f"{how} ({error})" if error else how
        case _:
            return "nothing"


def _client_saw(seen: EndSeen) -> str:
    return seen.how if seen.code is None else f"{seen.how} {seen.code}"
