"""A numbered list from which items can be removed without renumbering the others."""

from collections.abc import ItemsView, Iterator, KeysView
from typing import Generic, TypeVar

T = TypeVar("T")


class Numbered(Generic[T]):
    """Iterates over the items in order of their numbers; ``in`` tests for a number."""

    def __init__(self) -> None:
        self._there: dict[int, T] = {}
        self.opened = 0
        """The number that the next item gets: the count of all items so far."""

    def append(self, item: T) -> None:
        """Add an item with the next number."""
        self._there[self.opened] = item
        self.opened += 1

    def skip_to(self, number: int) -> None:
        """Give the next item this number, which must not be below an earlier one."""
        self.opened = max(self.opened, number)

    def put(self, number: int, item: T) -> None:
        """Replace the item with that number. Raises KeyError if there is none."""
        self._there[number]
        self._there[number] = item

    def pop(self, number: int) -> T:
        """Remove and return an item. Raises KeyError if there is none."""
        return self._there.pop(number)

    def get(self, number: int) -> T | None:
        """The item with that number; None if there is none."""
        return self._there.get(number)

    def numbers(self) -> KeysView[int]:
        """The numbers of all items, in order."""
        return self._there.keys()

    def items(self) -> ItemsView[int, T]:
        """The numbers and items, in order."""
        return self._there.items()

    def __getitem__(self, number: int) -> T:
        return self._there[number]

    def __contains__(self, number: object) -> bool:
        return number in self._there

    def __iter__(self) -> Iterator[T]:
        return iter(self._there.values())

    def __len__(self) -> int:
        return len(self._there)
