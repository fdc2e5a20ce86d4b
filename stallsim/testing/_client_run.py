"""A run of one client that is given as an object and not found by its name."""

from typing import ClassVar

import trio

from ..clients import Client, ClientEnd
from ..kinds import Stalls
from ..linux import require_linux
from ..profile.habits import Fin
from ..profile.scenario import ClientGroup, Pace, Scenario, ServerSpec, Stream
from ..runner.execute import Execution
from ..runner.resolve import Participants
from ..server.defence import Defence
from ..server.policies.unbounded import Unbounded
from ..timeline.records import ConnectionInfo, Record
from ..timeline.timeline import Timeline
from ._contract import ContractBroken

_OPENING_S = 5.0
FRAME_BYTES = 6_680


class _Witness(Client, frozen=True, kw_only=True):
    """Behaves as ``client`` does, and notes for each run whether it returned or was asleep."""

    client: Client
    endings: list[bool]

    async def behave(self, end: ClientEnd) -> None:
        self.endings.clear()
        try:
            await self.client.behave(end)
        except (trio.Cancelled, GeneratorExit):  # in realtime, and in lockstep
            self.endings.append(end.asleep)
            raise
        self.endings.append(True)


class ClientRun(Execution):
    """An execution with one participant, with the server's end pinned."""

    def __init__(self, client: Client, ticks: int) -> None:
        self.endings: list[bool] = []
        """For the last attempt: whether the client had returned or was asleep when the run ended."""

        class Witness(_Witness, frozen=True, kw_only=True):
            stalls: ClassVar[Stalls] = client.stalls
            opens: ClassVar[bool] = client.opens
            needs_black_hole: ClassVar[bool] = client.needs_black_hole
            needs_realtime: ClassVar[bool] = client.needs_realtime

        witness = Witness(
            rcvbuf=client.rcvbuf,
            maxseg=client.maxseg,
            deflate=client.deflate,
            client=client,
            endings=self.endings,
        )
        group = ClientGroup(name="checked", kind=type(client).__name__)
        self.scenario = Scenario(
            profile="check-client",
            title="A client under its contract",
            description="",
            expectation="",
            ticks=ticks,
            pace=Pace.REALTIME if client.needs_realtime else Pace.LOCKSTEP,
            stream=Stream(frame=FRAME_BYTES),
            server=ServerSpec(sndbuf=65_536, congestion="reno", fin=Fin.IGNORED, deflate=client.deflate),
            clients=[group],
        )
        self.participants = Participants(Defence(Unbounded()), [(group, witness)])
        self.stack = self._guests = None

    def run(self) -> Timeline:
        """The timeline of one run. Raises ContractBroken if the client never opens."""
        require_linux()
        self.prepare()
        return self.execute(watcher=_expect_to_open)


async def _expect_to_open(timeline: Timeline) -> str:
    opened = trio.Event()

    def note(record: Record) -> None:
        if isinstance(record, ConnectionInfo):
            opened.set()

    timeline.listen(note)
    with trio.move_on_after(_OPENING_S):
        await opened.wait()
        return "open"
    raise ContractBroken(f"the opening handshake must be complete within {_OPENING_S:g} s")
