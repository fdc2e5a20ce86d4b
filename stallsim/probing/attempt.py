"""Runs one stall, on a new server of its own or on the running one, and judges what was observed."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

import trio
from msgspec.structs import replace

from ..errors import OutOfTime
from ..interruption import innermost
from ..timeline.probed.measures import Period
from ..timeline.probed.result import StallReport
from .address import Address
from .client.connection import ClientConnection, NotReady
from .client.join import Patience
from .judging.doubt import doubt_of, with_all_controls
from .judging.judge import judge_stall
from .observe.observation import Observation
from .observe.server_view import ServerView, open_server_view
from .plan import Planned
from .recording.recorder import ProbeRecorder
from .recording.stall_recorder import StallRecorder
from .report.report import report_of
from .secrets import Secrets
from .server.before import prepare
from .server.launch import StartedServer, serving
from .server.process_end import process_has_ended
from .spec import START_TIMEOUT_S, ProbeSpec
from .trial.trial import Trial
from .trial.unstalled import Doubt

_PAUSE_S = 0.2
"""Seconds between two stalls of the same server."""
Begins = Callable[[Period, float], None]
"""Called when a stall begins, with the measurements of its baseline and the share of that time that the
machine withheld.
"""


@dataclass(frozen=True)
class Tried:
    """The result of one stall."""

    report: StallReport
    """The report of this stall alone; other stalls' controls may change it (``report.together``)."""
    seen: Observation
    server: str
    """The server's name, as its answer gives it, and the names of its processes."""
    output: str
    """The last lines that the started server has printed."""
    streamless: bool
    """Whether the witness received no stream, so that there was nothing to stall."""
    server_gone: bool
    listens_everywhere: bool
    """Whether the server that was started can be reached on every interface."""


@dataclass(frozen=True)
class Attempts:
    """Runs the stalls of one probe, one for each call of ``attempt``."""

    spec: ProbeSpec
    address: Address
    hosts: Sequence[str]
    secrets: Secrets
    recorder: ProbeRecorder
    time_is_up: Callable[[], bool]
    before: Callable[[], Sequence[Observation]] = tuple
    """Returns the observations of the stalls that are over."""

    async def attempt(self, number: int, planned: Planned, begins: Begins) -> Tried:
        """Run the stall with that number. Raises EnvironmentUnfit, OutOfTime, StallsimError."""
        if number > 1 and self.spec.command is None:
            await trio.sleep(_PAUSE_S)
        async with serving(self.spec.command, self.address, self.hosts, self.secrets.masked) as (
            where,
            launched,
        ):
            recorder = self.recorder.tries(number, planned.stall)
            seen = await self._watch(where, planned, launched, recorder, begins)
            report = report_of(seen, judge_stall(seen))
            recorder.judged(report)
            return Tried(
                report=report,
                seen=seen,
                server=seen.record.server,
                output=launched.tail() if launched else "",
                streamless=not (seen.record.baseline.has_stream or planned.keepalive or seen.record.end),
                server_gone=seen.record.server_gone,
                listens_everywhere=launched is not None and launched.listens_everywhere,
            )

    def _doubt_of(self, seen: Observation) -> Doubt | None:
        """The doubt about a stall that the controls of earlier stalls have not decided."""
        return doubt_of(with_all_controls([*self.before(), seen])[-1])

    async def _watch(
        self,
        where: Address,
        planned: Planned,
        launched: StartedServer | None,
        recorder: StallRecorder,
        begins: Begins,
    ) -> Observation:
        spec = self.spec

        def look(witness: ClientConnection) -> AbstractContextManager[ServerView]:
            return open_server_view(witness, spec.pid, launched.pid if launched else None)

        def gone() -> bool:
            if launched is None:
                return spec.fresh and spec.pid is not None and process_has_ended(spec.pid)
            return launched.gone

        fresh_s = START_TIMEOUT_S if spec.fresh else float("-inf")
        until_s = launched.ready_by_s if launched else trio.current_time() + fresh_s
        patience = Patience(until_s, gone, recorder.waits)
        if spec.before is not None:
            target, where = await prepare(spec.before, spec.target, where, patience, self.secrets)
            spec = replace(spec, target=target)
        trial = Trial(spec, where, planned, recorder, patience, self.time_is_up, begins, self._doubt_of)
        try:
            with trio.fail_after(planned.limit_s + (launched.start_timeout_s if launched else 0.0)):
                return await trial.run(look, gone)
        except trio.TooSlowError:
            raise OutOfTime(
                f"{planned.stall.name}: the stall did not end within {planned.limit_s:g} s"
            ) from None
        except BaseExceptionGroup as group:
            error = innermost(group)
            if isinstance(error, NotReady) and launched is not None:
                raise launched.unfit("ended" if launched.gone else f"is not ready: {error}") from None
            raise error from None
