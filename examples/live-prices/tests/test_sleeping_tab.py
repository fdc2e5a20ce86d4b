"""What becomes of the server, and of everybody else, when one tab falls asleep."""

import pytest

pytestmark = pytest.mark.stalled(profile="sleeping-tab", for_="8MiB")


@pytest.fixture
def started(serve):
    """One of the three applications, under uvicorn, much faster than in life: no test takes hours."""

    def start(name):
        return serve(f"prices.{name}:app", path="/prices", env={"PRICES_INTERVAL_S": "0.001"})

    return start


def test_a_tab_that_sleeps_costs_next_to_nothing(started, stalled):
    report = stalled(started("latest"))
    assert report.outcome == "bounded-drops"
    assert report.dropped == "oldest"
    assert report.growth_bytes_per_s == 0
    assert report.held_bytes < 1_000_000


def test_the_endless_queue_is_found(started, stalled):
    """The same assertions fail here. This is what is found."""
    report = stalled(started("endless_queues"))
    assert report.outcome == "growth"
    assert report.growth_bytes_per_s > 100_000
    assert report.missing_messages == 0, "every one of them was kept, and came after the wake"


def test_the_loop_over_all_is_found(started, stalled):
    report = stalled(started("one_by_one"))
    assert report.outcome == "blocks-everyone"
