"""What a client that is opening reads and writes: its descriptor's bytes as they are, or within TLS."""

import os
from typing import Protocol


class TlsFailed(Exception):
    """The handshake of TLS, or a record: the peer's doing, in words."""


class Transport(Protocol):
    """Raises OSError as the system calls do, BlockingIOError where there is nothing to do yet."""

    def write(self, fd: int, data: bytes, /) -> object:
        """All of it, which fits: little else has been written."""
        ...

    def read(self, fd: int, most: int, /) -> bytes:
        """Some of what has come; b"": nothing more will. Raises TlsFailed."""
        ...

    def forget(self, fd: int, /) -> None:
        """The client is open, or will never be."""
        ...


class PlainTransport:
    """The system calls themselves."""

    write = staticmethod(os.write)
    read = staticmethod(os.read)

    def forget(self, fd: int, /) -> None:
        """There is nothing to forget."""
