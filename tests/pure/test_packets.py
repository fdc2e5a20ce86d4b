"""To which packet a comment belongs, and whether other readers can read the file."""

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stallsim.kernel.packet_socket import Packet
from stallsim.kinds import Phase
from stallsim.packets.notes import Note, Notes, Owner
from stallsim.packets.pcapng import PcapngWriter
from stallsim.packets.placing import place
from stallsim.packets.segment import Segment, segment_of
from stallsim.packets.spool import pack, unpack_spool
from stallsim.timeline.events.kernel import ZeroWindow
from stallsim.timeline.records import Event, PhaseEvent

from .builders import info, sample

CLIENT, OTHER, SERVER = 5001, 5002, 80


def segment(source: int, destination: int, window: int = 100, flags: int = 0x10) -> bytes:
    tcp = struct.pack("!HHIIBBHHH", source, destination, 0, 0, 0x50, flags, window, 0, 0)
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 40, 0, 0, 64, 6, 0, b"\x7f\0\0\x01", b"\x7f\0\0\x01")
    return bytes(12) + b"\x08\x00" + ip + tcp


def packet(at: int, source: int, destination: int, window: int = 100) -> Packet:
    return Packet(at, 54, segment(source, destination, window))


def notes(*happenings: tuple[int, PhaseEvent | Event]) -> Notes:
    made = Notes()
    made.owners = {CLIENT: [Owner(info(0), None)], OTHER: [Owner(info(1, "two"), None)]}
    made.happenings = [Note(at, happening) for at, happening in happenings]
    return made


def entered(phase: Phase, connection: int = 0) -> PhaseEvent:
    return PhaseEvent(tick=1, phase=phase, sample=sample(1, connection=connection))


def test_a_comment_is_at_the_last_packet_of_its_connection() -> None:
    filling = entered(Phase.RECEIVER_FILLING)
    other = entered(Phase.FLOWING, 1)
    seen = [
        packet(10, CLIENT, SERVER),
        packet(20, SERVER, CLIENT),
        packet(30, OTHER, SERVER),
        packet(50, CLIENT, SERVER),
    ]
    placed = place(seen, notes((40, filling), (41, other), (99, entered(Phase.CLOSED))))
    assert placed.happenings == {1: [filling], 2: [other], 3: [entered(Phase.CLOSED)]}
    assert placed.firsts == {0: 0, 1: 2}


def test_a_zero_window_is_at_the_segment_that_advertised_it() -> None:
    shut = Event(tick=1, connection=0, what=ZeroWindow(rcvq_bytes=1, notsent_bytes=1))
    seen = [packet(10, CLIENT, SERVER), packet(20, CLIENT, SERVER, window=0), packet(30, SERVER, CLIENT)]
    assert place(seen, notes((40, shut))).happenings == {1: [shut]}


def test_strangers_and_what_was_before_the_run_are_not_ours() -> None:
    made = notes((40, entered(Phase.FLOWING)))
    made.began_ns = 15
    seen = [packet(10, CLIENT, SERVER), packet(20, 7, 8), packet(30, CLIENT, SERVER)]
    placed = place(seen, made)
    assert placed.firsts == {0: 2}
    assert list(placed.happenings) == [2]


def test_a_port_that_is_used_again_has_another_owner() -> None:
    made = Notes()
    made.owners = {CLIENT: [Owner(info(0), 50), Owner(info(1), None)]}
    assert [made.connection_at(CLIENT, at) for at in (10, 60)] == [info(0), info(1)]


@given(st.binary(max_size=200))
def test_any_bytes_are_a_segment_or_none(data: bytes) -> None:
    segment_of(data)
    segment_of(bytes(12) + b"\x08\x00" + data)
    segment_of(bytes(12) + b"\x86\xdd" + data)


def test_a_segment_is_read() -> None:
    assert segment_of(segment(1, 2, 3, 0x02)) == Segment(1, 2, 3, syn=True, reset=False)
    assert segment_of(segment(1, 2, 3, 0x14)) == Segment(1, 2, 3, syn=False, reset=True)


PACKETS = st.builds(Packet, st.integers(0, 2**63 - 1), st.integers(0, 2**16), st.binary(max_size=90))


@given(st.lists(PACKETS, max_size=5))
def test_the_spool_gives_back_what_it_was_given(given_packets: list[Packet]) -> None:
    assert list(unpack_spool(io.BytesIO(b"".join(map(pack, given_packets))))) == given_packets


@given(st.lists(st.tuples(PACKETS, st.lists(st.text(max_size=40), max_size=3)), max_size=5), st.text())
def test_blocks_have_their_lengths_on_both_ends(
    written: list[tuple[Packet, list[str]]], comment: str
) -> None:
    out = io.BytesIO()
    writer = PcapngWriter(out, "stallsim", "lo", 1600, comment)
    writer.names({b"\x7f\0\0\x01": ["stallsim"]})
    for one, comments in written:
        writer.packet(one, comments)
    writer.statistics(1, 0)
    data, kinds = out.getvalue(), []
    while data:
        kind, length = struct.unpack_from("<II", data)
        assert length % 4 == 0
        assert struct.unpack_from("<I", data, length - 4) == (length,)
        kinds.append(kind)
        data = data[length:]
    assert kinds == [0x0A0D0D0A, 1, 4, *[6] * len(written), 5]


@pytest.mark.parametrize("words", ["x" * 200_000, "\ud800 lone", "äöü" * 50_000])
def test_a_comment_of_any_length_and_letters_fits(words: str) -> None:
    out = io.BytesIO()
    PcapngWriter(out, "stallsim", "lo", 1600, "").packet(Packet(0, 0, b""), [words])
    assert len(out.getvalue()) < 62_000
