"""The published package and its workflows: a workflow uses no code that can change unnoticed."""

import re
from pathlib import Path

import pytest

from .source import ROOT

ACTIONS = [*sorted((ROOT / ".github" / "workflows").glob("*.yml")), ROOT / "action.yml"]


@pytest.mark.parametrize("path", ACTIONS, ids=lambda path: path.name)
def test_every_action_is_pinned_to_a_commit(path: Path) -> None:
    used = re.findall(r"uses: (\S+)", path.read_text())
    assert [one for one in used if not re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", one)] == []


@pytest.mark.parametrize("path", ACTIONS[:-1], ids=lambda path: path.name)
def test_a_workflow_may_only_read_unless_one_of_its_jobs_says_otherwise(path: Path) -> None:
    assert re.search(r"^permissions:\n  contents: read\n\S", path.read_text(), re.MULTILINE)
