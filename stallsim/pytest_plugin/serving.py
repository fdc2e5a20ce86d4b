"""The fixture ``serve``: servers of one test, each in processes of its own, ended with the test."""

from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from .evidence import EvidenceFolder

if TYPE_CHECKING:
    from .server_process import ServerProcess


class Server:
    """One that has been started, and listens."""

    def __init__(self, process: "ServerProcess") -> None:
        self._process = process
        self._stalled = False
        self.url: str = process.started.url
        self.port: int = process.started.port
        self.pid: int = process.started.pid

    def __repr__(self) -> str:
        return f"<Server {self.url} pid {self.pid}>"

    @property
    def gone(self) -> bool:
        """Whether it has ended."""
        return self._process.health().gone

    @property
    def output(self) -> str:
        """The end of what it has printed."""
        return self._process.health().output

    def fresh(self) -> bool:
        """Whether this is asked for the first time: no client of it has been stalled yet."""
        fresh, self._stalled = not self._stalled, True
        return fresh

    def end(self) -> None:
        """End it, with its whole process group; its output can still be read."""
        self._process.end()


class Serve:
    """Called with what is to be the server; gives a ``Server`` that listens."""

    def __init__(self, evidence: EvidenceFolder) -> None:
        self._evidence = evidence
        self._servers: list[Server] = []

    def __call__(
        self,
        what: str | Sequence[str] | Callable[..., Any],
        *,
        path: str = "/",
        scheme: str = "ws",
        env: Mapping[str, str] | None = None,
        start_timeout: float | str = "60s",
    ) -> Server:
        """Start it; PORT in its environment says where, ``env`` adds to that. ``path`` is of the URL, and
        so is ``scheme``: ``http`` for a stream of events or chunks.

        Raises StallsimError for what cannot be a server, EnvironmentUnfit where it does not start.
        """
        __tracebackhide__ = True
        from ..errors import StallsimError
        from .starting import start

        try:
            server = Server(start(what, path, env or {}, start_timeout, scheme))
        except StallsimError as error:
            raise error.with_traceback(None) from None
        self._servers.append(server)
        self._evidence.listen(server.url, lambda: server.output)
        return server

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for server in reversed(self._servers):
            server.end()
