"""The limits of the fixture ``stalled``: each decides how long is watched, and fails a test."""

import pytest

from .conftest import Run

pytestmark = [pytest.mark.loopback, pytest.mark.slow, pytest.mark.realtime]


def test_a_limit_fails_a_test_or_could_not_be_tested(run_tests: Run) -> None:
    result = run_tests("""
def test_bounded(serve, stalled):
    report = stalled(serve(feeds.cuts_late), profile="stop-reading", max_queue="64MiB")
    assert report.outcome == "disconnects"  # that is a bound, however late this machine sees it

def test_unbounded(serve, stalled):
    stalled(serve(feeds.keeps), profile="stop-reading", max_queue="1MiB")

def test_stays(serve, stalled):
    stalled(serve(feeds.keeps), profile="stop-reading", must_close_within="1s")

def test_too_short(serve, stalled):
    stalled(serve(feeds.keeps), profile="stop-reading", max_queue="1GiB", watch="1s")

def test_too_short_and_allowed(serve, stalled):
    server = serve(feeds.keeps)
    report = stalled(server, profile="stop-reading", max_queue="1GiB", watch="1s", allow_untested=True)
    assert report.outcome == "growth"
""")
    result.assert_outcomes(passed=2, failed=3)
    result.stdout.fnmatch_lines(["*the server held *, more than 1.0 MB (`max_queue=`)*"])
    result.stdout.fnmatch_lines(["*not disconnected within * (`must_close_within=` 1 s)*"])
    result.stdout.fnmatch_lines(["*not tested: `max_queue=` *"])
