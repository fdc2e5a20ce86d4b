"""Judges a recorded probe again, from the looks in its recording."""

from pathlib import Path

from msgspec.structs import replace

from ...bounded_file import require_readable_again
from ...errors import RecordingError, UnknownVariant
from ...timeline.events.probe import Tries
from ...timeline.outside import Limits, Observed, Probe, Probed, ProbeLook
from ...timeline.probed.result import ProbeResult, StallReport
from ...timeline.probed.stall_record import StallRecord
from ...timeline.recording import read_records
from ...timeline.records import ConnectionInfo, Event, EventKind, Header, Record
from ..observe.looks import Looks
from ..observe.observation import Observation, observation_of
from ..observe.step import Step
from ..report.summary import summarize_probe
from ..report.thresholds import Thresholds
from ..report.together import reports_of
from ..stalls import find_stall

_OF_THE_STALL = (Step.STALLS.name, Step.FULL.name)


class _Replay:
    """Takes the records of a recording in order."""

    def __init__(self) -> None:
        self.found: ProbeResult | None = None
        self._observations: dict[int, Observation] = {}
        self._looks: dict[int, list[ProbeLook]] = {}
        self._probe = Probe(url="", stalls=[])
        self._stalls: dict[int, int] = {}
        """The number of the stall to which each connection belongs."""
        self._confirmed: set[int] = set()
        self._latest = 0
        """The number of the stall that was tried last."""

    @property
    def limits(self) -> Limits:
        """The limits that the probe's result must keep."""
        return self._probe.limits

    def reports(self) -> list[StallReport]:
        """The reports, in the order of the plan."""
        return reports_of([self._observations[number] for number in sorted(self._observations)])

    def take(self, record: Record) -> None:
        """Process the next record. Raises UnknownVariant for a stall that this version does not know."""
        match record:
            case Header(probe=probe) if probe is not None:
                self._probe = probe
            case Event(what=Tries(number=number)):
                self._latest = number
                self._looks[number] = []
                self._confirmed.discard(number)
            case ConnectionInfo():
                self._stalls[record.connection] = self._probe.number_of(record.client)
            case Event(kind=EventKind.STALLED, connection=connection) if connection is not None:
                self._confirmed.add(self._stalls[connection])
            case ProbeLook(step=step) if step in _OF_THE_STALL:
                self._looks[record.stall or self._latest].append(record)
            case Observed():
                self._judge(record.stall or self._latest, record.observation)
            case Probed():
                self.found = record.result
                for report in record.result.stalls:
                    find_stall(report.stall)
            case _:
                pass

    def _judge(self, number: int, beside: StallRecord) -> None:
        of_the_stall = [one.look for one in self._looks[number] if one.look.at_s <= beside.stalled_s]
        looks = Looks(of_the_stall[0])
        for one in of_the_stall[1:]:
            looks.add(one)
        verified = number in self._confirmed
        self._observations[number] = observation_of(beside, tuple(looks), verified=verified)


def judge_again(path: Path) -> ProbeResult | None:
    """The result of a recorded probe; None if the recording ends before a stall was judged.

    For a recording in a format without looks, the result in the recording. Raises RecordingError.
    """
    require_readable_again(path)  # it was loaded before it is judged
    replay = _Replay()
    try:
        for record in read_records(path):
            replay.take(record)
        reports = replay.reports()
    except (UnknownVariant, LookupError, ValueError, ArithmeticError) as error:
        raise RecordingError(f"{path}: was judged by another version of stallsim: {error}") from None
    found = replay.found
    if found is None:
        return None
    if reports:
        anew = summarize_probe(found.url, found.server, reports, found.wall_s, found.server_output)
        found = replace(
            anew,
            private_stack=found.private_stack,
            listens_everywhere=found.listens_everywhere,
            interrupted=found.interrupted,
            failure=found.failure,
        )
    return Thresholds.of(replay.limits).apply(found)
