"""Start a server of the table on a free port, await the port, and end it with its process group."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryFile

import msgspec

from .peer import HERE, Peer

START_S_MAX = 60.0
END_S_MAX = 5.0
LISTEN = "0A"
TABLES = [path for path in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")) if path.exists()]
"""A server that listens for both has IPv4 connections in the second one."""
INTERPRETERS = {
    "python": [sys.executable],
    "node": ["node"],
    "java": [
        "java",
    ],  # else its sockets are of IPv6 and in another table
}


@dataclass(frozen=True)
class Running:
    peer: Peer
    process: subprocess.Popen[bytes]
    port: int

    @property
    def url(self) -> str:
        return f"{self.peer.scheme}://127.0.0.1:{self.port}{self.peer.path}"


def versions(peer: Peer) -> dict[str, str | None]:
    """The installed version of each package that the peer needs; None where it is not installed."""
    if peer.command:
        return {}
    if not peer.packages:
        return {peer.language: _version_of_language(peer.language)}
    return {package: _version(peer, package) for package in peer.packages}


def _version(peer: Peer, package: str) -> str | None:
    if peer.language == "node":
        manifest = HERE / "node" / "node_modules" / package / "package.json"
        if not manifest.exists():
            return None
        found: str = msgspec.json.decode(manifest.read_bytes())["version"]
        return found
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _version_of_language(language: str) -> str | None:
    if shutil.which(language) is None:
        return None
    told = subprocess.run([language, "--version"], capture_output=True, text=True, check=True)
    return told.stdout.split("\n")[0].removeprefix("v").removeprefix("openjdk ").partition(" ")[0]


def missing(peer: Peer) -> str | None:
    """Why the peer can't be started here, or None."""
    if absent_programs := peer.absent:
        return f"not installed: {', '.join(absent_programs)}"
    if peer.language != "python" and shutil.which(peer.language) is None:
        return f"{peer.language} is not installed"
    absent = [package for package, found in versions(peer).items() if found is None]
    return f"not installed: {', '.join(absent)} (make peers)" if absent else None


def command(peer: Peer) -> list[str]:
    return peer.command or [*INTERPRETERS[peer.language], str(peer.file)]


@contextmanager
def launched(peer: Peer, **environment: str) -> Iterator[Running]:
    """The server, accepting; raises ``ChildProcessError`` with its output if it ends before it does."""
    port = free_port()
    with TemporaryFile() as output:
        process = subprocess.Popen(
            command(peer),
            env={**os.environ, **peer.environment, **environment, "PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            await_port(port, process)
        except (ChildProcessError, TimeoutError) as error:
            end(process)
            output.seek(0)
            raise type(error)(f"{error}\n{output.read().decode(errors='replace')}") from error
        try:
            yield Running(peer, process, port)
        finally:
            end(process)


def free_port() -> int:
    """One that nobody had a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def await_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until the kernel lists a listener on the port: the server is not shown a client that never was."""
    give_up_s = time.monotonic() + START_S_MAX
    while not any(state == LISTEN for local, _, state, *_ in tcp_table() if local == port):
        if process.poll() is not None:
            raise ChildProcessError(f"it ended with {process.returncode} before it listened")
        if time.monotonic() > give_up_s:
            raise TimeoutError(f"it did not listen within {START_S_MAX:.0f} s")
        time.sleep(0.01)


def tcp_table() -> Iterator[tuple[int, int, str, int, int]]:
    """Local port, remote port, state, bytes to send and bytes to read of each socket (proc(5))."""
    lines = [line for table in TABLES for line in table.read_text().splitlines()[1:]]
    for line in lines:
        _, local, remote, state, queues, *_ = line.split()
        to_send, to_read = queues.split(":")
        yield _port(local), _port(remote), state, int(to_send, 16), int(to_read, 16)


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)


def end(process: subprocess.Popen[bytes]) -> None:
    """The whole group: asked first, then not asked."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(END_S_MAX)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    process.wait(END_S_MAX)
