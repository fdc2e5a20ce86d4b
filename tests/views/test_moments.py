"""The index answers about a tick only with what was known by then."""

from stallsim.views.drawing.moments import Moments
from stallsim.views.drawing.scale import bytes_in, percent, round_scale

from .scenes import FRAME, make_sample, sleeping_tab


def test_samples_peaks_and_phases_by_tick() -> None:
    timeline = sleeping_tab()
    moments = Moments(timeline)
    moments.catch_up()
    assert moments.sample(1, -1) is None
    assert [moments.sample(1, tick) for tick in range(200)] == timeline.samples[1]
    assert moments.sample(1, 999) is timeline.samples[1][-1]
    assert moments.peak(1, "queue_bytes", 10) == 0
    top = max(sample.queue_bytes for sample in timeline.samples[1])
    assert moments.peak(1, "queue_bytes", 199) == moments.peak(1, "queue_bytes", 149) == top > 10 * FRAME
    assert [event.phase.value for event in moments.phases(1, 30)] == ["flowing", "receiver-filling"]


def test_two_samples_of_one_tick_count_as_the_later() -> None:
    timeline = sleeping_tab()
    last = make_sample(tick=199, connection=0, read_bytes=7)
    timeline.append(last)
    assert Moments(timeline).sample(0, 199) is last


def test_a_stall_lasts_until_the_client_reads_again() -> None:
    moments = Moments(sleeping_tab())
    moments.catch_up()
    assert moments.stall(1, 19) is None
    assert moments.stall(0, 199) is None
    during, after = moments.stall(1, 100), moments.stall(1, 199)
    assert during is not None
    assert after is not None
    assert (during.since, during.until, during.evidence) == (20, None, "unread bytes grow")
    assert (after.since, after.until) == (20, 150)


def test_scales_and_short_numbers() -> None:
    assert [round_scale(value) for value in (0, 1000, 1001, 2001, 5001)] == [1000, 1000, 2000, 5000, 10_000]
    assert (bytes_in(1_482_248, 9), bytes_in(1_482_248, 8)) == ("1,482,248", "1.5 MB")
    shares = [percent(part, 1000) for part in (0, 1, 500, 999, 1000, 1030)]
    assert shares == ["0%", "<1%", "50%", "99%", "100%", "103%"]
    assert percent(1, 0) == "-"
