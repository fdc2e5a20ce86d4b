"""What a client intends and does, in words."""

from typing import assert_never

from ...timeline.events.client import (
    AnswersNoPing,
    ClientEvent,
    CloseIgnored,
    EndSeen,
    HalfCloses,
    Leaves,
    NetworkDown,
    NetworkUp,
    ReadsSlowly,
    Sleeps,
    StopsReading,
    Vanishes,
    Wakes,
)
from ...units import format_count
from .wording import safe


def client_event_words(what: ClientEvent) -> str:
    """What happened, as one sentence without its full stop."""
    n = format_count
    match what:
        case Sleeps():
            reads = "its network process may still read"
            return f"the client's application sleeps ({safe(what.asleep)}); {reads}"
        case StopsReading():
            held = f", {n(what.held_bytes)} of them held inside the client" if what.held_bytes else ""
            return f"the client intends to stop reading; {n(what.read_bytes)} bytes read{held}"
        case ReadsSlowly(share=None):
            return f"from now on the client reads {n(what.rate or 0)} bytes a second at most"
        case ReadsSlowly():
            return f"from now on the client reads {what.share} of the stream at most"
        case Vanishes():
            return "from now on no segment reaches the client"
        case NetworkDown():
            return "no segment reaches the client until its network is up again"
        case NetworkUp():
            return "segments reach the client again"
        case HalfCloses():
            return "the client sends FIN: it sends no more data"
        case CloseIgnored():
            return "the client has read the server's Close, and does not answer"
        case Leaves():
            return f"the client ends TCP without waiting for the server ({safe(what.how)})"
        case Wakes():
            return "the client's application runs again"
        case EndSeen():
            code = "" if what.code is None else f", status code {what.code}"
            return f"the client has read the server's end of the connection: {safe(what.how)}{code}"
        case AnswersNoPing():
            return "from now on the client answers no Ping, but still reads"
        case _:
            assert_never(what)
