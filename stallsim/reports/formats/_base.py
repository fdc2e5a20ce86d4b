"""What a report format is: a class that writes what was found into a file."""

from collections.abc import Sequence
from typing import BinaryIO, ClassVar

from ..found import Found


class Format:
    """One format. Its module's name is its name, and with a dot before it the suffix of its files."""

    other_suffixes: ClassVar[tuple[str, ...]] = ()
    """Endings of file names that mean this format, too."""
    is_text: ClassVar[bool] = True
    """Whether its files are text in UTF-8, and no other bytes: the tests read hostile words in them."""

    @classmethod
    def suffixes(cls) -> tuple[str, ...]:
        """Endings of file names that mean this format; the first one is the usual."""
        return (f".{cls.__module__.rpartition('.')[2]}", *cls.other_suffixes)

    def prepare(self) -> None:
        """Make sure that what the format needs is installed, before a run that would be for nothing.

        Raises Unavailable with the extra and the command that installs it.
        """

    def write(self, found: Sequence[Found], out: BinaryIO) -> None:
        """Write all that was found, at least one subject, into ``out``.

        Raises ReportError where this format has no place for such a subject.
        """
        raise NotImplementedError
