"""Very many attempts of one kind, several at once, and what was wrong with any: one line of figures.

An attempt is a number: whatever it draws, it draws from a generator that is seeded with its campaign's name
and that number, so that ``python -m tests.hostile NAME --only NUMBER`` does it again.
"""

import multiprocessing
import os
import random
import shutil
import signal
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TextIO

Attempt = Callable[[random.Random, int, Path], Iterable[str]]
"""Is given its generator, its number and a folder of its own; names what was wrong."""
_PIECE = 64
_SHOWN = 1500


@dataclass(frozen=True)
class Campaign:
    """Attempts of one kind."""

    name: str
    count: int
    """How many are a whole campaign."""
    attempt: Attempt
    prepare: Callable[[], None] = lambda: None
    """Called once in each process that makes attempts."""


@dataclass(frozen=True)
class Figures:
    """What came of a campaign, or of the part of it that there was time for."""

    name: str
    made: int
    wanted: int
    faults: Counter[str]
    seconds: float

    def __str__(self) -> str:
        faults = ", ".join(f"{count} x {what}" for what, count in self.faults.most_common()) or "none"
        cut = "" if self.made == self.wanted else f" of {self.wanted:,}"
        return f"{self.name}: {self.made:,}{cut} attempts in {self.seconds:.0f} s; faults: {faults}"


def perform(campaign: Campaign, numbers: Sequence[int], jobs: int, out: TextIO) -> Figures:
    """Make those attempts, ``jobs`` at once; each fault is a line on ``out``. Ctrl-C
    ends it with its figures."""
    began_s, made, faults = time.monotonic(), 0, Counter[str]()
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(jobs, context, initializer=_prepare, initargs=(campaign,))
    try:
        for number, found in pool.map(partial(_one, campaign), numbers):
            made += 1
            for fault in found:
                faults[fault.partition(":")[0]] += 1
                print(f"  {campaign.name} --only {number}: {fault[:_SHOWN]}", file=out, flush=True)
    except KeyboardInterrupt:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)  # its figures are not to be lost by a second one
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return Figures(campaign.name, made, len(numbers), faults, time.monotonic() - began_s)


def _prepare(campaign: Campaign) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # so the pool ends the others, should one die
    campaign.prepare()


def _one(campaign: Campaign, number: int) -> tuple[int, list[str]]:
    folder = Path(tempfile.mkdtemp(prefix="hostile-"))
    draw = random.Random(f"{campaign.name} {number}")
    before = Path.cwd()
    os.chdir(folder)
    try:
        return number, list(campaign.attempt(draw, number, folder))
    except Exception:  # noqa: BLE001 - a fault of the attempt, or of what it has tried: both are to be looked at
        return number, [f"the attempt itself: {traceback.format_exc()}"]
    finally:
        os.chdir(before)
        shutil.rmtree(folder, ignore_errors=True)
