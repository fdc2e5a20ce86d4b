"""Every event is described by the right words, and hostile text in it is cleaned."""

import re
import sys
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stallsim.kinds import EventKind, Phase
from stallsim.profile.scenario import ClientGroup
from stallsim.timeline.records import Event, PhaseEvent
from stallsim.timeline.sample import Refusal
from stallsim.views.clean import clean, encodable, quoted
from stallsim.views.words import client_name, describe_happening

from ..pure.events import CLASSES, carrying
from .scenes import crowd, make_sample, make_timeline, sleeping_tab

TIMELINE = make_timeline(ClientGroup(name="sleeper", kind="sleeping-tab"), ticks=10)
DETAILS: dict[EventKind, dict[str, int | float | str]] = {
    EventKind.WORD: {"peer": "10.0.0.1:5000", "word": "idle", "was": "reading", "why": "nothing came"},
    EventKind.SLEEPS: {"asleep": "tab"},
    EventKind.SERVER_NOT_READY: {"reason": "the server answered 503"},
    EventKind.TRIES: {"number": 2, "of": 5, "stall": "sleeping-tab", "does": "sleeps"},
    EventKind.SERVER_ENDS: {"state": "fin-wait1"},
    EventKind.JUDGED: {
        "outcome": "disconnects",
        "confidence": "high",
        "summary": "it ends",
        "findings": "f",
    },
    EventKind.STOPS_READING: {"read_bytes": 400_929, "held_bytes": 133_600},
    EventKind.READS_SLOWLY: {"rate": 131_072},
    EventKind.LEAVES: {"how": "closed-tab"},
    EventKind.STALLED: {"evidence": "window shut"},
    EventKind.ZERO_WINDOW: {"notsent_bytes": 5_268, "rcvq_bytes": 128_332},
    EventKind.PRODUCER_WAITS: {"queue_bytes": 65_536},
    EventKind.PONG_MISSING: {"ping": 3},
    EventKind.PONG_LATE: {"pongs": 3, "after_s": 1.25},
    EventKind.PROTOCOL_ERROR: {"error": "bad opcode"},
    EventKind.CLOSE_WANTED: {"code": 1001, "queue_bytes": 70_000},
    EventKind.GUARD_ACTED: {"guard": "write-timeout", "queue_bytes": 70_000},
    EventKind.CLOSE_RECEIVED: {"code": 1001, "reason": "going"},
    EventKind.END_SEEN: {"how": "close", "code": 1001},
    EventKind.ABORTED: {"queue_bytes": 70_000},
    EventKind.ENDED: {"how": "reset", "error": "Connection reset by peer"},
    EventKind.MEMORY_CEILING: {"queue_bytes": 268_435_456},
    EventKind.LARGE_PAGES_SHORT: {"pieces": 12, "free_kib": 4096},
    EventKind.TCP_MEMORY_PRESSURE: {"used_pages": 400_000, "pressure_pages": 383_868},
}


def words_of(kind: EventKind, detail: dict[str, int | float | str]) -> str:
    return describe_happening(Event(tick=1, connection=0, what=carrying(kind, **detail)), TIMELINE)


@pytest.mark.parametrize("kind", EventKind)
def test_every_event_is_named_and_gives_its_numbers(kind: EventKind) -> None:
    detail = DETAILS.get(kind, {})
    words = words_of(kind, detail)
    assert words.startswith(f"sleeper: {kind.value}: ")
    assert len(words) > len(f"sleeper: {kind.value}: ")
    for value in detail.values():
        assert (f"{value:,}" if isinstance(value, int) else str(value)) in words or value == 1001
    assert "?" not in words


def test_every_kind_of_event_has_its_struct() -> None:
    assert CLASSES.keys() == set(EventKind)


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("waits", [False, True])
def test_every_phase_is_named(phase: Phase, waits: bool) -> None:
    sample = make_sample(queue_bytes=13_360, queue_messages=2, read_bytes=99_999, producer_waits=waits)
    words = describe_happening(PhaseEvent(tick=1, phase=phase, sample=sample), TIMELINE)
    assert words.startswith(f"sleeper: {phase.value}: ")
    assert re.search(r"\d", words) or phase is Phase.CONNECTING
    assert words.isascii()


def test_write_blocked_in_full() -> None:
    sample = make_sample(outq_bytes=266_500, queue_bytes=5968, queue_messages=1, refusal=Refusal.EAGAIN)
    assert describe_happening(PhaseEvent(tick=119, phase=Phase.WRITE_BLOCKED, sample=sample), TIMELINE) == (
        "sleeper: write-blocked: the server's kernel accepts no more (EAGAIN) at 266,500 bytes queued; "
        "1 message waits in the application"
    )


def test_only_a_confirmed_stall_is_called_stalled() -> None:
    every = [words_of(kind, DETAILS.get(kind, {})) for kind in EventKind if kind is not EventKind.STALLED]
    sample = make_sample(dropped_bytes=1, discarded_bytes=1)
    every += [
        describe_happening(PhaseEvent(tick=1, phase=phase, sample=sample), TIMELINE) for phase in Phase
    ]
    assert not [words for words in every if "stall" in words.lower()]
    assert "stalled" in words_of(EventKind.STALLED, DETAILS[EventKind.STALLED])


def test_names_tell_connections_apart() -> None:
    assert client_name(sleeping_tab(), 1) == "sleeper"
    assert client_name(crowd(3), 1) == "reader #1"
    assert client_name(crowd(3), 99) == "connection 99"


HOSTILE = st.text(st.characters(codec=None)) | st.sampled_from(
    [
        "\x1b[2J\x1b]0;owned\x07",
        "a\nb\r\tc",
        "\u202egnp.exe",
        "[bold red]x[/]",
        "\x9b31m",
        "\ud800",
        "\u2028",
    ]
)


@given(HOSTILE, st.integers(0, 50))
def test_clean_text_is_one_harmless_line(text: str, limit: int) -> None:
    cleaned = clean(text, limit)
    assert cleaned.isprintable()
    assert len(cleaned) <= limit
    assert "[" not in cleaned
    assert "]" not in cleaned


@given(HOSTILE)
def test_hostile_text_reaches_no_view(text: str) -> None:
    for kind in EventKind:
        texts = [name for name, hint in get_type_hints(CLASSES[kind]).items() if hint is str]
        detail: dict[str, int | float | str] = dict.fromkeys(texts, text)
        assert words_of(kind, detail).isprintable()
    value = quoted(text)
    assert value.isprintable()
    assert " " not in value or value.startswith('"')
    assert encodable(value, "ascii").isascii()


def test_every_character_of_unicode_is_printable_or_replaced() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    assert clean(everything, len(everything)).isprintable()
