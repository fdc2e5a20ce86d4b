"""Limits that a server must keep: the options by which a probe can fail."""

from collections.abc import Sequence
from typing import TypedDict

from ...errors import OptionError, suggest
from ...option_values import Amount, Time, to_bytes, to_seconds
from ...timeline.probed.outcomes import Finding, Outcome
from ..report.thresholds import Thresholds
from .checked import texts

_NAMES = [one.value for one in (*Outcome, *Finding)]


class LimitOptions(TypedDict, total=False):
    """Each limit is kept, broken, or untested; a probe passes only if all are kept."""

    fail_on: str | Sequence[str]
    """Outcomes and findings that fail the probe: a sequence of names, or one text with commas."""
    max_queue: Amount
    """The probe fails if the server holds more payload than this for the stalled client."""
    must_close_within: Time
    """The probe fails unless the server disconnects the stalled client within this time."""
    allow_untested: bool
    """Whether a limit that could not be tested does not fail the probe."""


def limits_of(options: LimitOptions) -> Thresholds:
    """The limits that these options set. Raises OptionError for an invalid value or an unknown name."""
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
