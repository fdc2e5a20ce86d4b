"""Judges a run by the profile's expectations, and by rules that hold for every run.

A verdict is made from a timeline only, so a replayed recording is judged as the run itself.
"""

from collections.abc import Iterator
from enum import Enum

from msgspec import Struct

from ..errors import ExitCode
from ..kinds import EventKind, Stalls
from ..profile.expectation import Expectation
from ..profile.scenario import Scenario
from ..timeline.events.server import MemoryCeiling
from ..timeline.tally import JudgedConnection
from ..timeline.timeline import Timeline
from ..units import format_count, format_size
from .expectations import describe, unmet_by
from .lateness import describe_lateness
from .memory import bounded_at, judge_memory


class VerdictKind(Enum):
    """The run's outcome; a missing capability is neither a pass nor a failure."""

    PASS = "pass"
    FAIL = "fail"
    UNSUPPORTED = "unsupported"


class Verdict(Struct, frozen=True, kw_only=True):
    """The outcome and its reasons, and a separate judgement of the server's memory."""

    outcome: VerdictKind
    reasons: list[str]
    memory: str
    memory_bounded: bool | None
    """Whether the server's memory was bounded; None if no queue was tested."""
    defended: str = ""
    """How the server's defence held, if ``--set`` gave it one that its profile does not have. The
    profile's expectations of an undefended server's stalled clients are not judged then.
    """

    def exit_code(self, strict: bool = False) -> ExitCode:
        """The exit code of the command; ``strict`` makes UNSUPPORTED an error of the environment."""
        match self.outcome:
            case VerdictKind.PASS:
                return ExitCode.PASS
            case VerdictKind.FAIL:
                return ExitCode.FAIL
            case VerdictKind.UNSUPPORTED:
                return ExitCode.ENVIRONMENT if strict else ExitCode.PASS


def unsupported(reason: str) -> Verdict:
    """The verdict of a run that could not begin."""
    return Verdict(
        outcome=VerdictKind.UNSUPPORTED, reasons=[reason], memory="not observed", memory_bounded=None
    )


def judge_run(timeline: Timeline) -> Verdict:
    """The verdict on a whole timeline."""
    faults = [*_interruption(timeline), *_unsound(timeline)]
    held: list[str] = []
    bounded, memory = judge_memory(timeline)
    defended = ""
    if not (timeline.end and timeline.end.interrupted):
        for expectation in timeline.scenario.expect:
            unmet = list(unmet_by(expectation, timeline))
            if unmet and bounded and _of_an_undefended_server(expectation, timeline):
                defended = f"bounded at {format_size(bounded_at(timeline))}"
                continue
            faults += unmet
            held += [] if unmet else [describe(expectation)]
        if faults and (late := describe_lateness(timeline)):
            faults.append(late)
    return Verdict(
        outcome=VerdictKind.FAIL if faults else VerdictKind.PASS,
        reasons=faults or held or ["the run was sound; the profile expects nothing more"],
        memory=memory,
        memory_bounded=bounded,
        defended=defended,
    )


def _of_an_undefended_server(expectation: Expectation, timeline: Timeline) -> bool:
    """Whether the expectation concerns only clients that stall, and their server has been given another
    defence.
    """
    stalling = {info.client for info, _ in timeline.judged() if info.stalls is not Stalls.NEVER}
    others = {group.name for group in timeline.scenario.clients} - stalling
    who = {expectation.client} if expectation.client else stalling | others
    return timeline.scenario.other_defence and not who & others


def _interruption(timeline: Timeline) -> Iterator[str]:
    if timeline.end is None:
        yield f"the recording ends at tick {timeline.last_tick}, before the end of the run"
    elif timeline.end.interrupted:
        yield f"interrupted at tick {timeline.end.tick}"


def _unsound(timeline: Timeline) -> Iterator[str]:
    """Faults that fail a run whatever its profile expects."""
    blame = "the recording, or the run that made it, is wrong" if timeline.was_read else "internal error"
    for info, tally in timeline.judged():
        first = tally.breach
        if first is not None:
            yield (
                f"{blame}: bytes are not conserved: {first.unaccounted_bytes:+,} of "
                f"connection {info.connection} unaccounted for at tick {first.tick} "
                f"({tally.breaches} samples)"
            )
    expected = {name for expectation in timeline.scenario.expect for name in expectation.phases}
    ceiling = timeline.first.get(EventKind.MEMORY_CEILING)
    if (
        ceiling is not None
        and isinstance(ceiling.what, MemoryCeiling)
        and ceiling.kind.value not in expected
    ):
        queued = format_count(ceiling.what.queue_bytes)
        yield f"memory ceiling: {queued} bytes in the application queues at tick {ceiling.tick}"
    for judged in timeline.judged():
        if not (timeline.end and timeline.end.interrupted):
            yield from _unconfirmed(judged, timeline.scenario)


def _unconfirmed(judged: JudgedConnection, scenario: Scenario) -> Iterator[str]:
    """A fault if a client announced a stall, or should have stalled, and the kernel did not confirm it."""
    info, tally = judged
    leaves = any(group.name == info.client and (group.arrival or group.life) for group in scenario.clients)
    ends_early = tally.ended_tick is not None and tally.ended_tick < scenario.ticks
    if tally.confirmed or (tally.cut_short and (leaves or ends_early)):
        return
    if tally.meant_to:
        unread = tally.last.rcvq_bytes if tally.last else 0
        yield (
            f"the stall of {info.client} (connection {info.connection}) was not confirmed: before the "
            "client woke or the run ended, the kernel did not show a shut window, unacknowledged bytes or "
            f"growing unread bytes twice without a read between ({format_count(unread)} unread at the end)"
        )
    elif info.stalls is Stalls.MUST and not leaves:
        yield f"{info.client} (connection {info.connection}) never began to stall"
