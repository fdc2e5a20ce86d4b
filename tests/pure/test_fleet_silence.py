"""For how long a witness was given no data: the longest, without our own lag, over the end of a period."""

from typing import cast

import pytest

from stallsim.fleet.silence import LongestSilence
from stallsim.probing.client.stream_client import StreamClient


class _Client:
    last_message_s = 0.0


def silence() -> tuple[_Client, LongestSilence]:
    client = _Client()
    return client, LongestSilence(cast("StreamClient", client))


def test_the_longest_silence_of_a_period_counts_and_one_that_goes_on_counts_again() -> None:
    client, longest = silence()
    for tenth in range(1, 21):
        longest.look(tenth / 10, tenth / 10)
    client.last_message_s = 2.0
    longest.look(2.1, 2.1)
    assert longest.turn() == pytest.approx(2.0)
    longest.look(2.4, 2.4)
    assert longest.turn() == pytest.approx(0.4)
    longest.look(5.0, 5.0)
    assert longest.turn() == pytest.approx(3.0)


def test_the_time_in_which_this_program_did_not_look_is_no_silence() -> None:
    client, longest = silence()
    longest.look(3.1, 0.1)
    assert longest.turn() == pytest.approx(0.1)
    longest.look(3.4, 3.4)
    assert longest.turn() == pytest.approx(0.4)
    client.last_message_s = 3.45
    longest.look(4.45, 4.45)
    assert longest.turn() == pytest.approx(1.0), "the lag was before that message"
