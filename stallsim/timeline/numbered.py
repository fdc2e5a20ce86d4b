"""A list by number from which entries can be taken out without moving the others."""

from collections.abc import ItemsView, Iterator, KeysView
from typing import Generic, TypeVar

T = TypeVar("T")


class Numbered(Generic[T]):
    """Iterates over what is there, in order of the numbers; ``in`` asks for a number."""

    def __init__(self) -> None:
        self._there: dict[int, T] = {}
        self.opened = 0
        """How many there have ever been: the next one's number."""

    def append(self, item: T) -> None:
        """Add under the next number."""
        self._there[self.opened] = item
        self.opened += 1

    def skip_to(self, number: int) -> None:
        """The next one has this number, which is not below those that there have been."""
        self.opened = max(self.opened, number)

    def put(self, number: int, item: T) -> None:
        """Replace what has that number. Raises KeyError where nothing has."""
        self._there[number]
        self._there[number] = item

    def pop(self, number: int) -> T:
        """Take out. Raises KeyError where it is not there."""
        return self._there.pop(number)

    def get(self, number: int) -> T | None:
        """What has that number, if it is there."""
        return self._there.get(number)

    def numbers(self) -> KeysView[int]:
        """The numbers that are there, in order."""
        return self._there.keys()

    def items(self) -> ItemsView[int, T]:
        """The numbers that are there and what has them, in order."""
        return self._there.items()

    def __getitem__(self, number: int) -> T:
        return self._there[number]

    def __contains__(self, number: object) -> bool:
        return number in self._there

    def __iter__(self) -> Iterator[T]:
        return iter(self._there.values())

    def __len__(self) -> int:
        return len(self._there)
