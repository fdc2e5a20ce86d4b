"""The digest can be computed from ``--json`` with other tools."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from stallsim.kinds import EventKind
from stallsim.profile.scenario import Pace, Stack, Stream
from stallsim.timeline.ledger import Entry, Ledger, digest, first_difference, make_ledger
from stallsim.timeline.records import Record, RecordingEnd
from stallsim.timeline.timeline import Timeline
from stallsim.verdict.result import encode, summarize_run
from stallsim.verdict.verdict import judge_run

from .builders import COMPLETE, MSS, event, header, info, sample, scenario, timeline
from .records import COUNT, TEXT

FIELDS = {name: TEXT if name in ("client", "phase") else COUNT for name in Entry.__struct_fields__}
ENTRIES = st.lists(st.builds(Entry, **FIELDS), max_size=4)


def recomputed(printed: dict[str, Any]) -> str:
    canonical = json.dumps(printed["entries"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


@given(ENTRIES)
def test_the_digest_is_that_of_canonical_json(entries: list[Entry]) -> None:
    rows = [{name: getattr(entry, name) for name in Entry.__struct_fields__} for entry in entries]
    assert digest(entries) == recomputed({"entries": rows})


def test_the_digest_is_that_of_the_entries_as_printed() -> None:
    made = timeline([sample(), sample(1, rcvq_bytes=9), sample(2, read_bytes=9)])
    printed = json.loads(encode(summarize_run(made, judge_run(made))))["ledger"]
    assert [entry["phase"] for entry in printed["entries"]] == ["flowing", "receiver-filling", "recovered"]
    assert printed["digest"] == recomputed(printed) == make_ledger(made).digest
    canonical = json.dumps(printed["entries"], sort_keys=True, separators=(",", ":"))
    assert printed["digest"] == hashlib.sha256(canonical.encode()).hexdigest()


@given(ENTRIES, ENTRIES)
def test_the_first_difference(left: list[Entry], right: list[Entry]) -> None:
    found = first_difference(ledger(left), ledger(right))
    if found is None:
        assert left == right
        assert digest(left) == digest(right)
    else:
        index, ours, theirs = found
        assert left[:index] == right[:index]
        assert ours == (left[index] if index < len(left) else None)
        assert theirs == (right[index] if index < len(right) else None)
        assert ours != theirs


def ledger(entries: list[Entry]) -> Ledger:
    return Ledger(digest=digest(entries), pinned=True, not_pinned=[], entries=entries)


def test_what_is_outside_of_the_ledger_does_not_change_it() -> None:
    plain = timeline([sample(), sample(1, rcvq_bytes=9)])
    other = timeline([sample(), sample(1, rcvq_bytes=9, retrans_segments=3, rwnd_limited_us=77, backoff=2)])
    assert make_ledger(plain).digest == make_ledger(other).digest
    moved = timeline([sample(), sample(1, rcvq_bytes=10)])
    assert make_ledger(plain).digest != make_ledger(moved).digest


def test_pinned_and_what_keeps_it_from_being_so() -> None:
    assert make_ledger(timeline([sample()])).pinned
    loose = scenario()
    loose = replace(loose, pace=Pace.REALTIME, server=replace(loose.server, sndbuf=None, congestion=None))
    made = timeline([sample()], of=loose)
    made.append(replace(info(1, "two"), rcvbuf_bytes_asked=None, maxseg_bytes_asked=None))
    reasons = make_ledger(made).not_pinned
    assert not make_ledger(made).pinned
    for words in (
        "realtime",
        "server.sndbuf",
        "server.congestion",
        "clients.two.rcvbuf",
        "clients.two.maxseg",
    ):
        assert any(words in reason for reason in reasons)


def complete(*records: Record) -> Timeline:
    """A run that has told these and reached its end."""
    made = Timeline()
    for record in (*records, COMPLETE):
        made.append(record)
    return made


def left_to_the_stack(sysctl: dict[str, str | int], private: bool = True) -> list[str]:
    """What keeps a run from being pinned whose four pins are all left out."""
    loose = scenario()
    server = replace(loose.server, sndbuf=None, congestion=None)
    of = header(replace(loose, server=server, stack=Stack(private=private, sysctl=sysctl)))
    unasked = replace(info(), rcvbuf_bytes_asked=None, maxseg_bytes_asked=None)
    return make_ledger(complete(replace(of, private_stack=private), unasked)).not_pinned


SNDBUF, CONGESTION = "server.sndbuf is auto-tuned", "server.congestion is the system's default"
RCVBUF, MAXSEG = "clients.one.rcvbuf is auto-tuned", "clients.one.maxseg is decided by the route"
FIXED_RMEM: dict[str, str | int] = {"net.ipv4.tcp_rmem": "4096 131072 131072"}
FIXED_WMEM: dict[str, str | int] = {"net.ipv4.tcp_wmem": "4096\t65536  65536"}


@pytest.mark.parametrize(
    ("sysctl", "reasons"),
    [
        ({}, [SNDBUF, CONGESTION, RCVBUF]),
        (FIXED_RMEM, [SNDBUF, CONGESTION]),
        (FIXED_WMEM, [CONGESTION, RCVBUF]),
        ({"net.ipv4.tcp_rmem": "4096 131072 131073"}, [SNDBUF, CONGESTION, RCVBUF]),
        ({"net.ipv4.tcp_rmem": 131072}, [SNDBUF, CONGESTION, RCVBUF]),
        (FIXED_RMEM | FIXED_WMEM | {"net.ipv4.tcp_congestion_control": "reno"}, []),
    ],
)
def test_a_private_stack_can_pin_what_the_profile_does_not(
    sysctl: dict[str, str | int], reasons: list[str]
) -> None:
    assert left_to_the_stack(sysctl) == reasons


def test_the_machine_s_stack_pins_nothing() -> None:
    assert left_to_the_stack({}, private=False) == [SNDBUF, CONGESTION, RCVBUF, MAXSEG]


@pytest.mark.parametrize("text", ["\u00e9", "\U0001f600", "\x7f", "\u2028", '"\\/', "\x00\x1f\n"])
def test_names_beyond_ascii_are_digested_as_utf_8(text: str) -> None:
    fields = dict.fromkeys(Entry.__struct_fields__, 0)
    entry = Entry(**(fields | {"client": text, "phase": "flowing"}))  # type: ignore[arg-type]
    row = fields | {"client": text, "phase": "flowing"}
    assert digest([entry]) == recomputed({"entries": [row]})


@pytest.mark.parametrize(("segments", "pinned"), [(10, True), (11, False)])
def test_more_than_the_initial_window_at_once_to_a_slow_reader_is_not_pinned(
    segments: int, pinned: bool
) -> None:
    """Told after the announcement, as a run tells it; before it, the same burst means nothing."""
    made = timeline([sample()], event(EventKind.READS_SLOWLY, tick=0), end=None)
    made.append(sample(1, received_bytes=segments * MSS, read_bytes=segments * MSS))
    made.append(COMPLETE)
    assert make_ledger(made).pinned is pinned
    before = timeline([sample()], event(EventKind.READS_SLOWLY, tick=1), end=None)
    before.append(sample(1, received_bytes=segments * MSS, read_bytes=segments * MSS))
    before.append(COMPLETE)
    assert make_ledger(before).pinned


TLS, DEFLATE = {"tls": "TLSv1.3"}, {"deflate": True}


@pytest.mark.parametrize(
    ("frame", "coder", "reasons"),
    [
        (13_000, {}, 0),
        (12_978, TLS, 0),
        (12_979, TLS, 1),  # with the 22 bytes of its record, more than 10 segments of 1,300
        (6_680, DEFLATE, 1),
    ],
)
def test_what_a_coder_makes_of_frames_may_keep_them_from_being_pinned(
    frame: int, coder: dict[str, Any], reasons: int
) -> None:
    made = complete(header(replace(scenario(), stream=Stream(frame=frame))), replace(info(), **coder))
    assert len(make_ledger(made).not_pinned) == reasons


def test_compression_is_pinned_where_the_stack_sends_no_loss_probes() -> None:
    of = replace(header(), sysctl={"net.ipv4.tcp_early_retrans": "0"})
    made = complete(of, replace(info(), deflate=True))
    assert make_ledger(made).pinned


def test_a_timer_that_has_fired_keeps_a_run_from_being_pinned() -> None:
    fired = replace(COMPLETE, timers={"TCPWinProbe": 2})
    reasons = make_ledger(timeline([sample()], end=fired)).not_pinned
    assert reasons == ["timers of TCP fired in the run's network stack (TCPWinProbe 2)"]


@pytest.mark.parametrize(("congestion", "pinned"), [("reno", True), ("cubic", False), ("bbr", False)])
def test_a_congestion_control_that_measures_time_is_not_pinned(congestion: str, pinned: bool) -> None:
    of = scenario()
    made = timeline([sample()], of=replace(of, server=replace(of.server, congestion=congestion)))
    assert make_ledger(made).pinned is pinned


def test_a_congestion_control_of_the_route_is_not_pinned() -> None:
    """``ip route change ... congctl bbr`` replaces the one that a socket has chosen."""
    made = Timeline()
    made.append(header())
    made.append(replace(info(), congestion="bbr"))
    made.append(COMPLETE)
    assert make_ledger(made).not_pinned == ["the route's congestion control bbr depends on the clock"]


def test_a_digest_names_the_conditions_under_which_it_is_comparable() -> None:
    of = replace(scenario(), server=replace(scenario().server, tls=True))
    made = Timeline()
    libraries = {"openssl": "OpenSSL 3.5.1", "zlib": "1.3"}
    made.append(replace(header(of), conditions=["the machine's own stack"], libraries=libraries))
    made.append(replace(info(), sndbuf_bytes_asked=65_536, sndbuf_bytes_effective=100_000))
    assert make_ledger(made).conditions == [
        "Linux 6.18",
        "the machine's own stack",
        "net.core.wmem_max=50000",
        "OpenSSL 3.5.1",
    ]


@pytest.mark.parametrize("end", [None, replace(COMPLETE, interrupted=True)])
def test_a_run_that_has_not_reached_its_end_is_not_pinned(end: RecordingEnd | None) -> None:
    """Its digest is that of the entries until then, and how far that is differs from run to run."""
    assert make_ledger(timeline([sample()], end=end)).not_pinned == ["the run did not reach its end"]
