"""What follows from the words of a watch: tracks, siblings, verdict, names, blind spots, remedies."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from stallsim.kernel.diag_socket import DiagSocket
from stallsim.kinds import Word
from stallsim.timeline.watched import Snapshot
from stallsim.watching.blind_spots import blind_spots
from stallsim.watching.peers import PeerNames
from stallsim.watching.remedies import remedies
from stallsim.watching.repeated_looks import pause_s
from stallsim.watching.sentence import sentence
from stallsim.watching.track import ConnectionTrack
from stallsim.watching.witness import fits, siblings_of

from .snapshots import BAD, GOOD, look
from .watched import reading, shut


class Looked:
    """One connection, looked at again and again, compared with the look 5 s before."""

    def __init__(self) -> None:
        self.track = ConnectionTrack(Word.NEW, 0.0)
        self.looks: list[tuple[float, DiagSocket]] = []

    def at(self, at_s: float, now: DiagSocket, peer: DiagSocket | None = None) -> Word:
        before = next(((s, one) for s, one in reversed(self.looks) if at_s - s >= 5), None)
        before = before or (self.looks[0] if self.looks else None)
        self.looks.append((at_s, now))
        earlier, seconds = (None, 0.0) if before is None else (before[1], at_s - before[0])
        return self.track.settle(self.track.pair(now, earlier, at_s, seconds, 10.0, peer), at_s)


def test_a_fall_of_the_window_at_one_look_is_a_burst() -> None:
    looked = Looked()
    looked.at(0, reading(bytes_acked=0))
    assert looked.at(2, reading(bytes_acked=10_000, snd_wnd=50_000)) is Word.KEEPS_UP
    assert looked.at(4, reading(bytes_acked=20_000, snd_wnd=64_512)) is Word.KEEPS_UP
    assert looked.at(6, reading(bytes_acked=30_000, snd_wnd=50_000)) is Word.KEEPS_UP
    assert looked.at(8, reading(bytes_acked=40_000, snd_wnd=40_000)) is Word.FALLING_BEHIND


def test_who_falls_behind_is_not_said_to_keep_up_at_the_first_good_look() -> None:
    looked = Looked()
    for at_s, window in ((0, 64_512), (2, 50_000), (4, 40_000)):
        word = looked.at(at_s, reading(bytes_acked=5_000 * at_s, snd_wnd=window))
    assert word is Word.FALLING_BEHIND
    assert looked.at(12, reading(bytes_acked=90_000, snd_wnd=64_512)) is Word.FALLING_BEHIND
    assert looked.at(14, reading(bytes_acked=99_000, snd_wnd=64_512)) is Word.KEEPS_UP


def test_a_window_that_has_opened_a_little_is_given_twice_as_long_the_next_time() -> None:
    looked = Looked()
    looked.at(0, shut(last_data_sent=2_000))
    looked.at(6, shut(last_data_sent=8_000))
    looked.at(8, reading(bytes_acked=1_010_000, wqueue=90_000, notsent_bytes=90_000))
    assert looked.at(20, shut(bytes_acked=1_010_000, last_data_sent=11_000)) is Word.SLOW_READER
    assert looked.at(40, shut(bytes_acked=1_010_000, last_data_sent=31_000)) is Word.STALLED


def test_who_has_taken_everything_has_woken_and_the_next_stall_is_one() -> None:
    looked = Looked()
    looked.at(0, shut(last_data_sent=20_000))
    looked.at(2, reading(bytes_acked=1_100_000))
    looked.at(4, shut(bytes_acked=1_100_000, last_data_sent=1_000))
    assert looked.at(14, shut(bytes_acked=1_100_000, last_data_sent=11_000)) is Word.STALLED


def test_a_peer_on_this_machine_that_reads_is_slow_and_one_that_does_not_is_stalled() -> None:
    for reads, word in ((True, Word.SLOW_READER), (False, Word.STALLED)):
        looked = Looked()
        for at_s in range(0, 30, 2):
            left = 60_000 - 128 * at_s if reads else 60_000
            peer = reading(rqueue=left, bytes_received=100_000)
            found = looked.at(at_s, shut(last_data_sent=1_000 + 1_000 * at_s), peer)
        assert found is word


def test_the_age_of_a_word_that_was_there_at_the_first_look_may_be_more() -> None:
    looked = Looked()
    looked.at(0, shut(last_data_sent=100))
    assert looked.track.found_so
    looked.at(2, reading())
    assert not looked.track.found_so


@given(st.lists(st.floats(0, 1e9), min_size=1))
def test_the_median_of_the_siblings_lies_within_their_quartiles(rates: list[float]) -> None:
    found = siblings_of(1, rates)
    assert found is not None
    assert found.count == len(rates)
    assert found.low_rate <= found.median_rate <= found.high_rate


def test_without_siblings_there_is_no_witness() -> None:
    assert siblings_of(1, []) is None


@pytest.mark.parametrize(
    ("slope", "stalled", "word"),
    [
        (None, 1, ""), (500.0, 0, ""), (1000.0, 1, "kept"), (501.0, 1, "kept"),
        (1999.0, 1, "kept"), (99.0, 1, "not-kept"), (-99.0, 1, "not-kept"),
        (300.0, 1, "neither"), (5000.0, 1, "neither"), (-500.0, 1, "neither"),
        (20_000.0, 20, "kept"), (1000.0, 20, "kept"), (5000.0, 20, "kept"), (99.0, 20, "not-kept"),
        (300.0, 20, "neither"), (41_000.0, 20, "neither"),
    ],
)  # fmt: skip
def test_three_hypotheses_and_none(slope: float | None, stalled: int, word: str) -> None:
    """Of 20 stalled clients a broadcast's messages may be kept 20 times, or once."""
    assert fits(slope, [1000.0] * stalled) == word


