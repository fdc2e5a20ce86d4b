"""One client's life: its coroutine, and what becomes of its end of the connection when that is over."""

from typing import Protocol


class Life(Protocol):
    """A client that acts on its end in its turns, until it has done all that it does or is killed."""

    def kill(self) -> None:
        """End it wherever it is, and its connection with RST.

        The coroutine ends first: else its next step might be one on a socket that is closed.
        """
