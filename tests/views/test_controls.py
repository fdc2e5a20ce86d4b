"""Playback: time and keys move a position. The tests need nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stallsim.views.drawing.controls import Key, Press
from stallsim.views.drawing.playback import LINGER_S, RUN_SHOWN_S, Playback
from stallsim.views.terminal.keyboard import KeyParser


class Marks:
    """Three connections, phases at 5 and 50, events at 5, 7, 50 and 99."""

    def __init__(self, *connections: int) -> None:
        self._connections = list(connections)

    def order(self, tick: int) -> list[int]:
        return self._connections

    def phase_ticks(self, connection: int) -> list[int]:
        return [5, 50]

    def event_ticks(self) -> list[int]:
        return [5, 7, 50, 99]


@pytest.mark.parametrize("last_tick", [0, 3, 400, 100_000])
@pytest.mark.parametrize("speed", [0.5, 1.0, 2.0])
def test_a_run_takes_the_same_time_however_long_it_is(last_tick: int, speed: float) -> None:
    playback = Playback(last_tick, Marks(0), speed)
    shown_s = 0.0
    while not playback.over:
        playback.advance(0.1)
        shown_s += 0.1
    assert playback.tick == last_tick
    expected = LINGER_S + (RUN_SHOWN_S / speed if last_tick else 0)
    assert shown_s == pytest.approx(expected, abs=0.25 + expected / (last_tick + 1))


def test_keys() -> None:
    playback = Playback(100, Marks(4, 2, 9))
    playback.press(Key.FORWARD)
    playback.press(Key.FORWARD)
    playback.press(Key.BACK)
    assert (playback.tick, playback.paused) == (1, True)
    playback.advance(60)
    assert playback.tick == 1
    playback.press(Key.PAUSE)
    playback.advance(1)
    assert playback.tick > 1
    playback.press(Key.NEXT)
    assert playback.controls.focus == 2
    playback.press(Key.PREVIOUS)
    playback.press(Key.PREVIOUS)
    assert playback.controls.focus == 9
    playback.press(Key.FASTER)
    assert playback.controls.speed == 2.0
    playback.press(Key.SLOWER)
    assert playback.controls.speed == 1.0
    playback.press(Key.END)
    assert playback.tick == 100
    playback.press(Key.RESTART)
    assert (playback.tick, playback.over) == (0, False)
    playback.press(Key.QUIT)
    assert playback.over


def test_a_paused_end_stays() -> None:
    playback = Playback(10, Marks(0))
    playback.press(Key.END)
    playback.press(Key.PAUSE)
    playback.advance(1000)
    assert not playback.over


def pressed(*presses: Press, last_tick: int = 100, stays: bool = True) -> Playback:
    playback = Playback(last_tick, Marks(4, 2, 9), stays=stays)
    for press in presses:
        playback.press(press)
    return playback


@pytest.mark.parametrize(
    ("presses", "tick"),
    [
        ((Key.FORWARD_TEN, Key.FORWARD_TEN, Key.BACK), 19),
        ((Key.BACK_TEN,), 0),
        ((Key.NEXT_PHASE,), 5),
        ((Key.NEXT_PHASE, Key.NEXT_PHASE, Key.NEXT_PHASE), 50),
        ((Key.END, Key.PREVIOUS_PHASE), 50),
        ((Key.END, Key.PREVIOUS_PHASE, Key.PREVIOUS_PHASE, Key.PREVIOUS_PHASE), 5),
        ((Key.NEXT_EVENT, Key.NEXT_EVENT), 7),
        ((Key.END, Key.PREVIOUS_EVENT), 99),
        ((4, 2, Key.ENTER), 42),
        ((4, 2, Key.ERASE, Key.ENTER), 4),
        ((9, 9, 9, 9, Key.ENTER), 100),
        ((4, 2, Key.FORWARD, Key.ENTER), 1),
    ],
)
def test_where_keys_lead(presses: tuple[Press, ...], tick: int) -> None:
    playback = pressed(*presses)
    assert (playback.tick, playback.paused) == (tick, True)
    playback.advance(60)
    assert playback.tick == tick


def test_the_end_stays_until_the_viewer_leaves() -> None:
    playback = pressed()
    playback.advance(1000)
    playback.advance(1000)
    assert (playback.tick, playback.over, playback.controls.ended) == (100, False, True)
    playback.press(Key.BACK)
    assert not playback.controls.ended
    assert not pressed(Key.ENTER).over
    for leaves in (Key.ENTER, Key.QUIT):
        assert pressed(Key.END, leaves).over
    again = pressed(Key.END, Key.PAUSE)
    assert (again.tick, again.paused) == (0, False)


def test_the_log_scrolls_as_far_as_there_are_events_and_time_brings_it_back() -> None:
    playback = pressed(Key.END, *[Key.LOG_OLDER] * 9)
    assert (playback.controls.older, playback.paused) == (3, True)
    playback.press(Key.LOG_NEWER)
    assert playback.controls.older == 2
    playback.press(Key.BACK)
    assert playback.controls.older == 0


def test_help_holds_the_time_and_goes_with_its_key() -> None:
    playback = pressed(Key.HELP)
    playback.advance(60)
    assert (playback.tick, playback.controls.help) == (0, True)
    for closes in (Key.HELP, Key.QUIT, Key.PAUSE):
        closed = pressed(Key.HELP, closes)
        assert (closed.controls.help, closed.over, closed.paused) == (False, False, False)


PRESSES = st.one_of(st.sampled_from(Key), st.integers(0, 9))


@given(st.lists(st.one_of(PRESSES, st.floats(0, 5)), max_size=40), st.booleans())
def test_whatever_is_pressed_the_tick_is_one_of_the_run(steps: list[Press | float], stays: bool) -> None:
    playback = pressed(last_tick=30, stays=stays)
    for step in steps:
        playback.advance(step) if isinstance(step, float) else playback.press(step)
        assert 0 <= playback.tick <= 30
        assert playback.controls.focus in (4, 2, 9)


def test_keys_come_in_any_pieces() -> None:
    data = b" \x1b[C.\x1b[D,+-\t\x1b[Z\x1b[H\x1bOF\x1b[99xzq"
    keys: list[Press] = [
        Key.PAUSE, Key.FORWARD, Key.FORWARD, Key.BACK, Key.BACK, Key.FASTER, Key.SLOWER, Key.NEXT,
        Key.PREVIOUS, Key.RESTART, Key.END, Key.QUIT,
    ]  # fmt: skip
    assert KeyParser().feed(data) == keys
    assert KeyParser().feed(b"12\r\x7f<>[]np?kj\x1b[5~") == [
        1, 2, Key.ENTER, Key.ERASE, Key.BACK_TEN, Key.FORWARD_TEN, Key.PREVIOUS_PHASE, Key.NEXT_PHASE,
        Key.NEXT_EVENT, Key.PREVIOUS_EVENT, Key.HELP, Key.LOG_OLDER, Key.LOG_NEWER, Key.LOG_OLDER,
    ]  # fmt: skip
    parser = KeyParser()
    assert [key for byte in data for key in parser.feed(bytes([byte]))] == keys


@given(st.binary())
def test_any_bytes_are_keys_or_nothing(data: bytes) -> None:
    KeyParser().feed(data)
