"""What a server may be found to do with a client that does not read, and how sure that is.

Each is a string, too: ``report.outcome == "unbounded-growth"`` is what it looks like.
"""

from collections.abc import Collection
from enum import StrEnum

HORIZON_BYTES = 64 * 2**20
"""Growth past so many bytes is called unbounded, unless the user has named another figure."""


class Outcome(StrEnum):
    """What became of the messages that a stalled client did not take."""

    UNBOUNDED_GROWTH = "unbounded-growth"
    """The server kept all of them, past 64 MiB, and nothing stopped it."""
    BLOCKS_EVERYONE = "blocks-everyone"
    """The others were given nothing either."""
    GROWTH = "growth"
    """The server kept all of them as far as it was watched, which was less than 64 MiB: a bound may be
    beyond that."""
    DISCONNECTS = "disconnects"
    """The server ended the connection."""
    BOUNDED_DROPS = "bounded-drops"
    """Messages that the witness was given never came, though the connection went on."""
    BACKPRESSURE_ISOLATED = "backpressure-isolated"
    """This subscriber's stream waited, and nobody else's."""
    SERVED = "served"
    """A slow but healthy client was given everything, and its connection went on."""
    INCONCLUSIVE = "inconclusive"
    """What was seen does not tell; the report says what to change."""


SEVERITY = tuple(Outcome)
"""The worst first: what several stalls come to is the worst that one of them showed."""


class Finding(StrEnum):
    """Something that was seen of a server beside the outcome."""

    STARVES_OTHERS = "starves-others"
    """The witness was given much less while the other was stalled."""
    FREEZES_ON_RESUME = "freezes-on-resume"
    """The witness was given nothing for a while when the stalled client read again."""
    CLOSE_WAITS = "close-waits"
    """The server's Close, or its end of TCP, waits behind what the client has not read, which ends nothing
    until it reads."""
    LEAKS_AFTER_CLOSE = "leaks-after-close"
    """Memory went on growing for a client that had gone."""
    DROPS_SILENTLY = "drops-silently"
    """Nothing that the witness was not given told the client of its loss."""
    KEEPALIVE_BLIND = "keepalive-blind"
    """A client that did not answer for long was not disconnected: the server pings, and does not act; or it
    does not even ask, and nothing else shows it that a client is gone."""
    CUTS_HEALTHY_CLIENTS = "cuts-healthy-clients"
    """The server ended the connection of a client that read, and answered every Ping."""


class Assessment(StrEnum):
    """What the outcome and the findings come to, in one word."""

    DEFENDED = "defended"
    """What is held for the client is bounded, or its connection ended, and nobody else was harmed."""
    FAULT = "fault"
    """Memory without a bound, or harm to the others."""
    OPEN = "open"
    """It was not looked far enough, or what was seen does not tell."""


_FAULTS = frozenset({Outcome.UNBOUNDED_GROWTH, Outcome.BLOCKS_EVERYONE})
_OPEN = frozenset({Outcome.GROWTH, Outcome.INCONCLUSIVE})
_HARMLESS = frozenset({Finding.DROPS_SILENTLY, Finding.KEEPALIVE_BLIND, Finding.CLOSE_WAITS})
"""Faults for the client alone, or for a keepalive."""


def standing_of(outcome: Outcome, findings: Collection[Finding]) -> Assessment:
    """A fault where anything harms the server or the others, whatever the outcome."""
    if outcome in _FAULTS or not _HARMLESS.issuperset(findings):
        return Assessment.FAULT
    return Assessment.OPEN if outcome in _OPEN else Assessment.DEFENDED


class Confidence(StrEnum):
    """How far the outcome can be relied on."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Dropped(StrEnum):
    """Which of the messages that came during the stall are missing."""

    OLDEST = "oldest"
    NEWEST = "newest"
    CONFLATED = "conflated"
