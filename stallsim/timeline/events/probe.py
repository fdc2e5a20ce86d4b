"""What a probe does."""

from .body import EventBody


class Tries(EventBody, frozen=True, kw_only=True):
    """One stall of several begins, with two connections of its own."""

    number: int
    of: int
    stall: str
    does: str


class ServerNotReady(EventBody, frozen=True, kw_only=True):
    """The started server serves no stream yet, and is tried again."""

    reason: str
    """What the server answered, or that it did not."""


class Judged(EventBody, frozen=True, kw_only=True):
    """The judgement of one stall."""

    outcome: str
    confidence: str
    findings: str
    summary: str


ProbeEvent = Tries | ServerNotReady | Judged
