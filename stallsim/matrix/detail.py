"""Describes one cell in full: every fact that was observed, in words."""

from collections.abc import Iterator

from ..units import format_count
from .grid import word
from .judge import Harm
from .outcome import By, CellEnding, CellMemory, Loss, Others, Which
from .report import CellReport

_BY = {
    By.NOBODY: "nobody: it was still open at the end of the run",
    By.POLICY: "the policy",
    By.GUARD: "the guard",
    By.KERNEL: "the server's kernel",
    By.CLIENT: "the client",
    By.SERVER: "nobody before the server sent Close to all clients",
}
_WHICH = {
    Which.NONE: "no message",
    Which.EVICTED: "messages that had been queued",
    Which.REJECTED: "messages that were not queued",
    Which.BOTH: "messages that had been queued and others that were not",
}


def as_detail(cell: CellReport, control: Others | None) -> Iterator[str]:
    """A heading, then a line for each question, then the events."""
    yield f"{cell.cell} ({'realtime' if cell.realtime else 'lockstep'}): {word(cell)}"
    if cell.reason:
        yield f"  {cell.status.value}: {cell.reason}"
    if cell.outcome is None:
        return
    outcome = cell.outcome
    yield f"  memory     {_memory(outcome.memory)}"
    yield f"  lost       {_loss(outcome.loss)}"
    yield f"  others     {_others(outcome.others, control, cell.others)}"
    yield f"  ended by   {_BY[outcome.ending.by]}{_named(outcome.ending.guard)}"
    yield f"  ended      {_ending(outcome.ending)}"
    seen = ", ".join(outcome.ending.client_saw) or "nothing"
    yield f"  seen as    {outcome.ending.server_saw} by the server, {seen} by the client"
    yield f"  recovered  {outcome.recovery.value}"
    if cell.false_positive:
        yield "  FALSE POSITIVE: this client keeps up, and was disconnected or lost messages"
    yield "  what happened"
    for line in outcome.story:
        yield f"    {line}"


def _named(guard: str) -> str:
    return f" {guard}" if guard else ""


def _memory(memory: CellMemory) -> str:
    peak = f"peak {format_count(memory.queue_bytes_max)} bytes, {memory.queue_messages_max} messages"
    full = "both kernels were full" if memory.kernels_full else "the kernels were never full"
    return f"{peak}; bounded by: {memory.bound.value}; {full}"


def _loss(loss: Loss) -> str:
    numbers = f"{loss.dropped_messages} dropped, {loss.evicted_messages} of them evicted"
    checked = f"the client read {loss.read_messages} messages and found {loss.missing_messages} missing"
    discarded = f"{format_count(loss.discarded_bytes)} bytes discarded with the connection"
    return f"{_WHICH[loss.which]}; {numbers}; {checked}; {discarded}"


def _others(others: Others, control: Others | None, harm: Harm | None) -> str:
    prefix = f"{harm.value}: " if harm else ""
    beside = f" (control: {_figures(control)})" if control else ""
    return f"{prefix}{_figures(others)}{beside}"


def _figures(others: Others) -> str:
    known = min(others.latency_p50_us, others.latency_p99_us) >= 0
    latency = (
        f"{others.latency_p50_us / 1000:g}/{others.latency_p99_us / 1000:g} ms"
        if known
        else "not known, since nothing was read"
    )
    gap = f"longest gap {others.gap_max_s:g} s"
    return f"{others.messages_per_s:g} messages/s, {gap}, latency p50/p99 {latency}"


def _ending(ending: CellEnding) -> str:
    decided, freed, gone = map(_after, (ending.decided_s, ending.freed_s, ending.gone_s))
    return f"decided {decided}, memory freed {freed}, socket gone {gone}"


def _after(seconds: float | None) -> str:
    return "not within the run" if seconds is None else f"after {seconds:g} s"
