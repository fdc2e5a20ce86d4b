"""The example project's own tests, what its README quotes of them, and the examples of docs/pytest.md."""

import re
import sys

import pytest

from tests.pure.source import ROOT

from .conftest import STATION, Run

pytestmark = [pytest.mark.loopback, pytest.mark.slow, pytest.mark.realtime]
LIVE_PRICES = ROOT / "examples" / "live-prices"


@pytest.mark.nightly
def test_live_prices(pytester: pytest.Pytester) -> None:
    pytest.importorskip("fastapi")
    options = ("-p", "no:cacheprovider", "-p", "no:asyncio", "-o", f"stallsim_recordings={pytester.path}")
    result = pytester.run(sys.executable, "-m", "pytest", f"--rootdir={LIVE_PRICES}", *options, LIVE_PRICES)
    result.assert_outcomes(passed=3)


def test_the_readme_of_live_prices() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (LIVE_PRICES / "README.md").read_text(), re.DOTALL)
    tests = (LIVE_PRICES / "tests" / "test_sleeping_tab.py").read_text()
    assert [line for line in code.splitlines() if line not in tests] == []


EXAMPLES = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "pytest.md").read_text(), re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_the_examples_of_the_page(run_tests: Run, pytester: pytest.Pytester, example: str) -> None:
    pytest.importorskip("starlette")
    pytester.makepyfile(station=STATION)
    result = run_tests(example)
    assert result.ret == 0
    assert result.parseoutcomes()["passed"] >= 1
