"""A folder with servers in it, in which pytest is run."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FEEDS, STATION = ((HERE / name).read_text() for name in ("feeds.py", "station.py"))
Run = Callable[..., pytest.RunResult]


@pytest.fixture
def run_tests(pytester: pytest.Pytester) -> Run:
    """Run pytest on a test module; its temporary files are below ``tmp``.

    In this process, where coverage sees it and nothing is imported anew; ``outside``: in one of its own.
    """

    def run(code: str, *words: str, ini: str = "", outside: bool = False) -> pytest.RunResult:
        imports = "import pytest\n" + "import feeds\n" * ("feeds." in code)
        pytester.makepyfile(feeds=FEEDS, test_it=imports + code)
        loop_scope = "" if "no:asyncio" in words else "asyncio_default_fixture_loop_scope = function"
        pytester.makeini(f"[pytest]\nfilterwarnings = error\n{loop_scope}\n{ini}\n")
        temporary = f"--basetemp={pytester.path / 'tmp'}"
        if not outside:
            return pytester.runpytest_inprocess("-p", "no:cacheprovider", temporary, *words)
        command = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", temporary, *words)
        return pytester.run(*command, timeout=120)

    return run


def recordings(pytester: pytest.Pytester) -> list[Path]:
    return sorted(pytester.path.rglob("*.jsonl"))
