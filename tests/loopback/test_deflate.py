"""permessage-deflate (RFC 7692), decompressed by a client of another library."""

from collections.abc import Callable

import pytest
import trio

from stallsim.content import Content
from stallsim.profile.load import load_profile
from stallsim.profile.scenario import ServerSpec
from stallsim.runner.execute import Execution
from stallsim.server.defence import Defence
from stallsim.server.frames import Frames, payload_of
from stallsim.server.policies import Admission, Message, Policy, Queue
from stallsim.stamp import STAMP_BYTES
from stallsim.tls import make_contexts

from .running import perform
from .serving import Stream, serving

pytestmark = pytest.mark.loopback
client = pytest.importorskip("websockets.sync.client", reason="the package websockets is not installed")
deflate = pytest.importorskip("websockets.extensions.permessage_deflate")
MESSAGES = 100
FRAME = 6680


class Ring(Policy, frozen=True):
    """At most a hundred messages: the oldest goes."""

    def offer(self, queue: Queue, message: Message, now: float) -> Admission:
        queue.push(message)
        if len(queue) <= 100:
            return Admission.QUEUED
        queue.evict()
        return Admission.EVICTED


async def serve_one(peer: Callable[[str], None], content: Content, *, tls: bool = False) -> Stream:
    with trio.fail_after(30):
        async with serving(ServerSpec(deflate=True, tls=tls)) as server, trio.open_nursery() as nursery:
            uri = f"{'wss' if tls else 'ws'}://127.0.0.1:{server.address[1]}/"
            nursery.start_soon(trio.to_thread.run_sync, peer, uri)
            stream = await server.accepted.receive()
            await stream.send(MESSAGES, FRAME, content)
            await stream.until_ended()
    return stream


@pytest.mark.parametrize("tls", [False, True], ids=["ws", "wss"])
@pytest.mark.parametrize("content", Content)
@pytest.mark.parametrize(
    "offer",
    [{}, {"server_no_context_takeover": True}, {"server_max_window_bits": 9}],
    ids=["whole window", "no context takeover", "small window"],
)
async def test_every_message_is_inflated(offer: dict[str, int], content: Content, tls: bool) -> None:
    read: list[bytes] = []
    agreed: list[object] = []

    def peer(uri: str) -> None:
        extensions = [deflate.ClientPerMessageDeflateFactory(**offer)]
        context = make_contexts("127.0.0.1").client if tls else None
        with client.connect(uri, ssl=context, compression=None, extensions=extensions) as websocket:
            agreed.extend(websocket.protocol.extensions)
            read.extend(websocket.recv() for _ in range(MESSAGES))
            websocket.send(b"what a client says may be compressed too" * 100)

    stream = await serve_one(peer, content, tls=tls)
    frames = Frames(FRAME, content=content)
    sent = [payload_of(frames.make(number, 0.0).frame) for number in range(MESSAGES)]
    assert [one[STAMP_BYTES:] for one in read] == [one[STAMP_BYTES:] for one in sent]
    assert len(agreed) == 1
    coder = stream.session.sending.coder
    assert coder is not None
    assert coder.deflates
    assert (
        coder.sealed_bytes == stream.session.sending.produced_bytes + stream.session.sending.control_bytes
    )
    shrunk = coder.wire_bytes < coder.sealed_bytes / 2
    assert shrunk == (content is Content.TEXT)


async def test_who_does_not_offer_it_is_sent_messages_as_they_are() -> None:
    def peer(uri: str) -> None:
        with client.connect(uri, compression=None) as websocket:
            for _ in range(MESSAGES):
                websocket.recv()

    stream = await serve_one(peer, Content.TEXT)
    assert stream.session.sending.coder is None


@pytest.mark.parametrize(("tls", "frame"), [("false", 9000), ("true", 9050)], ids=["ws", "wss"])
def test_what_a_policy_drops_has_not_passed_the_compressor(tls: str, frame: int) -> None:
    """The client has read on beyond what was dropped: one missing byte, and zlib would have said so.

    With frames of these sizes the window closes to 0: nothing is left that a timer could push.
    """
    sleeper = ("server.deflate=true", "clients.sleeper.deflate=true", f"server.tls={tls}")
    execution = Execution(
        load_profile("sleeping-tab", [*sleeper, "stream.content=text", f"stream.frame={frame}"])
    )
    execution.participants = execution.participants._replace(defence=Defence(Ring()))
    timeline = perform(execution)
    last = timeline.samples[1][-1]
    assert last.dropped_messages > 0
    assert last.read_messages == last.produced_messages - last.dropped_messages
    assert last.missing_messages == last.dropped_messages
