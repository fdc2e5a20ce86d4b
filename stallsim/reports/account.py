"""What there is to report, in the same few parts for a run, a probe and a matrix.

Texts in here may hold a server's own words: whoever writes them into a file cleans and escapes them.
"""

from enum import Enum
from typing import NamedTuple


class CheckStatus(Enum):
    """What one check came to, as continuous integration systems count it."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_TESTED = "not tested"
    """It was asked for and could not be tested: neither kept nor broken, and so an error."""
    NOT_KNOWN = "not told"
    """Nothing can be said: it was not tried, or what was seen does not tell. Never counted as passed."""


class Check(NamedTuple):
    """One thing that was looked at: a profile's expectation, a stall of a probe, a fleet at one size."""

    name: str
    status: CheckStatus
    message: str
    """Why, in one sentence; empty where there is nothing to add."""
    details: tuple[str, ...] = ()
    seconds: float = 0.0


class Table(NamedTuple):
    """Words in rows and columns. Each row has as many cells as there are columns."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Section(NamedTuple):
    """Some sentences under a heading."""

    title: str
    lines: tuple[str, ...]


class Account(NamedTuple):
    """What is reported of one run, probe, watch, fleet or matrix."""

    kind: str
    """``run``, ``probe``, ``watch``, ``fleet`` or ``matrix``."""
    title: str
    outcome: str
    """The outcome in a word or two."""
    bad: bool
    """Whether the exit code was one of failure, or the outcome one that a server should not have."""
    words: tuple[str, ...]
    """The outcome in sentences."""
    tables: tuple[Table, ...]
    """Tables of words; the first one is the summary."""
    advice: tuple[str, ...]
    evidence: tuple[Section, ...]
    facts: tuple[tuple[str, str], ...]
    """Name and value: what ran, on what machine, how it was asked for."""
    checks: tuple[Check, ...]
    seconds: float
    """How long it took on the wall clock."""
