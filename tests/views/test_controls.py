"""Playback: time and keys move a position; nothing else is needed to test them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stallsim.views.drawing.controls import LINGER_S, RUN_SHOWN_S, Key, Playback
from stallsim.views.terminal.keyboard import KeyParser


@pytest.mark.parametrize("last_tick", [0, 3, 400, 100_000])
@pytest.mark.parametrize("speed", [0.5, 1.0, 2.0])
def test_a_run_takes_the_same_time_however_long_it_is(last_tick: int, speed: float) -> None:
    playback = Playback(last_tick, lambda _: [0], speed)
    shown_s = 0.0
    while not playback.over:
        playback.advance(0.1)
        shown_s += 0.1
    assert playback.tick == last_tick
    expected = LINGER_S + (RUN_SHOWN_S / speed if last_tick else 0)
    assert shown_s == pytest.approx(expected, abs=0.25 + expected / (last_tick + 1))


def test_keys() -> None:
    playback = Playback(100, lambda _: [4, 2, 9])
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
    playback = Playback(10, lambda _: [0])
    playback.press(Key.END)
    playback.press(Key.PAUSE)
    playback.advance(1000)
    assert not playback.over


@given(st.lists(st.one_of(st.sampled_from(Key), st.floats(0, 5)), max_size=40))
def test_whatever_is_pressed_the_tick_is_one_of_the_run(steps: list[Key | float]) -> None:
    playback = Playback(30, lambda _: [0, 1])
    for step in steps:
        playback.press(step) if isinstance(step, Key) else playback.advance(step)
        assert 0 <= playback.tick <= 30


def test_keys_come_in_any_pieces() -> None:
    data = b" \x1b[C.\x1b[D,+-\t\x1b[Z\x1b[H\x1bOF\x1b[99xzq"
    keys = [
        Key.PAUSE, Key.FORWARD, Key.FORWARD, Key.BACK, Key.BACK, Key.FASTER, Key.SLOWER, Key.NEXT,
        Key.PREVIOUS, Key.RESTART, Key.END, Key.QUIT,
    ]  # fmt: skip
    assert KeyParser().feed(data) == keys
    parser = KeyParser()
    assert [key for byte in data for key in parser.feed(bytes([byte]))] == keys


@given(st.binary())
def test_any_bytes_are_keys_or_nothing(data: bytes) -> None:
    KeyParser().feed(data)
