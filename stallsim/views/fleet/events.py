"""What happens to a fleet, in words."""

from typing import assert_never

from ...kinds import ParkedEnding
from ...timeline.events.fleet import (
    ClientsEnded,
    ClientsRefused,
    ClientsUnanswered,
    FleetEvent,
    FleetGrows,
    FleetStops,
    FleetWakes,
    HandshakesWait,
    WorkerLost,
)
from ...units import format_count, format_seconds
from ..clean import clean

ENDINGS = {
    ParkedEnding.CLOSE: "a Close frame",
    ParkedEnding.FIN: "FIN, and no Close",
    ParkedEnding.RST: "RST, and no Close",
    ParkedEnding.FIN_TLS: "FIN (within TLS, a Close before it is not seen)",
    ParkedEnding.RST_TLS: "RST (within TLS, a Close before it is not seen)",
    ParkedEnding.FIN_WAIT_1: "FIN, which waits behind data that they do not read (FIN-WAIT-1)",
}
"""How the server ended a parked client, in words."""
_WORDS_MAX = 200


def fleet_event_words(what: FleetEvent) -> str:
    """What happened, as one sentence without its full stop."""
    match what:
        case FleetGrows():
            return f"the fleet grows to {format_count(what.clients)} clients"
        case ClientsRefused():
            return f"{_clients(what.clients, what.worker)} did not open: {clean(what.reason, _WORDS_MAX)}"
        case ClientsUnanswered():
            return f"the server gave {_clients(what.clients, what.worker)} {clean(what.given, _WORDS_MAX)}"
        case ClientsEnded():
            return f"the server has ended {_clients(what.clients, what.worker)} with {ENDINGS[what.how]}"
        case HandshakesWait():
            waiting = f"{_clients(what.clients, '')} wait for an answer to the opening handshake"
            why = f": {clean(what.why, _WORDS_MAX)}" if what.why else ""
            return f"{waiting}, and for {format_seconds(what.for_s)} no client received one{why}"
        case WorkerLost():
            then = "the others open as many" if what.reopened else "they are missing from here on"
            after, who = format_seconds(what.after_s), clean(what.worker, _WORDS_MAX)
            return (
                f"{who} is lost, {after} after its last answer, with {_clients(what.clients, '')}: {then}"
            )
        case FleetWakes():
            return f"{what.share:.0%} of the open clients read again"
        case FleetStops():
            return f"the fleet grows no further: {clean(what.reason, _WORDS_MAX)}"
        case _:
            assert_never(what)


def _clients(count: int, worker: str) -> str:
    words = f"{format_count(count)} {'client' if count == 1 else 'clients'}"
    return f"{words} of {clean(worker, _WORDS_MAX)}" if worker else words
