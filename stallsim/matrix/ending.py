"""How a connection ended: who wanted it, and the three facts that follow, each at its own time."""

from collections.abc import Sequence

from ..kinds import EventKind, Phase
from ..timeline.records import Event
from ..timeline.tally import INTENTIONS
from ..timeline.timeline import Timeline
from . import acts
from .outcome import By, Ending

_BEGINS_BY = INTENTIONS | {EventKind.HALF_CLOSES, EventKind.LEAVES, EventKind.NETWORK_DOWN}


def events_of(timeline: Timeline, connection: int) -> list[Event]:
    """What happened to it within the acts, phases apart; when these are over everything is let go."""
    return [one for one in timeline.about(connection) if isinstance(one, Event) and one.tick < acts.TICKS]


def began_tick(events: Sequence[Event]) -> int:
    """When the stall began: the first announcement of the client; if it made none, when it came."""
    return next((event.tick for event in events if event.kind in _BEGINS_BY), 0)


def observe_ending(events: Sequence[Event]) -> Ending:
    """The ending that those events tell."""
    began = began_tick(events)
    decided, by = next(((one, who) for one in events if (who := _who(one)) is not None), (None, By.NOBODY))
    ended = _first(events, EventKind.ENDED)
    return Ending(
        by=by,
        guard=str(decided.detail["guard"]) if decided and by is By.GUARD else "",
        decided_s=_since(began, decided),
        freed_s=_since(began, ended),
        gone_s=_since(began, _first(events, EventKind.SOCKET_GONE)),
        server_saw=_server_saw(ended),
        client_saw=[_client_saw(one) for one in events if one.kind is EventKind.END_SEEN],
    )


def _who(event: Event) -> By | None:
    """Who decides by that event that the connection is to end; None where nobody does."""
    match event.kind:
        case EventKind.GUARD_ACTED:
            return By.GUARD
        case EventKind.ABORTED:
            return By.POLICY  # a guard has said so before
        case EventKind.CLOSE_WANTED:
            return By.SERVER
        case EventKind.CLOSE_RECEIVED | EventKind.PROTOCOL_ERROR:
            return By.CLIENT
        case EventKind.ENDED:
            return By.KERNEL if event.detail.get("how") == Phase.TIMED_OUT.value else By.CLIENT
        case _:
            return None


def _first(events: Sequence[Event], kind: EventKind) -> Event | None:
    return next((event for event in events if event.kind is kind), None)


def _since(began: int, event: Event | None) -> float | None:
    return None if event is None else round((event.tick - began) * acts.TICK_S, 6)


def _server_saw(ended: Event | None) -> str:
    if ended is None:
        return "nothing"
    error = ended.detail.get("error")
    return f"{ended.detail['how']} ({error})" if error else str(ended.detail["how"])


def _client_saw(seen: Event) -> str:
    code = seen.detail.get("code")
    return f"{seen.detail['how']} {code}" if code is not None else str(seen.detail["how"])
