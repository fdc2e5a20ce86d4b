"""The interface to a running client: its coroutine, and its end of the connection."""

from typing import Protocol


class RunningClient(Protocol):
    """A client that acts in its turns until it has finished or is killed."""

    def kill(self) -> None:
        """End the client at once, and its connection with RST.

        The coroutine ends first; otherwise its next step might use a closed socket.
        """
