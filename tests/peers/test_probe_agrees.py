"""The probe says of every server here what is known of it, from a fresh start, in one short stall."""

import shlex
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import trio
from msgspec.structs import replace

from stallsim.probing.options.messages import to_hellos, to_replies
from stallsim.probing.probe import probe
from stallsim.probing.recording.replay import judge_again
from stallsim.probing.spec import SHORT_BYTES, SHORT_S, Command, ProbeSpec, Target, WatchUntil
from stallsim.timeline.probed.result import ProbeResult

from .agreement import differences
from .constructed import CONSTRUCTED
from .launch import command, missing
from .peer import DISCONNECTS, GROWTH, LEAKS, Peer
from .table import PEERS

pytestmark = [pytest.mark.loopback, pytest.mark.slow, pytest.mark.realtime]
BRIEF = WatchUntil(seconds=SHORT_S, until_bytes=SHORT_BYTES)
SHORT = [
    pytest.param(peer, marks=() if peer in CONSTRUCTED else pytest.mark.nightly, id=peer.name)
    for peer in PEERS
    if not peer.refused_bytes_min
]
"""By day only those with one fault that was built in; the libraries' servers with the long arms."""
LONG = [peer for peer in PEERS if peer.refused_bytes_min]


def stall(peer: Peer, name: str, watch_s: float | None = None, **environment: str) -> ProbeResult:
    """Of one stall; judged again from its recording, it is the same."""
    if reason := missing(peer):
        pytest.skip(reason)
    variables = {**peer.environment, **environment}.items()
    words = ("env", *(f"{key}={value}" for key, value in variables), *command(peer))
    spec = ProbeSpec(
        target=Target(
            url=f"{peer.scheme}://127.0.0.1:0{peer.path}",
            hello=to_hellos("hello", peer.hello),
            replies=to_replies("replies", peer.replies),
        ),
        stalls=(name,),
        command=Command(words=words),
        watch=BRIEF if watch_s is None else WatchUntil(seconds=watch_s),
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "probe.jsonl"
        result = trio.run(probe, replace(spec, record=str(path)))
        assert judge_again(path) == result
    return result


@pytest.mark.parametrize("peer", SHORT)
def test_a_short_stall_shows_what_a_server_does(peer: Peer) -> None:
    result = stall(peer, "stop-reading")
    wrong = differences(peer, result, long=False)
    assert not wrong, f"{peer.reason}\n{shlex.join(result.stalls[0].evidence)}"


@pytest.mark.nightly
@pytest.mark.parametrize("peer", LONG, ids=lambda peer: peer.name)
def test_a_bound_beyond_the_watch_changes_the_outcome_once_it_is_reached(peer: Peer) -> None:
    brief = stall(peer, "stop-reading").stalls[0]
    assert (brief.outcome.value, brief.confidence.value) == (GROWTH, "low")
    assert brief.refused_bytes < peer.refused_bytes_min
    patient = stall(peer, "stop-reading", watch_s=60.0, STREAM_INTERVAL_MS="1").stalls[0]
    assert patient.outcome.value == DISCONNECTS, patient.evidence
    # the last look before the cut may be a few looks old, each of 20 ms and 130 kB of this stream
    assert patient.refused_bytes > 2**25 - 2**20


@pytest.mark.parametrize(
    "peer", [peer for peer in PEERS if LEAKS in peer.findings], ids=lambda peer: peer.name
)
def test_memory_that_grows_for_a_dead_client_is_found(peer: Peer) -> None:
    assert LEAKS in stall(peer, "vanishing").findings
