"""The base class of report formats."""

from collections.abc import Sequence
from typing import BinaryIO, ClassVar

from ..found import Found


class Format:
    """One format. Its module's name is its name, and with a dot before it the suffix of its files."""

    other_suffixes: ClassVar[tuple[str, ...]] = ()
    """Further suffixes of file names that select this format."""
    is_text: ClassVar[bool] = True
    """Whether its files are text in UTF-8; if so, the tests look for unescaped hostile text in them."""

    @classmethod
    def suffixes(cls) -> tuple[str, ...]:
        """The suffixes of file names that select this format; the first one is the usual one."""
        return (f".{cls.__module__.rpartition('.')[2]}", *cls.other_suffixes)

    def prepare(self) -> None:
        """Check that what the format needs is installed, before a run that would be in vain.

        Raises Unavailable with the extra and the command that installs it.
        """

    def write(self, found: Sequence[Found], out: BinaryIO) -> None:
        """Write all that was found, at least one subject, into ``out``.

        Raises ReportError if this format cannot represent a subject.
        """
        raise NotImplementedError
