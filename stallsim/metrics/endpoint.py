"""Serves figures as OpenMetrics over HTTP. Whatever a peer does must not disturb the command."""

import io
import re
import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Any, Self
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import make_wsgi_app
from prometheus_client.exposition import ThreadingWSGIServer

from ..errors import EnvironmentUnfit, StallsimError
from .exposition import registry_of
from .family import Figures

_PORT_MAX = 65535
_ADDRESS = re.compile(r"(?:\[(?P<v6>[^\[\]]+)\]|(?P<host>[^\[\]:]*)):(?P<port>[0-9]{1,5})")
_PEERS_MAX = 32
_PATIENCE_S = 10.0
_JOIN_S = 5.0


class MetricsServer:
    """Answers GET /metrics in the requested format, in a thread of its own; ``close`` it.

    ``address``: ``127.0.0.1:9464``, ``[::1]:9464``, or ``:9464``, which is loopback; port 0 means a free
    one. The socket listens at once, but requests are answered only from ``serve`` on, since a process with
    a thread cannot enter a private stack. Raises StallsimError for an invalid address, EnvironmentUnfit if
    it cannot be used.
    """

    def __init__(self, figures: Figures, address: str) -> None:
        host, port = parse_address(address)
        kind = _ServerV6 if ":" in host else _Server
        app = make_wsgi_app(registry_of(figures))
        try:
            self._server = make_server(host, port, app, kind, handler_class=_Request)
        except OSError as error:
            raise EnvironmentUnfit(f"`metrics=` {address}: {error.strerror or error}") from error
        except (UnicodeError, TypeError) as error:  # of a host that the IDNA codec refuses
            raise StallsimError(f"`metrics=` {address}: this is no name of a host: {error}") from error
        self._thread: threading.Thread | None = None
        self.port = int(self._server.server_port)

    def serve(self) -> None:
        """Begin to answer requests."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
            self._thread.start()

    def __enter__(self) -> Self:
        self.serve()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening."""
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join(_JOIN_S)
        self._server.server_close()


def parse_address(text: str) -> tuple[str, int]:
    """Host and port; no host is loopback. Raises StallsimError."""
    found = _ADDRESS.fullmatch(text)
    if found is None or int(found["port"]) > _PORT_MAX:
        raise StallsimError(
            f"`metrics=` {text}: expected an address and a port such as 127.0.0.1:9464 or [::1]:9464"
        )
    return found["v6"] or found["host"] or "127.0.0.1", int(found["port"])


class _Server(ThreadingWSGIServer):
    """Has few connections at once, so that peers that send nothing cost few threads and descriptors: for a
    new one above the limit the oldest is ended.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        self._open: list[socket.socket] = []
        """The oldest first; its threads remove what they have answered."""
        self._change = threading.Lock()
        super().__init__(*args, **options)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer it in a thread of its own."""
        with self._change:
            if len(self._open) >= _PEERS_MAX:
                _end(self._open.pop(0))
            self._open.append(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """End it, answered or not."""
        with self._change, suppress(ValueError):  # ended above already
            self._open.remove(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: it is the peer's, which sent no request or did not wait for the answer."""


class _ServerV6(_Server):
    address_family = socket.AF_INET6


class _Request(WSGIRequestHandler):
    """Answers a request without writing a line about it, or about its errors, to standard error."""

    timeout = _PATIENCE_S

    def log_message(self, *_: object) -> None:
        pass

    def get_stderr(self) -> io.StringIO:
        """Where wsgiref writes the traceback of a request that could not be answered (status 500)."""
        return io.StringIO()


def _end(connection: socket.socket) -> None:
    """End it in both directions: the thread that reads from it goes on at once, and closes it."""
    with suppress(OSError):  # it has ended already
        connection.shutdown(socket.SHUT_RDWR)
