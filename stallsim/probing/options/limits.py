"""Limits that a server has to keep: the options that can fail a probe."""

from collections.abc import Sequence
from typing import TypedDict

from ...errors import OptionError, suggest
from ...option_values import Amount, Time, to_bytes, to_seconds
from ...timeline.probed.outcomes import Finding, Outcome
from ..report.thresholds import Thresholds
from .checked import texts

_NAMES = [one.value for one in (*Outcome, *Finding)]


class LimitOptions(TypedDict, total=False):
    """Each is broken, kept, or could not be tested; only kept is no failure."""

    fail_on: str | Sequence[str]
    """Outcomes and findings that are a failure: several, or one text with commas."""
    max_queue: Amount
    """It is a failure if the server holds more payload for the stalled client."""
    must_close_within: Time
    """It is a failure unless the stalled client is disconnected by then."""
    allow_untested: bool
    """A limit that could not be tested is no failure."""


def limits_of(options: LimitOptions) -> Thresholds:
    """Raises OptionError for what was written wrongly, and for a name that is no outcome or finding."""
    queue, within = options.get("max_queue"), options.get("must_close_within")
    return Thresholds(
        fail_on=frozenset(_names(options.get("fail_on", ()))),
        max_queue_bytes=None if queue is None else to_bytes("max_queue", queue),
        must_close_within_s=None if within is None else to_seconds("must_close_within", within),
        allow_untested=options.get("allow_untested", False),
    )


def _names(given: str | Sequence[str]) -> list[str]:
    names = [name.strip() for text in texts("fail_on", given) for name in text.split(",") if name.strip()]
    for name in names:
        if name not in _NAMES:
            raise OptionError("fail_on", f"unknown outcome or finding {name!r}{suggest(name, _NAMES)}")
    return names
