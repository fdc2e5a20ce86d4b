"""For how long a witness was given no data: the longest, without our own lag, over the end of a period."""

from typing import cast

import pytest
from msgspec.structs import replace

from stallsim.fleet.bounds import suffering
from stallsim.fleet.silence import LongestSilence
from stallsim.fleet.witnessed_periods import WitnessedPeriods
from stallsim.probing.client.stream_client import StreamClient

from .fleets import seen


def test_the_least_of_any_five_seconds_counts_however_long_the_rest_is() -> None:
    least = WitnessedPeriods()
    for second in range(100):
        least.add(seen(bytes_per_s=100 if 40 <= second < 45 else 1000))
        if second < 4:
            assert least.total.least_bytes_per_s is None
    assert least.total.least_bytes_per_s == 100
    assert (least.total.seconds, least.total.bytes_per_s) == (100, 955)
    baseline = replace(seen(bytes_per_s=1000), silent_s=0.05)
    hold = replace(seen(bytes_per_s=950, seconds=100), silent_s=0.05, least_bytes_per_s=100)
    assert suffering(baseline, hold) == "for 5 s each witness was given 100 B/s, where it was 1.0 kB/s"
    assert not suffering(replace(baseline, silent_s=0.6), hold), "few messages, so their number varies"


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
