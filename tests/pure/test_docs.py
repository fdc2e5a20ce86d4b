"""The documentation agrees with the code: diagrams are drawn from it, and examples are run."""

import doctest
import hashlib
import json
import pkgutil
import re
from typing import Any

import pytest

from docs.parts import pages
from stallsim import units
from stallsim.profile import load as profile
from stallsim.verdict.result import encode, summarize_run
from stallsim.verdict.verdict import judge_run

from .builders import sample, timeline
from .source import ROOT


def test_the_generated_part_of_each_page_is_that_of_todays_code() -> None:
    found = pages()
    assert {path.stem for path in found} == {"architecture", "fleet", "phases", "watch"}
    old = [path.name for path, text in found.items() if path.read_text() != text]
    assert not old, "run: python -m docs.parts"


def test_the_paths_of_architecture_name_existing_modules() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    named = re.findall(r"`([a-z_/]+(?:\.py|/))`", text)
    assert len(named) > 40
    assert [one for one in named if not (ROOT / "stallsim" / one).exists()] == ["ws.py", "http.py"]


def test_the_examples_of_units_run() -> None:
    assert doctest.testmod(units) == doctest.TestResults(failed=0, attempted=2)


def test_the_profile_of_the_page_on_running_is_one(tmp_path_factory: pytest.TempPathFactory) -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "running.md").read_text(), re.DOTALL)
    path = tmp_path_factory.mktemp("readme") / "example.toml"
    path.write_text(text)
    assert profile.load_profile(str(path)).scenario.ticks == 400


def test_the_digest_is_recomputed_as_the_page_on_results_says() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "results.md").read_text(), re.DOTALL)
    made = timeline([sample(0), sample(1, rcvq_bytes=9, received_bytes=9)])
    result: dict[str, Any] = json.loads(encode(summarize_run(made, judge_run(made))))
    exec(compile(code, "results.md", "exec"), {"result": result})
    result["ledger"]["entries"][0]["tick"] += 1
    with pytest.raises(AssertionError):
        exec(compile(code, "results.md", "exec"), {"result": result, "hashlib": hashlib})


def test_the_names_of_the_package_in_the_pages_are_names() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    written = re.compile(r"`(stallsim(?:\.\w+)+)(?![\w/])")  # `stallsim.result/1` is a schema's name
    named = {name for page in pages for name in written.findall(page.read_text())}
    assert "stallsim.timeline.sample.Sample" in named
    for name in named:
        pkgutil.resolve_name(name)
