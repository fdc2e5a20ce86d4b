"""Names that a command line may give, for a shell's completion and for the help of the options.

The names are read from folders, so the help pays for no import.
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
    """The profiles that come with stallsim."""
    from ..profile.folder import names

    return names()


def completes(names: Sequence[str] | Callable[[], list[str]]) -> Callable[[str], list[str]]:
    """The completion function for typer: names that begin with what has been typed."""

    def complete(incomplete: str) -> list[str]:
        known = names() if callable(names) else names
        return [name for name in known if name.startswith(incomplete)]

    return complete


def completes_list(names: Sequence[str]) -> Callable[[str], list[str]]:
    """The same for names joined by commas: the last one is completed."""

    def complete(incomplete: str) -> list[str]:
        head, comma, last = incomplete.rpartition(",")
        return [f"{head}{comma}{name}" for name in names if name.startswith(last)]

    return complete


def allowed(names: Sequence[str]) -> str:
    """The end of an option's help: the names that are allowed."""
    return f"Allowed: {', '.join(names)}."
