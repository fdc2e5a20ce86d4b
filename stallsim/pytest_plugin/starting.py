"""Starts a process for a test's server: a command, a callable, or an ASGI application."""

import inspect
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

import msgspec

from ..errors import EnvironmentUnfit, StallsimError
from ..linux import require_linux
from ..option_values import Time, to_seconds
from ..probing.address import parse_url
from ..probing.server.application import HOST, Application
from ..probing.server.supervisor import StartRequest
from ..probing.spec import Command
from .naming import Name, name_of_app, name_of_function
from .server_process import ServerProcess

_IMPORT = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*", re.ASCII)
_APP_PARAMETERS, _CALLABLE_PARAMETERS = 3, 1
_ALLOWED = (
    "allowed are a command (one string for the shell, or a list of words), an ASGI application or its "
    "'module:name', or a function whose argument is the port"
)


def start(
    what: str | Sequence[str] | Callable[..., Any],
    path: str,
    env: Mapping[str, str],
    timeout: Time,
    scheme: str,
) -> ServerProcess:
    """Start it and wait until it listens. Raises StallsimError, EnvironmentUnfit."""
    require_linux()
    if not path.startswith("/"):
        raise StallsimError(f"serve: path: expected a path that begins with a slash, got {path!r}")
    url = f"{scheme}://{HOST}:0{path}"
    parse_url(url)
    limit_s = to_seconds("serve: start_timeout", timeout)
    command = Command(words=_words(what, scheme), start_timeout_s=limit_s)
    return ServerProcess(StartRequest(command=command, url=url), {**os.environ, **env})


def _words(what: str | Sequence[str] | Callable[..., Any], scheme: str) -> tuple[str, ...]:
    if isinstance(what, str):
        if _IMPORT.fullmatch(what):
            module, _, name = what.partition(":")
            return _callable_words(Name(module, None, name), asgi=True, scheme=scheme)
        return ("/bin/sh", "-c", what)
    if callable(what):
        count = _required(what)
        if count == _APP_PARAMETERS:
            return _callable_words(name_of_app(what), asgi=True, scheme=scheme)
        if count == _CALLABLE_PARAMETERS:
            return _callable_words(name_of_function(what), asgi=False, scheme=scheme)
        raise StallsimError(f"serve: {what!r} takes {count} arguments; {_ALLOWED}")
    if isinstance(what, list | tuple) and what and all(isinstance(w, str | os.PathLike) for w in what):
        return tuple(os.fspath(word) for word in what)
    raise StallsimError(f"serve: {what!r} is not a server; {_ALLOWED}")


def _required(what: Callable[..., Any]) -> int:
    try:
        parameters = inspect.signature(what).parameters.values()
    except (TypeError, ValueError):
        raise StallsimError(f"serve: the parameters of {what!r} are not known; {_ALLOWED}") from None
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(one.kind in positional and one.default is inspect.Parameter.empty for one in parameters)


def _callable_words(name: Name, *, asgi: bool, scheme: str) -> tuple[str, ...]:
    if asgi and find_spec("uvicorn") is None:
        raise EnvironmentUnfit(
            "serve: an ASGI application runs under uvicorn, which is not installed: pip install "
            "'uvicorn[standard]', or give the command that starts the server"
        )
    if asgi and scheme == "ws" and find_spec("websockets") is None and find_spec("wsproto") is None:
        raise EnvironmentUnfit(
            "serve: uvicorn needs websockets or wsproto for WebSocket: pip install 'uvicorn[standard]'"
        )
    called = Application(
        module=name.module, file=name.file, name=name.name, asgi=asgi, path=tuple(sys.path)
    )
    return (
        sys.executable,
        "-P",  # no module of the current folder comes before those of the standard library
        "-m",
        "stallsim.probing.server.application",
        msgspec.json.encode(called).decode(),
    )
