"""The content of a report, in the same few parts for a run, a probe, a watch, a fleet and a matrix.

Its texts may contain a server's own words, so the code that writes them to a file cleans and escapes them.
"""

from enum import Enum
from typing import NamedTuple


class CheckStatus(Enum):
    """The result of one check, as continuous integration systems classify it."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_TESTED = "not tested"
    """The check was asked for and could not be made, so it counts as an error."""
    NOT_KNOWN = "not known"
    """The result is not known: the check was not tried, or what was observed does not decide it. Never
    counted as passed.
    """


class Check(NamedTuple):
    """One check: a profile's expectation, a stall of a probe, a fleet at one size."""

    name: str
    status: CheckStatus
    message: str
    """The reason in one sentence; empty if there is nothing to add."""
    details: tuple[str, ...] = ()
    seconds: float = 0.0


class Table(NamedTuple):
    """Texts in rows and columns. Each row has as many cells as there are columns."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Section(NamedTuple):
    """Sentences under a heading."""

    title: str
    lines: tuple[str, ...]


class Account(NamedTuple):
    """The report on one run, probe, watch, fleet or matrix."""

    kind: str
    """``run``, ``probe``, ``watch``, ``fleet`` or ``matrix``."""
    title: str
    outcome: str
    """The outcome in a word or two."""
    bad: bool
    """Whether the exit status means failure, or the outcome is one that a server should not have."""
    words: tuple[str, ...]
    """The outcome in sentences."""
    tables: tuple[Table, ...]
    """Tables of words; the first one is the summary."""
    advice: tuple[str, ...]
    evidence: tuple[Section, ...]
    facts: tuple[tuple[str, str], ...]
    """Names and values: versions, the machine, the command."""
    checks: tuple[Check, ...]
    seconds: float
    """The duration in seconds of wall-clock time."""
