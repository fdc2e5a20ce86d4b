"""The fixture ``serve``: commands, functions and ASGI applications, none of which outlives its test."""

import signal
import subprocess
import sys

import psutil
import pytest

from .conftest import FEEDS, STATION, Run

pytestmark = [pytest.mark.loopback, pytest.mark.realtime]


@pytest.mark.parametrize(
    "server",
    [
        "feeds.keeps",
        "f'{sys.executable} feeds.py'",
        "[sys.executable, Path('feeds.py')]",
        "f'cd / && STATION=x {sys.executable} {os.getcwd()}/feeds.py & wait'",
    ],
    ids=["function", "shell", "words", "child"],
)
def test_what_can_be_a_server(run_tests: Run, server: str) -> None:
    result = run_tests(f"""
import os, psutil, socket, sys
from pathlib import Path
served = []

def test_it(serve):
    server = serve({server}, env={{"STATION": "A"}}, path="/x?y=z")
    served.append(server)
    assert server.url == f"ws://127.0.0.1:{{server.port}}/x?y=z"
    assert psutil.Process(server.pid).is_running()
    assert server.pid != os.getpid()
    assert not server.gone
    served.append(psutil.Process(server.pid).children(recursive=True))
    socket.create_connection(("127.0.0.1", server.port)).close()

def test_it_has_ended():
    server, children = served
    assert "on the air" in server.output
    assert not psutil.pid_exists(server.pid)
    zombie = psutil.STATUS_ZOMBIE  # of a parent that has gone: whether it is reaped is up to init
    assert [child for child in children if child.is_running() and child.status() != zombie] == []
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port))
""")
    result.assert_outcomes(passed=2)


@pytest.mark.parametrize("server", ["station.app", "'station:app'"])
def test_an_asgi_application_under_uvicorn(run_tests: Run, pytester: pytest.Pytester, server: str) -> None:
    pytest.importorskip("starlette")
    pytester.makepyfile(station=STATION)
    result = run_tests(f"""
import station
from station import app

def test_it(serve, stalled):
    report = stalled(serve({server}, path="/feed"))
    assert report.outcome == "backpressure-isolated"
""")
    result.assert_outcomes(passed=1)


@pytest.mark.parametrize("missing", ["uvicorn", "websockets wsproto"])
def test_uvicorn_is_the_users_own(run_tests: Run, missing: str) -> None:
    result = run_tests(f"""
import sys

async def app(scope, receive, send): ...

def test_it(serve, monkeypatch):
    for name in {missing.split()}:
        monkeypatch.setitem(sys.modules, name, None)
    serve(app)
""")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"E *{missing.split(maxsplit=1)[0]}*pip install 'uvicorn[[]standard[]]'*"])


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_server_ends_with_whoever_wanted_it(how: signal.Signals, pytester: pytest.Pytester) -> None:
    """Killed, pytest cannot end anything: the keeper sees that nobody asks any more."""
    pytester.makepyfile(
        feeds=FEEDS,
        test_it="""
import feeds, time

def test_it(serve):
    print(serve(feeds.keeps).pid, flush=True)
    time.sleep(600)
""",
    )
    command = (sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", "-p", "no:asyncio")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        pid = int(next(line for line in running.stdout if line.strip().isdigit()))
        server = psutil.Process(pid)
        keeper = server.parent()
        assert keeper is not None
        running.send_signal(how)
        server.wait(30)
        keeper.wait(30)


def test_an_application_that_streams_events_is_served(run_tests: Run) -> None:
    result = run_tests("""
import asyncio

async def app(scope, receive, send):
    assert scope["type"] == "http"  # else it is its lifespan, which it has none of
    headers = [(b"content-type", b"text/event-stream")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    number = 0
    while True:
        event = f"data: {number} {'x' * 5000}\\n\\n".encode()
        await send({"type": "http.response.body", "body": event, "more_body": True})
        number += 1
        await asyncio.sleep(0.0005)

def test_events(serve, stalled):
    server = serve(app, scheme="http", path="/events")
    assert server.url.startswith("http://127.0.0.1:")
    report = stalled(server, for_="1MiB", profile="stop-reading")
    assert report.outcome == "backpressure-isolated", report.evidence
    assert any("the protocol of this stream has no Ping" in line for line in report.evidence)
    with pytest.raises(Exception, match="a message to send is not possible"):
        stalled(server, hello="subscribe")
""")
    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ("", "the started server ended with 7; the end of its output: '*last words*'"),
        ("os.kill(server.pid, 9)", "the started server ended with -9; *"),
        ("server.end()", "the server was ended by its end()"),
    ],
)
def test_a_server_that_has_ended_is_not_waited_for(run_tests: Run, before: str, reason: str) -> None:
    """It may end after it has been seen to run, too: here at the first client, which is the probe's."""
    result = run_tests(f"""
import os, socket, sys, time

def ends(port):
    with socket.create_server(("127.0.0.1", port)) as listener:
        while True:
            client, _ = listener.accept()
            if client.recv(1):
                print("last words", flush=True)
                os._exit(7)

def test_it(serve, stalled):
    server = serve(ends)
    {before}
    began = time.monotonic()
    try:
        stalled(server, for_="1MiB")
    finally:
        assert time.monotonic() - began < 45, "a server that has ended has 60 s to start"
""")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"E *EnvironmentUnfit: ws://127.0.0.1:*: {reason}"])
