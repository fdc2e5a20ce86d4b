"""Clients that violate the protocol: the connection ends, the run goes on, and nothing is raised."""

import struct
from typing import ClassVar

import pytest

from stallsim.clients import Client, ClientEnd
from stallsim.clients._websocket import RawWebSocket
from stallsim.kinds import EventKind, Phase, Stalls
from stallsim.profile.load import load_profile
from stallsim.profile.scenario import ClientGroup
from stallsim.runner.execute import Execution
from stallsim.timeline.records import Event
from stallsim.timeline.timeline import Timeline
from stallsim.verdict.verdict import judge_run

from .running import perform

pytestmark = pytest.mark.loopback
TEXT, BINARY, CLOSE, PING = 0x1, 0x2, 0x8, 0x9
FIN, RSV1, MASKED = 0x80, 0x40, 0x80
SPEAKS_TICK = 5


def frame(first: int, payload: bytes, masked: int = MASKED) -> bytes:
    """One frame (RFC 6455 5.2), whatever is wrong with it; the mask is all zeros."""
    short = len(payload) < 126
    length = bytes([masked | len(payload)]) if short else struct.pack(">BH", masked | 126, len(payload))
    return bytes([first]) + length + bytes(4) * bool(masked) + payload


BROKEN = {
    "no mask": frame(FIN | BINARY, b"hello", masked=0),
    "a reserved bit": frame(FIN | RSV1 | BINARY, b"hello"),
    "a reserved opcode": frame(FIN | 0x3, b"hello"),
    "a reserved control opcode": frame(FIN | 0xB, b""),
    "a control frame of 126 bytes": frame(FIN | PING, bytes(126)),
    "a control frame in fragments": frame(PING, b"hello"),
    "a continuation of nothing": frame(FIN | 0x0, b"hello"),
    "text that is not UTF-8": frame(FIN | TEXT, b"\xc3\x28"),
    "a close code of one byte": frame(FIN | CLOSE, b"\x03"),
    "close code 1005": frame(FIN | CLOSE, struct.pack(">H", 1005)),
    "close code 999": frame(FIN | CLOSE, struct.pack(">H", 999)),
    "a close reason that is not UTF-8": frame(FIN | CLOSE, struct.pack(">H", 1000) + b"\xff"),
    "a length of 2**63": bytes([FIN | BINARY, MASKED | 127]) + struct.pack(">Q", 2**63) + bytes(4),
}


class Hostile(Client, frozen=True, kw_only=True):
    """Shakes hands, reads, and at one tick sends what it was given."""

    stalls: ClassVar[Stalls] = Stalls.NEVER

    words: bytes

    async def behave(self, end: ClientEnd) -> None:
        websocket = RawWebSocket(end)
        await websocket.open()
        spoken = False
        with end.over:
            while await websocket.read_all():
                if end.tick >= SPEAKS_TICK and not spoken:
                    spoken = True
                    await end.send(self.words)
                await end.turn()
        end.close()


def beside_a_good_client(words: bytes) -> Timeline:
    execution = Execution(load_profile("well-behaved", ["ticks=40"]))
    hostile = Hostile(words=words, rcvbuf=65_536, maxseg=1312)
    group = ClientGroup(kind="hostile", name="hostile")
    usual = execution.participants
    execution.participants = usual._replace(clients=[*usual.clients, (group, hostile)])
    return perform(execution)


@pytest.mark.parametrize("words", BROKEN.values(), ids=BROKEN)
def test_is_ended_with_a_protocol_error(words: bytes) -> None:
    timeline = beside_a_good_client(words)
    kinds = [
        happening.kind
        for happening in timeline.happenings
        if isinstance(happening, Event) and happening.connection == 1
    ]
    assert kinds[:2] == [EventKind.PROTOCOL_ERROR, EventKind.ABORTED]
    assert [event.phase for event in timeline.phases(1)][-1] is Phase.RESET
    assert timeline.samples[1][-1].tick <= SPEAKS_TICK + 1
    unharmed(timeline)


@pytest.mark.parametrize("seed", range(5))
def test_noise_breaks_nothing(seed: int) -> None:
    noise = b"".join(struct.pack(">Q", (seed + 1) * 0x9E3779B97F4A7C15 * n % 2**64) for n in range(500))
    unharmed(beside_a_good_client(noise))


def unharmed(timeline: Timeline) -> None:
    """Every byte is somewhere, and the good client had its whole stream."""
    assert timeline.samples[0][-1].read_messages == 40
    reasons = judge_run(timeline).reasons
    assert not any("internal error" in reason for reason in reasons), reasons
