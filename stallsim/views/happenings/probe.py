"""What a probe does, in words."""

from typing import assert_never

from ...timeline.events.probe import Judged, ProbeEvent, ServerNotReady, Tries
from ...units import format_count
from .wording import safe


def probe_event_words(what: ProbeEvent) -> str:
    """What happened, as one sentence without its full stop."""
    n = format_count
    match what:
        case ServerNotReady():
            return f"the server is not ready, and is tried again: {safe(what.reason)}"
        case Tries():
            place = f"{n(what.number)} of {n(what.of)}"
            return f"{place}, {safe(what.stall)}: a client {safe(what.does)}"
        case Judged():
            findings = f"; {safe(what.findings)}" if what.findings else ""
            outcome = f"{safe(what.outcome)}, confidence {safe(what.confidence)}{findings}"
            return f"{outcome}: {safe(what.summary)}"
        case _:
            assert_never(what)