def said(snapshot: Snapshot) -> str:
    return sentence(snapshot.totals, snapshot.connections, snapshot.siblings, snapshot.process)


def test_the_sentence_says_who_since_when_and_at_what_cost() -> None:
    assert said(look(1, BAD, GOOD)) == (
        "1 of 2 clients has stopped reading, for 12 s; 120 kB of kernel memory is pinned; its siblings "
        "receive 200 kB/s, so up to ~2.4 MB was due to it (estimate: if all clients have always been due "
        "the same bytes); the process grows by 200 kB/s, as if all of that were kept: this machine would "
        "run out of memory in about 60.0 min"
    )


@pytest.mark.parametrize(
    ("snapshot", "words"),
    [
        (look(1), "no client is connected"),
        (look(1, GOOD), "the one client has not stopped reading"),
        (look(1, GOOD, GOOD), "none of 2 clients has stopped reading"),
        (
            look(1, replace(GOOD, word="idle")),
            "the one client is idle: nothing is sent to it, and a dead peer looks the same",
        ),
        (look(1, replace(GOOD, word="new")), "1 client, read once: it is too early to know"),
        (
            look(1, replace(BAD, word="persist", pinned_bytes=0), process=None),
            "1 client may have stopped reading (this source cannot show it)",
        ),
    ],
)
def test_the_sentence_says_no_more_than_was_seen(snapshot: Snapshot, words: str) -> None:
    assert said(snapshot) == words


@pytest.mark.parametrize("word", list(Word))
def test_stalled_is_said_of_the_stalled_only(word: Word) -> None:
    text = said(look(1, replace(BAD, word=word.value), GOOD))
    assert ("stopped reading, for" in text) == (word is Word.STALLED)


def test_an_anonymous_peer_has_one_name_in_a_watch_and_another_in_the_next() -> None:
    first, second = PeerNames(True), PeerNames(True)
    one, other = reading().id, reading(peer_port=40_001).id
    assert first.name(one) == first.name(one) != first.name(other)
    assert first.host(one) == first.host(other) != second.host(one)
    assert "10.1.2.3" not in first.name(one)
    assert PeerNames(False).name(one) == "10.1.2.3:40000"


def test_a_proxy_tls_and_http2_are_named_where_they_are_likely() -> None:
    assert blind_spots([8000], Counter({"10.0.0.1": 2})) == []
    assert blind_spots([8000], Counter({"10.0.0.1": 2, "10.0.0.2": 1})) == []
    (proxy,) = blind_spots([8000], Counter({"10.0.0.1": 3}))
    assert "proxy" in proxy
    (tls,) = blind_spots([443], Counter())
    assert "ciphertext" in tls
    (grpc,) = blind_spots([50051], Counter())
    assert "gRPC" in grpc


def test_remedies_are_for_the_words_that_there_are() -> None:
    first, *_ = remedies([BAD])
    assert first.startswith("to end 10.0.0.3:40002: ss -tK sport = :8000 dst 10.0.0.3 dport = :40002 ")
    assert remedies([GOOD]) == ()
    assert "examine the server" in remedies([replace(BAD, word="server-not-reading")])[0]


def test_looks_take_no_more_than_a_twentieth_of_a_core() -> None:
    assert pause_s(2.0, 0.01) == 2.0
    assert pause_s(2.0, 0.2) == 4.0
