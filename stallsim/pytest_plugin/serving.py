"""The fixture ``serve``: servers of one test, each in processes of its own, ended with the test."""

from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from .evidence import EvidenceFolder

if TYPE_CHECKING:
    from .server_process import ServerProcess


class Server:
    """A server that has been started and listens."""

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
        """Whether the server has ended."""
        return self._process.health().gone

    @property
    def output(self) -> str:
        """The last lines that the server has printed."""
        return self._process.health().output

    def check_runs(self, masked: Callable[[str], str]) -> None:
        """Raises EnvironmentUnfit, with the exit code and the output, if the server has ended."""
        from ..errors import EnvironmentUnfit
        from ..probing.address import shown_text

        if ended := self._process.ended:
            raise EnvironmentUnfit(f"{shown_text(self.url)}: {masked(ended)}")

    def fresh(self) -> bool:
        """Whether this is the first call: no client of the server has been stalled yet."""
        fresh, self._stalled = not self._stalled, True
        return fresh

    def end(self) -> None:
        """End the server with its whole process group; its output can still be read."""
        self._process.end()


class Serve:
    """Starts servers: called with a command or an application, returns a ``Server`` that listens."""

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
        """Start a server. PORT in its environment is the port to listen on; ``env`` adds further variables.
        ``path`` and ``scheme`` (``http`` for a stream of events or chunks) are parts of the URL.

        Raises StallsimError for what cannot be a server, EnvironmentUnfit if it does not start.
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
