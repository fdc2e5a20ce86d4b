"""What a server may do with a client that does not read, and how certain that is.

Each value is also a string: ``report.outcome == "unbounded-growth"``.
"""

from collections.abc import Collection
from enum import StrEnum

HORIZON_BYTES = 64 * 2**20
"""Growth past this many bytes is called unbounded, unless the user sets another number."""


class Outcome(StrEnum):
    """What happened to the messages that a stalled client did not read."""

    UNBOUNDED_GROWTH = "unbounded-growth"
    """The server kept all of them, past 64 MiB, without a bound."""
    BLOCKS_EVERYONE = "blocks-everyone"
    """The other clients received nothing either."""
    GROWTH = "growth"
    """The server kept all of them during the watch, which saw less than 64 MiB: there may be a bound
    beyond that.
    """
    DISCONNECTS = "disconnects"
    """The server ended the connection."""
    BOUNDED_DROPS = "bounded-drops"
    """Messages that the witness received never came, and the connection went on."""
    BACKPRESSURE_ISOLATED = "backpressure-isolated"
    """Only the stream of the stalled client waited."""
    SERVED = "served"
    """A slow but healthy client received everything, and its connection went on."""
    INCONCLUSIVE = "inconclusive"
    """The observations do not decide; the report states what to change."""


SEVERITY = tuple(Outcome)
"""The worst first; the outcome of several stalls is the worst among them."""


class Finding(StrEnum):
    """What a server did besides the outcome."""

    STARVES_OTHERS = "starves-others"
    """The witness received much less while the other client was stalled."""
    FREEZES_ON_RESUME = "freezes-on-resume"
    """The witness received nothing for some time when the stalled client read again."""
    CLOSE_WAITS = "close-waits"
    """The server's Close or FIN takes effect only when the client reads again: it waits behind messages
    that were not read, or is sent at that time.
    """
    LEAKS_AFTER_CLOSE = "leaks-after-close"
    """Memory went on growing for a client that had gone."""
    DROPS_SILENTLY = "drops-silently"
    """No message informed the client of its loss."""
    KEEPALIVE_BLIND = "keepalive-blind"
    """A client that answered nothing was not disconnected for as long as it was watched. The server sent
    Pings, and three of its intervals passed; or it sends none, and nothing else shows it that a client is
    gone. A later timeout would not be seen.
    """
    CUTS_HEALTHY_CLIENTS = "cuts-healthy-clients"
    """The server ended the connection of a client that read and answered every Ping."""


class Assessment(StrEnum):
    """The outcome and the findings, summed up in one word."""

    DEFENDED = "defended"
    """The server's memory for the client is bounded, or the connection was ended, and no other client was
    harmed.
    """
    FAULT = "fault"
    """Memory without a bound, or harm to other clients."""
    OPEN = "open"
    """The watch was too short, or the observations do not decide."""


_FAULTS = frozenset({Outcome.UNBOUNDED_GROWTH, Outcome.BLOCKS_EVERYONE})
_OPEN = frozenset({Outcome.GROWTH, Outcome.INCONCLUSIVE})
_HARMLESS = frozenset({Finding.DROPS_SILENTLY, Finding.KEEPALIVE_BLIND, Finding.CLOSE_WAITS})
"""Findings that harm only the client itself, or a keepalive."""


def standing_of(outcome: Outcome, findings: Collection[Finding]) -> Assessment:
    """The assessment: a fault if anything harms the server or other clients, whatever the outcome."""
    if outcome in _FAULTS or not _HARMLESS.issuperset(findings):
        return Assessment.FAULT
    return Assessment.OPEN if outcome in _OPEN else Assessment.DEFENDED


class Confidence(StrEnum):
    """How reliable the outcome is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Dropped(StrEnum):
    """Which of the messages that came during the stall are missing."""

    OLDEST = "oldest"
    NEWEST = "newest"
    CONFLATED = "conflated"
