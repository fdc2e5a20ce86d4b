"""Errors of writing a file, which must not keep a command from showing its result."""

from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import EnvironmentUnfit


class Unwritten:
    """Holds the first of these errors until the result was shown."""

    def __init__(self) -> None:
        self._first: EnvironmentUnfit | None = None

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Hold the error with which the block ends, if there is one."""
        try:
            yield
        except EnvironmentUnfit as error:
            self._first = self._first or error

    def check(self) -> None:
        """Raise the error. To be called after the result was shown."""
        if self._first is not None:
            raise self._first
