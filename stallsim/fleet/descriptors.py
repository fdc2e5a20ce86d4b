"""Which descriptors of one process are open clients, and which of these were woken: a byte for each."""

from collections.abc import Iterator

_NOBODY, _ASLEEP, _AWAKE = 0, 1, 2
_MORE = 1024


class ClientDescriptors:
    """A set of numbers would take some 65 bytes for each client."""

    def __init__(self) -> None:
        self._states = bytearray()

    def add(self, fd: int) -> None:
        """An open client, which does as its kind does."""
        if fd >= len(self._states):
            self._states.extend(bytes(fd + _MORE - len(self._states)))
        self._states[fd] = _ASLEEP

    def wake(self, fd: int) -> None:
        """It reads everything from now on."""
        self._states[fd] = _AWAKE

    def forget(self, fd: int) -> None:
        """It is over."""
        self._states[fd] = _NOBODY

    def awake(self, fd: int) -> bool:
        """Whether it was woken."""
        return self._states[fd] == _AWAKE

    def asleep(self) -> list[int]:
        """Those that were not woken."""
        return [fd for fd, state in enumerate(self._states) if state == _ASLEEP]

    def __iter__(self) -> Iterator[int]:
        """All that are open."""
        return (fd for fd, state in enumerate(self._states) if state != _NOBODY)

    def __len__(self) -> int:
        """How many are open."""
        return len(self._states) - self._states.count(_NOBODY)

    @property
    def awake_count(self) -> int:
        """How many of them were woken."""
        return self._states.count(_AWAKE)
