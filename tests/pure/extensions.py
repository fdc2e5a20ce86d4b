"""A new member of each family, a view, a command and a profile: the files that CONTRIBUTING asks for."""

NEW = {
    "stallsim/clients/naps.py": '''"""A client that takes one nap."""

from ._base import NEVER, Client, ClientEnd, TickNumber
from ._websocket import RawWebSocket


class Naps(Client, frozen=True):
    """Reads, stops reading at a tick, and reads again at another.

    On the wire: a window that closes and opens. A garbage collection of some seconds does this.
    """

    stop_tick: TickNumber = 10
    """The tick from which it reads no more."""
    resume_tick: TickNumber = 60
    """When it reads again."""

    async def behave(self, end: ClientEnd) -> None:
        websocket = RawWebSocket(end)
        await websocket.open()
        with end.over:
            if await websocket.read_until(self.stop_tick):
                end.stops_reading()
                await end.until(self.resume_tick)
                end.wakes()
            await websocket.read_until(NEVER)
        if not end.asleep:
            await websocket.leave()
''',
    "stallsim/server/policies/keep_one.py": '''"""One message waits, and no more."""

from ._base import Admission, Message, Policy, Queue


class KeepOne(Policy, frozen=True):
    """Take a message only where none waits: a client that is behind is given the next but one."""

    def offer(self, queue: Queue, message: Message, now: float) -> Admission:
        if queue.total_messages:
            queue.drop(message)
            return Admission.REJECTED
        queue.push(message)
        return Admission.QUEUED

    def capacity_bytes(self, total_bytes: int) -> int:
        return max(total_bytes, 1)
''',
    "stallsim/server/guards/short_patience.py": '''"""A guard that waits for nobody."""

from ...units import Seconds
from ._base import Disconnection, Guard, StateTimes


class ShortPatience(Guard, frozen=True):
    """End the connection when the kernel has taken nothing for ``after``, a short time."""

    after: Seconds = 1.0
    """How long the kernel may take nothing."""

    @property
    def ends_by(self) -> Disconnection:
        return Disconnection.ABORT

    def due(self, times: StateTimes) -> bool:
        return times.longer(times.blocked_s, self.after)
''',
    "stallsim/probing/stalls/half_reader.py": '''"""A client that is half as fast as the stream."""

from ._base import Stall


class HalfReader(Stall):
    """Reads half of the stream."""

    does = "reads half of the stream"
    who = "reads half of the stream"
    rate_share = 0.5
''',
    "stallsim/reports/formats/txt.py": '''"""Plain text: the outcome of each subject, a line each."""

from collections.abc import Sequence
from typing import BinaryIO

from ...views.clean import clean
from ..found import Found
from ._base import Format


class Txt(Format):
    """One line for each subject, and its own words below it."""

    def write(self, found: Sequence[Found], out: BinaryIO) -> None:
        for one in found:
            account = one.account
            lines = (f"{account.title}: {account.outcome}", *account.words)
            out.write("".join(f"{clean(line)}\\n" for line in lines).encode())
''',
    "stallsim/probing/protocols/lines.py": '''"""``lines://``: lines over TCP."""

from collections.abc import Iterator

from ...stream_protocol import Closed, Event, Messages, Opened, Opening, Protocol


class Lines(Protocol):
    """A message is a line; the server says nothing before its stream."""

    def __init__(self) -> None:
        self._begun = False
        self._rest = b""

    def request(self, opening: Opening) -> bytes:
        return opening.resource.encode() + b"\\n"

    def receive(self, data: bytes) -> Iterator[Event]:
        if not self._begun:
            self._begun = True
            yield Opened("")
        *whole, self._rest = (self._rest + data).split(b"\\n")
        if whole:
            yield Messages(whole)
        if not data:
            yield Closed()
''',
    "stallsim/views/bars.py": '''"""The longest receive queue of each connection, as a bar of characters."""

from collections.abc import Iterator

from ..timeline.timeline import Timeline
from .clean import clean

_WIDTH = 60


def bars(timeline: Timeline) -> Iterator[str]:
    """One line for each connection."""
    queues = {one.client: timeline.tally(one.connection).rcvq_bytes_max for one in timeline.connections}
    most = max(queues.values(), default=0)
    for client, size in queues.items():
        yield f"{clean(client)} {'#' * round(_WIDTH * size / (most or 1))}"
''',
    "stallsim/cli/bars.py": '''"""``stallsim bars``: a command that shows a view of a recording."""

from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = ("stallsim bars run.jsonl",)


def bars(file: Annotated[Path, typer.Argument(help="A recording made with --record.")]) -> None:
    """Show the longest receive queue of each connection."""
    from ..timeline.recording import load_recording
    from ..views.bars import bars as lines_of

    for line in lines_of(load_recording(file)):
        print(line)
''',
    "profiles/naps.toml": """#:schema https://stallsim.readthedocs.io/profile.schema.json
title = "A client takes a nap"
description = "At tick 10 the client stops reading, and at tick 60 it reads again."
expectation = "The kernel queues fill and drain."
ticks = 100

[stream]
frame = 6680
interval = "5ms"

[server]
policy = "unbounded"
sndbuf = "128KiB"
congestion = "reno"

[[clients]]
name = "napper"
kind = "naps"
rcvbuf = "64KiB"
maxseg = 1312

[[expect]]
phases = ["flowing", "receiver-filling"]
never = ["reset"]
""",
}
