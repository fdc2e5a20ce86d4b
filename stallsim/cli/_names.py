"""The names that options accept, for a shell's completion and for the options' help.

The names are read from folders, so that the help needs no import.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from ..family import names_in
from ..timeline.probed.outcomes import Finding, Outcome

PACKAGE = Path(__file__).parents[1]


CLIENTS, POLICIES, GUARDS = (
    names_in(PACKAGE / room) for room in ("clients", "server/policies", "server/guards")
)
FORMATS = names_in(PACKAGE / "reports/formats")
APPLICATIONS = names_in(PACKAGE / "probing/speak")
SCHEMES = names_in(PACKAGE / "probing/protocols")
FAILURES = [one.value for one in (*Outcome, *Finding)]


def profiles() -> list[str]:
    """The names of stallsim's own profiles."""
    from ..profile.folder import names

    return names()


def completes(names: Sequence[str] | Callable[[], list[str]]) -> Callable[[str], list[str]]:
    """The completion function for typer: the names that begin with the typed text."""

    def complete(incomplete: str) -> list[str]:
        known = names() if callable(names) else names
        return [name for name in known if name.startswith(incomplete)]

    return complete


def completes_list(names: Sequence[str]) -> Callable[[str], list[str]]:
    """The completion function for names joined by commas: completes the last one."""

    def complete(incomplete: str) -> list[str]:
        head, comma, last = incomplete.rpartition(",")
        return [f"{head}{comma}{name}" for name in names if name.startswith(last)]

    return complete


def allowed(names: Sequence[str]) -> str:
    """The end of an option's help: the allowed names."""
    return f"Allowed: {', '.join(names)}."
