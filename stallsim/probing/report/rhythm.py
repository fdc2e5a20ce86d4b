"""Words for the rhythm of the witness's stream, and for this program's own delays."""

from collections.abc import Iterator

from ...timeline.probed.stall_record import Baseline
from ...units import format_count, format_seconds, format_size
from ..judging.facts import Facts
from ..judging.machine import withheld_most
from ..observe.observation import Observation

_NOTABLE_S, _NOTABLE_BYTES = 0.25, 2**18
_WITHHELD = 0.1
"""The share of the stall from which on withheld time is mentioned."""


def rhythm_words(baseline: Baseline) -> str:
    """The rhythm of the stream before the stall, in words."""
    rhythm = baseline.rhythm
    if rhythm.every_s:
        what = "one message" if rhythm.messages < 1.5 else f"bursts of {rhythm.messages:,.0f} messages"
        return f"{what} each {format_seconds(rhythm.every_s)}"
    if rhythm.messages:
        return f"{format_count(round(rhythm.messages))} messages a second"
    return f"{format_count(baseline.messages)} messages in {format_seconds(max(baseline.seconds, 1e-3))}"


def lag_lines(seen: Observation, facts: Facts) -> Iterator[str]:
    """Lines on this program's own delays, which make its measurements of others less reliable."""
    record = seen.record
    unread = max(one.witness_rcvq_bytes for one in seen.samples)
    if unread >= _NOTABLE_BYTES:
        more = ""
        if facts.witness_behind and not withheld_most(seen):
            more = ": the stream is faster than stallsim can read"
        yield f"stallsim had up to {format_size(unread)} of the witness's stream unread{more}"
    if record.stall_lag_s >= _NOTABLE_S:
        yield f"stallsim itself did not run for up to {format_seconds(record.stall_lag_s)} at once"
    if facts.withheld_s is not None and facts.withheld_s >= _WITHHELD * facts.stalled_s:
        yield (
            f"for {format_seconds(facts.withheld_s)} of the stall the server or stallsim was ready to run, "
            "but the machine ran other programs (run_delay): no timing counts this time"
        )
