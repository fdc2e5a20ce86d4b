"""The campaigns: what is left is found, and an attempt can be repeated; a tenth of each, nightly."""

import io
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from .__main__ import CAMPAIGNS
from .behaviours import COUNT, behaviour
from .campaign import Campaign, perform
from .offspring import Command, become_parent

pytestmark = pytest.mark.loopback
LEAVES = """
import os, socket, sys, time
listening = socket.create_server(("127.0.0.1", 0))
if os.fork() == 0:
    os.setsid()
    os.environ.clear()
    time.sleep(600)
"""


def leaves(_draw: random.Random, number: int, folder: Path) -> Iterator[str]:
    """Whatever is even: a listening orphan in a session of its own."""
    script = folder / "leaves.py"
    script.write_text(LEAVES if number % 2 == 0 else "")
    command = Command([str(script)], folder, warm=number > 1)
    assert command.wait(30) == 0
    yield from command.left(within_s=0.2)


def test_what_is_left_is_found_and_ended() -> None:
    out = io.StringIO()
    figures = perform(Campaign("leaving", 4, leaves, become_parent), range(4), jobs=1, out=out)
    assert figures.made == 4
    assert figures.faults["a process is left"] == 2
    assert "leaving --only 2: a process is left" in out.getvalue()
    assert "--only 1" not in out.getvalue()


def test_the_campaigns_have_the_figures_that_are_spoken_of() -> None:
    counts = {one.name: one.count for one in CAMPAIGNS}
    assert counts["servers"] == COUNT
    assert len({behaviour(number)[0] for number in range(COUNT)}) == COUNT


@pytest.mark.nightly
@pytest.mark.parametrize("campaign", CAMPAIGNS, ids=lambda one: one.name)
def test_a_tenth_of_each(campaign: Campaign) -> None:
    out = io.StringIO()
    figures = perform(campaign, range(campaign.count // 10), jobs=2, out=out)
    assert not figures.faults, f"{figures}\n{out.getvalue()}"
