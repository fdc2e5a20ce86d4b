"""The table of words, row by row: readings that fit a row, and readings that almost fit it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stallsim.kernel.diag_socket import DiagSocket, TcpState, Timer
from stallsim.kernel.glance import Glance
from stallsim.kinds import Word
from stallsim.watching.calm import calm_word
from stallsim.watching.evidence import why
from stallsim.watching.pair import Pair
from stallsim.watching.words import RULES, decide

from .watched import MSS, reading, shut, without_info

T_MS = 10_000


def pair(now: DiagSocket, before: DiagSocket | None = None, **known: Any) -> Pair:
    return Pair(now, before, **({"seconds": 5.0 if before else 0.0} | known))


FIRST = reading(bytes_acked=900_000)
ORPHAN = {"state": TcpState.FIN_WAIT1, "inode": 0}
IN_FLIGHT = {"wqueue": 5_000, "timer": Timer.ON}
ROWS: list[tuple[str, Word, Pair]] = [
    ("closed behind a shut window", Word.ORPHAN, pair(shut(**ORPHAN))),
    ("last-ack", Word.ORPHAN, pair(shut(state=TcpState.LAST_ACK, inode=0))),
    ("only the FIN waits", Word.NEW, pair(reading(**ORPHAN, wqueue=1))),
    (
        "half-closed, and held by a process",
        Word.STALLED,
        pair(shut(state=TcpState.FIN_WAIT1, last_data_sent=T_MS)),
    ),
    ("not accepted", Word.NOT_ACCEPTED, pair(reading(inode=0, rqueue=10))),
    (
        "two retransmissions",
        Word.UNACKNOWLEDGED,
        pair(reading(**IN_FLIGHT, retrans=2, rto=816_000, last_ack_recv=1_500)),
    ),
    (
        "two keepalive probes unanswered",
        Word.UNACKNOWLEDGED,
        pair(reading(timer=Timer.KEEPALIVE, retrans=2, last_ack_recv=60_000), reading()),
    ),
    ("one keepalive probe", Word.IDLE, pair(reading(timer=Timer.KEEPALIVE, retrans=1), reading())),
    ("one retransmission", Word.NEW, pair(reading(**IN_FLIGHT, retrans=1))),
    (
        "two retransmissions into a window that shrank, answered",
        Word.WINDOW_SHUT,
        pair(
            reading(
                **IN_FLIGHT,
                retrans=2,
                rto=816_000,
                expires=700,
                last_ack_recv=100,
                snd_wnd=0,
                notsent_bytes=4_000,
            )
        ),
    ),
    (
        "two probes unanswered",
        Word.SHUT_THEN_GONE,
        pair(shut(retrans=2, expires=1_500, last_ack_recv=2_000, last_data_sent=T_MS)),
    ),
    (
        "three, just after the third",
        Word.SHUT_THEN_GONE,
        pair(shut(retrans=3, backoff=4, expires=3_260, last_ack_recv=2_900, last_data_sent=T_MS)),
    ),
    ("one probe unanswered", Word.STALLED, pair(shut(retrans=1, last_ack_recv=2_000, last_data_sent=T_MS))),
    (
        "two unanswered for the moment",
        Word.STALLED,
        pair(shut(retrans=2, expires=1_500, last_ack_recv=1_100, last_data_sent=T_MS)),
    ),
    ("shut for long enough", Word.STALLED, pair(shut(last_data_sent=T_MS))),
    ("shut for a moment less", Word.WINDOW_SHUT, pair(shut(last_data_sent=T_MS - 4))),
    ("shut for --after", Word.STALLED, pair(shut(last_data_sent=2_000), after_s=2.0)),
    (
        "shut, and its peer reads",
        Word.SLOW_READER,
        pair(shut(last_data_sent=60_000), shut(), peer_still_s=1.0, peer_read_ago_s=3.0),
    ),
    (
        "shut, and its peer reads nothing any more",
        Word.STALLED,
        pair(shut(last_data_sent=60_000), shut(), peer_still_s=10.0, peer_read_ago_s=12.0),
    ),
    (
        "shut just now, and its peer has read before",
        Word.WINDOW_SHUT,
        pair(shut(last_data_sent=2_000), peer_still_s=1.0, peer_read_ago_s=3.0),
    ),
    (
        "shut and opened by the kernel, and its peer has read nothing",
        Word.WINDOW_SHUT,
        pair(shut(bytes_acked=1_001_448, last_data_sent=2_000), shut(), peer_still_s=6.0),
    ),
    ("shut as it was before", Word.SLOW_READER, pair(shut(last_data_sent=11_000), opened_after_s=6.0)),
    (
        "shut for much longer than before",
        Word.STALLED,
        pair(shut(last_data_sent=12_000), opened_after_s=6.0),
    ),
    ("a window smaller than what waits", Word.STALLED, pair(shut(snd_wnd=MSS - 1, last_data_sent=T_MS))),
    (
        "in flight, and the window itself is shut",
        Word.STALLED,
        pair(shut(**{**IN_FLIGHT, "notsent_bytes": 4_000, "last_data_sent": 900}), still_s=10.0),
    ),
    (
        "shut once between two readings",
        Word.WINDOW_SHUT,
        pair(shut(rwnd_limited=2_000_000, last_data_sent=2_000), FIRST),
    ),
    (
        "shut, and it took some",
        Word.SLOW_READER,
        pair(shut(bytes_acked=1_001_448, last_data_sent=2_000), shut()),
    ),
    (
        "shut twice between two readings",
        Word.SLOW_READER,
        pair(shut(rwnd_limited=4_000_000, last_data_sent=1_000), FIRST),
    ),
    ("open, after it was shut mostly", Word.SLOW_READER, pair(reading(rwnd_limited=2_600_000), FIRST)),
    ("open, after it was shut a little", Word.KEEPS_UP, pair(reading(rwnd_limited=2_400_000), FIRST)),
    (
        "a fast transfer over a long way",
        Word.KEEPS_UP,
        pair(
            reading(
                rwnd_limited=4_900_000,
                rtt=200_000,
                bytes_acked=2_500_000,
                wqueue=200_000,
                notsent_bytes=136_000,
            ),
            reading(bytes_acked=900_000, wqueue=200_000, notsent_bytes=136_000),
        ),
    ),
    (
        "corked",
        Word.SENDING,
        pair(reading(wqueue=300, notsent_bytes=300, timer=Timer.PERSIST), reading(wqueue=300)),
    ),
    (
        "corked in a window smaller than a segment",
        Word.SENDING,
        pair(reading(wqueue=300, notsent_bytes=300, snd_wnd=1_000), reading()),
    ),
    (
        "the source reports no window",
        Word.PERSIST,
        pair(without_info(wqueue=9_000, timer=Timer.PERSIST), without_info()),
    ),
    ("read once", Word.NEW, pair(reading())),
    ("unread by the server", Word.SERVER_NOT_READING, pair(reading(rqueue=5), reading(rqueue=5))),
    (
        "unread, and more has come",
        Word.SERVER_NOT_READING,
        pair(reading(rqueue=9, bytes_received=504), reading(rqueue=5)),
    ),
    (
        "unread, and the server has read",
        Word.IDLE,
        pair(reading(rqueue=5, bytes_received=505), reading(rqueue=5)),
    ),
    ("a FIN is nothing to read", Word.IDLE, pair(reading(rqueue=1, state=TcpState.CLOSE_WAIT), reading())),
    (
        "unread, as /proc tells it",
        Word.SERVER_NOT_READING,
        pair(without_info(rqueue=5), without_info(rqueue=5)),
    ),
    ("the window falls", Word.FALLING_BEHIND, pair(reading(snd_wnd=44_000), FIRST)),
    ("the window falls a little", Word.KEEPS_UP, pair(reading(snd_wnd=45_000), FIRST)),
    ("everything was acknowledged", Word.KEEPS_UP, pair(reading(), FIRST)),
    ("a burst is on its way", Word.KEEPS_UP, pair(reading(**IN_FLIGHT), FIRST)),
    (
        "paced",
        Word.SENDING,
        pair(
            reading(wqueue=9_000, notsent_bytes=6_000),
            reading(bytes_acked=990_000, wqueue=9_000, notsent_bytes=6_000),
        ),
    ),
    (
        "a little unsent at both",
        Word.KEEPS_UP,
        pair(
            reading(wqueue=900, notsent_bytes=600),
            reading(bytes_acked=900_000, wqueue=900, notsent_bytes=600),
        ),
    ),
    ("in flight", Word.SENDING, pair(reading(**IN_FLIGHT), reading())),
    ("nothing waits, as /proc tells it", Word.NOTHING_WAITS, pair(without_info(), without_info())),
    ("idle", Word.IDLE, pair(reading(), reading())),
]


@pytest.mark.parametrize(("word", "of"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_reading_has_its_word(word: Word, of: Pair) -> None:
    assert decide(of) is word
    assert why(of, word)


def test_every_row_of_the_table_is_tried_by_a_reading_of_its_own() -> None:
    first = {next(place for place, rule in enumerate(RULES) if rule.fits(of)) for _, _, of in ROWS}
    assert first == set(range(len(RULES)))


def test_every_word_is_in_the_table() -> None:
    assert {rule.word for rule in RULES} == set(Word)


COUNT = st.integers(0, 2_000_000)
QUEUE = st.sampled_from([0, 0, 1, 300, 100_000])
SOCKETS = st.builds(
    reading,
    state=st.sampled_from([TcpState.ESTABLISHED, TcpState.CLOSE_WAIT, TcpState.FIN_WAIT1]),
    timer=st.sampled_from(Timer),
    retrans=st.integers(0, 4),
    rqueue=QUEUE,
    wqueue=QUEUE,
    notsent_bytes=QUEUE,
    inode=st.sampled_from([0, 5]),
    bytes_acked=st.integers(900_000, 1_100_000),
    snd_wnd=st.sampled_from([0, 500, 20_000, 64_512]),
    rwnd_limited=COUNT,
    last_data_sent=st.integers(0, 20_000),
    last_ack_recv=st.integers(0, 20_000),
)


def glance(of: DiagSocket) -> Glance:
    assert of.info is not None
    return Glance(
        of.state, of.id.cookie, of.rqueue, of.wqueue, of.inode, of.info.bytes_acked, of.info.snd_wnd,
        retrans=of.retrans,
    )  # fmt: skip


@given(SOCKETS, SOCKETS | st.none())
def test_the_short_way_finds_what_the_table_finds(now: DiagSocket, before: DiagSocket | None) -> None:
    """But for the time that a window was shut in which nothing waits any more: who looks closer is told."""
    if now.info is None or (before is not None and before.info is None):
        return
    if before is not None and before.info is not None:
        before = before._replace(info=before.info._replace(rwnd_limited=now.info.rwnd_limited))
    if not now.wqueue:
        now = now._replace(timer=Timer.OFF, info=now.info._replace(notsent_bytes=0))
    found = calm_word(None if before is None else glance(before)[5:7], glance(now))
    assert found in (None, decide(pair(now, before)))


@given(SOCKETS, SOCKETS | st.none(), st.floats(0, 60), st.integers(0, 20) | st.none())
def test_stalled_is_said_only_of_a_shut_window_behind_which_bytes_wait(
    now: DiagSocket, before: DiagSocket | None, still_s: float, took: int | None
) -> None:
    of = pair(now, before, still_s=still_s, peer_still_s=took, peer_read_ago_s=took)
    if decide(of) is not Word.STALLED:
        return
    assert now.info is not None
    assert now.wqueue > 0
    assert now.info.notsent_bytes > 0
    assert now.info.snd_wnd < MSS
    assert of.quiet_s >= of.after_s
    assert took is None or took >= of.after_s
