"""CONTRIBUTING is true: an extension is one new file, in a copy of the tree that passes its own tests."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .source import ROOT

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
from ._base import Disconnection, Guard, Standing


class ShortPatience(Guard, frozen=True):
    """End the connection when the kernel has taken nothing for ``after``, a short time."""

    after: Seconds = 1.0
    """How long the kernel may take nothing."""

    @property
    def ends_by(self) -> Disconnection:
        return Disconnection.ABORT

    def due(self, standing: Standing) -> bool:
        return standing.longer(standing.blocked_s, self.after)
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
COLUMN = {
    "stallsim/timeline/sample.py": (
        "\n    @property",
        '''    snd_cwnd_segments: Count = 0
    """tcpi_snd_cwnd: the server's congestion window."""

    @property''',
    ),
    "stallsim/runner/sample_maker.py": (
        "            late_us=late_us,\n",
        "            late_us=late_us,\n            snd_cwnd_segments=info.snd_cwnd,\n",
    ),
}
"""A column of the recording: the first place of a text in each of two files, and what it becomes."""
TESTS = (
    "test_tidy_files.py", "test_tidy_imports.py", "test_tidy_variants.py", "test_docs.py",
    "test_reports.py", "test_schemas.py", "test_client_contract.py", "test_policy_contract.py",
    "test_contract_of_specs.py",
)  # fmt: skip
FOLDERS = ("stallsim", "tests/pure", "profiles", "docs", "examples")
FILES = ("pyproject.toml", "README.md", "CONTRIBUTING.md", "tests/__init__.py", "tests/conftest.py")


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree with every extension in it."""
    copy = tmp_path_factory.mktemp("extended")
    for folder in FOLDERS:
        shutil.copytree(
            ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__", "_build")
        )
    for name in FILES:
        shutil.copy(ROOT / name, copy / name)
    for name, text in NEW.items():
        assert not (copy / name).exists(), (
            f"{name} is there: this test adds such a file to a copy of the tree; give the one in "
            "NEW another name"
        )
        (copy / name).write_text(text)
    for name, (place, becomes) in COLUMN.items():
        text = (copy / name).read_text()
        assert place in text
        (copy / name).write_text(text.replace(place, becomes, 1))
    return copy


def run_in(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], cwd=copy, capture_output=True, text=True, check=False, timeout=300
    )


FEED = """
import socket, sys, threading

def feed(peer):
    peer.recv(100)
    try:
        for number in range(10**9):
            peer.sendall(b"line %d %s\\n" % (number, b"x" * 1000))
    except OSError:
        pass

listening = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    threading.Thread(target=feed, args=(listening.accept()[0],), daemon=True).start()
"""


@pytest.mark.slow
def test_it_is_found_by_its_name_and_runs(copied: Path) -> None:
    listed = run_in(copied, "-m", "stallsim", "list").stdout
    for name in ("naps", "keep-one", "short-patience", "half-reader", "lines"):
        assert f"  {name} " in listed
    words = ("-m", "stallsim", "run", "naps", "--plain")
    written = ("--record", "run.jsonl", "-o", "out.txt", "-o", "out.csv")
    ended = run_in(copied, *words, "--set", "server.policy=keep-one", *written)
    assert "event=wakes" in ended.stdout, ended.stderr
    assert (copied / "out.txt").read_text()
    assert run_in(copied, "-m", "stallsim", "bars", "run.jsonl").stdout == f"napper {'#' * 60}\n"
    with (copied / "out.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert all(int(row["snd_cwnd_segments"]) > 0 for row in rows)


@pytest.mark.slow
@pytest.mark.nightly
def test_a_server_that_streams_by_a_new_protocol_is_probed(copied: Path) -> None:
    (copied / "feed.py").write_text(FEED)
    serve = f"exec {sys.executable} feed.py $PORT"
    stall = ("--profile", "half-reader", "--quick", "--json")
    ended = run_in(copied, "-m", "stallsim", "probe", "--exec", serve, "lines://127.0.0.1:0/", *stall)
    (report,) = json.loads(ended.stdout)["stalls"]
    assert (report["stall"], report["outcome"]) == ("half-reader", "backpressure-isolated")


@pytest.mark.slow
@pytest.mark.nightly
def test_a_tree_with_one_of_each_passes_its_own_tests(copied: Path) -> None:
    tests = [str(Path("tests/pure") / name) for name in TESTS]
    ended = run_in(copied, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-n", "2", *tests)
    assert ended.returncode == 0, ended.stdout[-4000:]
