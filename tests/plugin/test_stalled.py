"""The fixture ``stalled``, as a user's tests use it."""

import pytest

from .conftest import STATION, Run, recordings

pytestmark = [pytest.mark.loopback, pytest.mark.realtime]


def test_a_report_is_asserted_on_and_nothing_is_left(run_tests: Run, pytester: pytest.Pytester) -> None:
    result = run_tests("""
from stallsim import Finding, Outcome
from stallsim.pytest_plugin import Serve, Stalled

def test_it(serve: Serve, stalled: Stalled):
    server = serve(feeds.keeps)
    report = stalled(server, profile="sleeping-tab", for_="2MiB", stop_at="64MiB")
    assert report.outcome == "growth"
    assert report.outcome is Outcome.GROWTH
    assert report.outcome != "disconnects"
    assert set(report.findings) <= set(Finding)
    assert report.growth_bytes_per_s > 1e6
    assert report.refused_bytes >= 2 * 2**20
    assert report.amplification > 0.2
    assert report.stall == "sleeping-tab"
    for words in ("for a baseline of", "in the stall, until enough bytes were refused", "after the wake"):
        assert words in report.waited
    assert not server.gone
""")
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*stallsim replay*")
    assert recordings(pytester) == []


def test_a_marker_sets_the_options_of_all(run_tests: Run) -> None:
    result = run_tests("""
pytestmark = pytest.mark.stalled(profile="stop-reading", for_="8MiB")

@pytest.mark.stalled(profile="zero-window")
def test_closest(serve, stalled):
    server = serve(feeds.cuts)
    assert stalled(server).stall == "zero-window"
    assert stalled(server.url, profile="vanishing").stall == "vanishing"

def test_common(serve, stalled):
    report = stalled(serve(feeds.cuts))
    assert (report.stall, report.outcome) == ("stop-reading", "disconnects")
    assert report.closed_after_s is not None
""")
    result.assert_outcomes(passed=2)


ASYNCIO = """
from station import listening

async def check(stalled):
    async with listening() as port:
        report = await stalled.wait(f"ws://127.0.0.1:{port}/", for_="1MiB")
    assert report.outcome == "growth"
    assert report.waited
"""
TRIO = """
import itertools, trio
from trio_websocket import ConnectionClosed, serve_websocket
clients = set()

async def join(request):
    websocket = await request.accept()
    clients.add(websocket)
    try:
        await websocket.get_message()
    except ConnectionClosed:
        clients.discard(websocket)

async def publish():
    for number in itertools.count():
        for client in list(clients):
            try:
                await client.send_message(f"{number} ".ljust(5000, "x"))
            except ConnectionClosed:
                clients.discard(client)
        if number % 10 == 0:
            await trio.sleep(0.01)

async def check(stalled):
    async with trio.open_nursery() as nursery:
        server = await nursery.start(serve_websocket, join, "127.0.0.1", 0, None)
        nursery.start_soon(publish)
        report = await stalled.wait(f"ws://127.0.0.1:{server.port}/", for_="1MiB")
        nursery.cancel_scope.cancel()
    assert report.outcome == "blocks-everyone"
"""


@pytest.mark.parametrize(
    ("server", "mark"),
    [
        (ASYNCIO, "@pytest.mark.asyncio"),
        (TRIO, "@pytest.mark.trio"),
        (ASYNCIO, "@pytest.mark.anyio\n@pytest.mark.parametrize('anyio_backend', ['asyncio'])"),
        (TRIO, "@pytest.mark.anyio\n@pytest.mark.parametrize('anyio_backend', ['trio'])"),
    ],
    ids=["pytest-asyncio", "pytest-trio", "anyio-asyncio", "anyio-trio"],
)
def test_a_server_in_the_event_loop_of_the_test(
    run_tests: Run, pytester: pytest.Pytester, server: str, mark: str
) -> None:
    pytester.makepyfile(station=STATION)
    run_tests(f"{server}\n{mark}\nasync def test_it(stalled):\n    await check(stalled)").assert_outcomes(
        passed=1
    )


def test_the_blocking_form_names_what_an_event_loop_needs(run_tests: Run) -> None:
    result = run_tests("""
@pytest.mark.asyncio
async def test_in_asyncio(stalled):
    stalled("ws://127.0.0.1:1/")

@pytest.mark.trio
async def test_in_trio(stalled):
    stalled("ws://127.0.0.1:1/")

def test_in_none(stalled):
    stalled("ws://127.0.0.1:1/")
""")
    result.assert_outcomes(failed=3)
    hint = "needs `await stalled.wait(...)`"
    told = [line for line in result.outlines if not line.startswith("FAILED")]  # whole only where CI is set
    shown = [line for line in told if "errors.EnvironmentUnfit: ws://127.0.0.1:1/" in line]
    assert [hint in line for line in shown] == [True, True, False]


def test_under_xdist(run_tests: Run, pytester: pytest.Pytester) -> None:
    result = run_tests(
        """
@pytest.mark.parametrize("expected", ["disconnects", "inconclusive"])
def test_it(serve, stalled, expected):
    assert stalled(serve(feeds.cuts), for_="8MiB").outcome == expected
""",
        "-n2",
        outside=True,
    )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*created: 2/2 workers*", "*- stallsim -*", "*: disconnects, confidence*"])
    assert len(recordings(pytester)) == 1
