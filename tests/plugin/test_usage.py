"""A wrong argument is one line at the caller's own line of code; unused fixtures cost nothing."""

import pytest

from .conftest import Run, recordings

WRONG = {
    "stalled('ws://127.0.0.1:1/', for_='2 parsecs')": "for_: expected a size such as*got '2 parsecs'*",
    "stalled('ws://127.0.0.1:1/', watch='soon')": "watch: expected a duration such as*",
    "stalled('ws://127.0.0.1:1/', for_=0)": "for_: expected at least 1, got 0",
    "stalled('ws://127.0.0.1:1/', forr='2MiB')": "stalled: unknown option 'forr'; did you mean 'for_'?*",
    "stalled('ws://127.0.0.1:1/', profile='sleepy')": "unknown stall 'sleepy'*allowed:*sleeping-tab*",
    "stalled('ws://127.0.0.1:1/', headers=['Cookie: x'])": "headers: expected a mapping from text to text*",
    "stalled('ftp://127.0.0.1:1/')": "URL 'ftp://127.0.0.1:1/': *",
    "stalled('ws://192.0.2.1/')": "192.0.2.1 is not loopback, and only loopback may be stalled*",
    "stalled('ws://127.0.0.1:1/')": "ws://127.0.0.1:1/: no connection*",
    "serve(42)": "serve: 42 is not a server; allowed are*",
    "serve([])": "serve: [[][]] is not a server; allowed are*",
    "serve(lambda port: None)": "serve: *<lambda> runs in a process of its own*",
    "serve(lambda: None)": "serve: *takes 0 arguments; allowed are*",
    "serve(feeds.keeps, path='x')": "serve: path: expected a path that begins with a slash, got 'x'",
    "serve(feeds.keeps, start_timeout='x')": "serve: start_timeout: expected a duration*",
    "serve('exit 3')": "serve: the started server ended with 3; the end of its output: ''",
    "serve('echo no; exit 3')": "serve: the started server ended with 3; the end of its output: 'no*",
    "serve('sleep 9', start_timeout='100ms')": "serve: the started server does not listen on port *",
    "serve(['/no/such'])": "serve: */no/such: No such file or directory",
}


def test_wrong_usage_is_one_line_each(run_tests: Run, pytester: pytest.Pytester) -> None:
    tests = "".join(
        f"def test_{number}(serve, stalled):\n    {code}\n\n" for number, code in enumerate(WRONG)
    )
    result = run_tests(tests)
    result.assert_outcomes(failed=len(WRONG))
    for code, complaint in WRONG.items():
        result.stdout.fnmatch_lines([f"> *{code.replace('[', '[[]')}", f"E *: {complaint}"])
    result.stdout.no_fnmatch_line("*/stallsim/*.py:*")
    assert sum(line.startswith("E ") for line in result.outlines) == len(WRONG)
    assert recordings(pytester) == []


def test_a_marker_takes_options_by_name(run_tests: Run) -> None:
    result = run_tests("""
@pytest.mark.stalled("2MiB")
def test_it(stalled):
    stalled("ws://127.0.0.1:1/")
""")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E *pytest.mark.stalled takes options by name: *"])


def test_it_costs_nothing_unused(run_tests: Run) -> None:
    """What the plugin brings along is itself; its one hook does nothing for a test of no concern."""
    result = run_tests(
        """
import subprocess, sys
HEAVY = {"trio", "trio_websocket", "msgspec", "psutil", "scipy", "rich", "typer", "wsproto", "asyncio"}
OURS = {f"stallsim.pytest_plugin{name}" for name in ("", ".evidence", ".serving", ".stalling")}

def test_it(pytestconfig, request):
    plugin = pytestconfig.pluginmanager.get_plugin("stallsim")
    assert plugin.__name__ == "stallsim.pytest_plugin"
    ours = {name for name in sys.modules if name.startswith("stallsim")}
    assert ours == {"stallsim", "stallsim.version", *OURS}
    assert not HEAVY & set(sys.modules)
    hooks = {caller.name for caller in pytestconfig.pluginmanager.get_hookcallers(plugin)}
    assert hooks == {"pytest_addoption", "pytest_configure", "pytest_runtest_makereport"}
    assert not list(request.node.stash._storage.keys() & {plugin._EVIDENCE})
""",
        *(
            "-p",
            "no:trio",
            "-p",
            "no:asyncio",
            "-p",
            "no:anyio",
            "-p",
            "no:xdist",
            "-p",
            "no:hypothesispytest",
        ),
        outside=True,
    )
    result.assert_outcomes(passed=1)


def test_pytest_shows_the_fixtures_and_the_marker(run_tests: Run) -> None:
    shown = run_tests("", "--fixtures").stdout
    shown.fnmatch_lines(["serve -- *", "*Start a server*", "stalled -- *", "*Stall a client*"])
    run_tests("", "--markers").stdout.fnmatch_lines(["@pytest.mark.stalled(**options): *"])
