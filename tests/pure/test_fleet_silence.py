"""For how long a witness was given no data: the longest, without our own lag, over the end of a period."""

from typing import cast

import pytest
from msgspec.structs import replace

from stallsim.fleet.bounds import rhythm_unknown, suffering
from stallsim.fleet.not_judged import ping_words, silence_words
from stallsim.fleet.silence import LongestSilence
from stallsim.fleet.witnessed_periods import WitnessedPeriods
from stallsim.probing.client.stream_client import StreamClient
from stallsim.timeline.fleet.witnessed import Witnessed
from stallsim.views.fleet.table import row

from .fleets import seen, step


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
    assert (
        suffering(baseline, hold) == "for 5 s each witness received 100 B/s, and 1.0 kB/s in the baseline"
    )
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


def slow(silent_s: float, seconds: float = 10, bytes_per_s: float = 400) -> Witnessed:
    return replace(seen(bytes_per_s=bytes_per_s, seconds=seconds), silent_s=silent_s)


def test_a_slow_stream_is_judged_by_its_own_longest_gap() -> None:
    """One message in three seconds: four of its gaps without one are a silence, three are not."""
    assert suffering(slow(3), slow(12.1, 30)) == (
        "a witness received nothing for 12.1 s, and for at most 3 s in the baseline, both net of "
        "stallsim's own lag"
    )
    assert not suffering(slow(3), slow(11.9, 30))
    assert silence_words(slow(3), 30) == (
        "judged from 12 s on, because the longest silence of the baseline was 3 s net of stallsim's own lag"
    )
    assert silence_words(slow(0.2), 30) == ""


def test_where_a_silence_cannot_be_judged_the_report_says_why() -> None:
    assert "watched for 8 s (`look=`, `hold=`)" in silence_words(slow(3), 8)
    assert "was 7 s net of stallsim's own lag, in 10 s, so the time between messages" in silence_words(
        slow(7), 60
    )
    assert "received no data in the baseline of 10 s" in silence_words(slow(10, bytes_per_s=0), 60)
    assert not suffering(slow(7), slow(60, 60))


def test_a_server_that_answers_no_ping_leaves_late_pings_unjudged() -> None:
    mute = seen()
    assert ping_words(mute, 6) == (
        "not judged: the witnesses received no Pong in the baseline, and 20 are needed"
    )
    assert "received 3 Pongs in" in ping_words(seen(*[1000] * 3), 6)
    assert not ping_words(seen(*[1000] * 30), 6)
    waits = replace(step(100), witnessed=replace(mute, worst_s=6.87))
    assert row(waits)[6] == ">6.87 s"
    assert row(step(100))[6] == "1 ms"


def test_the_rate_of_few_messages_is_no_rate() -> None:
    """In a look of two seconds there is one message of such a stream, or none."""
    nothing = slow(2, seconds=2, bytes_per_s=0)
    assert not suffering(slow(2.4), nothing)
    assert "receives 0 B/s" in suffering(slow(0.6), nothing)


def test_a_baseline_goes_on_until_the_rhythm_is_known_or_for_five_times_its_length() -> None:
    assert rhythm_unknown(slow(1, seconds=2), 2)
    assert not rhythm_unknown(slow(1, seconds=4), 2)
    assert rhythm_unknown(slow(9, seconds=9), 2)
    assert not rhythm_unknown(slow(10, seconds=10), 2)
