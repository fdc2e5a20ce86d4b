"""Every queue is compared with what ``ss`` (iproute2) reports of the same socket at the same moment."""

import re
import shutil
import subprocess
from typing import NamedTuple

import pytest

from stallsim.kinds import Phase
from stallsim.timeline.records import ConnectionInfo, Header, PhaseEvent, Record
from stallsim.timeline.sample import Sample

from .running import run

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.skipif(shutil.which("ss") is None, reason="ss (iproute2) is not installed"),
]
STALLED = (Phase.SENDER_FILLING, Phase.WRITE_BLOCKED, Phase.USERSPACE_GROWTH)


class Socket(NamedTuple):
    """One line of ``ss -tmioOnH``."""

    receive_queue: int
    send_queue: int
    words: str

    def number(self, name: str) -> int:
        """``name:123``; ss leaves out what is 0."""
        found = re.search(rf"\b{name}:(\d+)", self.words)
        return int(found[1]) if found else 0

    def memory(self, letters: str) -> int:
        """A field of ``skmem:(r0,rb131072,...)``."""
        (fields,) = re.findall(r"skmem:\(([^)]*)\)", self.words)
        return int(re.findall(rf"(?:^|,){letters}(\d+)", fields)[0])


class Both(NamedTuple):
    """Our sample of a phase's beginning, and both ends as ss saw them then."""

    sample: Sample
    server: Socket
    client: Socket


def ask(port: int, own: str) -> Socket:
    """The one established socket whose ``own`` (sport or dport) is the client's port."""
    listing = subprocess.run(
        ["ss", "-tmioOnH", "state", "established", f"{own} = :{port}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    (line,) = listing.splitlines()
    receive_queue, send_queue, words = line.split(maxsplit=2)
    return Socket(int(receive_queue), int(send_queue), words)


@pytest.fixture(
    scope="module",
    params=[
        ("stop-reading",),
        ("stop-reading", "server.write=when-writable", "stream.frame=70000"),
        ("zero-window",),
        ("mongoose-2574",),
    ],
    ids=" ".join,
)
def seen(request: pytest.FixtureRequest) -> dict[Phase, Both]:
    """Every phase of a run but its end."""
    port = 0
    phases: dict[Phase, Both] = {}

    def on_record(record: Record) -> None:
        nonlocal port
        if isinstance(record, Header):
            phases.clear()  # a kernel timer fired: the run is redone
        elif isinstance(record, ConnectionInfo):
            port = record.client_port
        elif isinstance(record, PhaseEvent) and record.phase is not Phase.CLOSED:
            server, client = ask(port, "dport"), ask(port, "sport")
            for _ in range(1000 if record.sample.window_shut else 0):
                if "rwnd_limited:" in server.words:  # counted in the kernel's own ticks, of 1 to 10 ms
                    break
                server = ask(port, "dport")
            phases[record.phase] = Both(record.sample, server, client)

    run(*request.param, on_record=on_record)
    assert {Phase.FLOWING, *STALLED} <= phases.keys()
    return phases


def test_ss_sees_the_same_queues(seen: dict[Phase, Both]) -> None:
    for sample, server, client in seen.values():
        assert client.receive_queue == sample.rcvq_bytes
        assert server.send_queue == sample.outq_bytes
        assert server.number("notsent") == sample.notsent_bytes
        assert server.number("snd_wnd") == sample.snd_wnd_bytes
        assert (client.send_queue, server.receive_queue) == (0, 0)


def test_ss_sees_the_same_memory(seen: dict[Phase, Both]) -> None:
    for sample, server, client in seen.values():
        assert server.memory("tb") == sample.sndbuf_bytes
        assert client.memory("rb") == sample.rcvbuf_bytes
        assert server.memory("w") == sample.wmem_queued_bytes
        assert client.memory("r") == sample.rmem_alloc_bytes
        assert server.number("mss") == sample.snd_mss_bytes


def test_ss_sees_the_stall(seen: dict[Phase, Both]) -> None:
    for sample, server, _ in seen.values():
        assert ("timer:(persist," in server.words) == sample.window_shut
        assert server.number("rwnd_limited") * 1000 >= sample.rwnd_limited_us
    for phase in STALLED:
        assert seen[phase].sample.window_shut
        assert "rwnd_limited:" in seen[phase].server.words
