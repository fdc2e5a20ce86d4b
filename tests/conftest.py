"""What all arms share: Hypothesis draws the same examples in every run, and times nothing."""

import gc
import re
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("stallsim", derandomize=True, deadline=None, database=None, max_examples=40)
settings.register_profile("nightly", settings.get_profile("stallsim"), max_examples=400)
settings.load_profile("stallsim")

gc.set_threshold(50_000, 20, 100)
"""A heap with some thousand tests and the program's syntax trees is large: with Python's own thresholds its
collections took a tenth of the pure arm's CPU time.
"""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """An arm of one mark imports only the files that name it: each of its processes would import all."""
    arm = re.match(r"(realtime|alone)\b", config.option.markexpr)
    if arm is None or not re.fullmatch(r"test_\w+\.py", collection_path.name):
        return None
    return f"mark.{arm[1]}" not in collection_path.read_text() or None


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """xdist writes a test's group behind its name (``test_it[x]@group``). Without it ``--last-failed``
    finds the test again in one process, which knows no groups.
    """
    remembering = session.config.pluginmanager.get_plugin("lfplugin")
    if remembering is not None:
        failed = remembering.lastfailed
        remembering.lastfailed = {re.sub(r"@[^]@]+$", "", name): failed[name] for name in failed}
