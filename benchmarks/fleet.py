"""What very many stalled clients cost whoever holds them: ours beside other ways, against one server.

``python benchmarks/fleet.py [--clients 10000] [--many 50000] [NAME...]``. The server and the floor are
small C programs on epoll (benchmarks/fleet_peers), so a C compiler must be there; Locust with
websocket-client and node with ws are measured where they are installed (pip install locust
websocket-client; make peers). tcpkali and k6 are not in Debian. On a machine that has other work, believe
CPU times and ratios, and no rate.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psutil

from stallsim.fleet.kernel_memory import KernelMemoryReader
from stallsim.fleet.look import Looker
from stallsim.kernel.diag_socket import INFO_ALONE
from stallsim.kernel.sock_diag import CONNECTED, SockDiag
from stallsim.probing.server.launch import free_port

FOLDER = Path(__file__).with_name("fleet_peers")
NODE = Path(__file__).parents[1] / "tests" / "peers" / "node"
FLOOR = "epoll in C"
HEADINGS = (
    *("held by", "clients", "opened in", "handshakes a second", "CPU each", "times C's"),
    *("memory each", "in all", "a look (CPU)", "the kernel's part", "kernel memory (CPU)"),
)
TASKS_MAX = 5_000
"""Of those that take minutes for more."""


@dataclass(frozen=True)
class Way:
    """One way to hold stalled clients."""

    name: str
    words: tuple[str, ...]
    """PORT and CLIENTS are in the environment, and come after these words unless it is Locust."""
    clients_max: int = 10**6
    missing: str = ""


@dataclass(frozen=True)
class Measured:
    clients: int
    seconds: float
    """From the order to open them, so with the start of the processes that hold them."""
    handshakes_s: float
    """From the first connection to the last handshake, as the way itself counts it."""
    cpu_s: float
    grown_bytes: int
    total_bytes: int
    looks_ms: tuple[float, ...]
    """The shortest of five: a look by the clock and of CPU time, the dump alone that a look reads, and what
    the kernel has charged to both ends, by the clock and of CPU time, which is read once for each size."""


def ways(built: Path) -> list[Way]:
    python, node = sys.executable, shutil.which("node")
    locust = find_spec("locust") and find_spec("websocket")
    ws = (NODE / "node_modules" / "ws").exists()
    return [
        Way(FLOOR, (str(built / "epoll_client"),)),
        Way("stallsim fleet", (python, str(FOLDER / "ours.py"))),
        Way("a trio task each", (python, str(FOLDER / "tasks.py")), TASKS_MAX),
        Way(
            "ws in node",
            (node or "node", str(FOLDER / "ws_clients.js")),
            TASKS_MAX,
            "" if node and ws else "node or its ws is not installed (make peers)",
        ),
        Way(
            "Locust",
            (python, "-m", "locust", "-f", str(FOLDER / "locustfile.py")),
            2_000,
            "" if locust else "not installed (pip install locust websocket-client)",
        ),
    ]


def compile_c(folder: Path) -> None:
    for name in ("epoll_server", "epoll_client"):
        subprocess.run(["cc", "-O2", "-o", str(folder / name), str(FOLDER / f"{name}.c")], check=True)


@contextmanager
def server(built: Path, clients: int) -> Iterator[int]:
    """The port of a bare server that streams to everybody, in as many processes as descriptors ask for."""
    port = free_port(["127.0.0.1"])
    environment = {"PORT": str(port), "PROCESSES": str(-(-clients // 15_000)), "EVERY_S": "1"}
    with subprocess.Popen([str(built / "epoll_server")], env=environment) as process:
        try:
            while not psutil.Process(process.pid).net_connections(kind="tcp"):
                time.sleep(0.01)
            yield port
        finally:
            process.kill()


def measure(way: Way, built: Path, clients: int) -> Measured:
    with server(built, clients) as port:
        words = [*way.words, str(port), str(clients)]
        if way.name == "Locust":
            words = [*way.words, "--headless", "-u", str(clients), "-r", "2000", "--loglevel", "ERROR"]
        environment = {**os.environ, "PORT": str(port), "CLIENTS": str(clients), "NODE_FOLDER": str(NODE)}
        pipe = subprocess.PIPE
        with subprocess.Popen(
            words, env=environment, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            try:
                expect(process, "ready")
                bytes_before, cpu_before_s = tree(process.pid)
                began_s = time.perf_counter()
                process.stdin.write("\n")
                process.stdin.flush()
                _, *own = expect(process, "open").split()
                seconds = time.perf_counter() - began_s
                total_bytes, cpu_s = tree(process.pid)
                looks_ms = looks(port)
                process.stdin.close()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(0 if way.name == "Locust" else 10)
            finally:
                process.kill()
    return Measured(
        clients=clients,
        seconds=seconds,
        handshakes_s=float(own[0]) if own else seconds,
        cpu_s=cpu_s - cpu_before_s,
        grown_bytes=total_bytes - bytes_before,
        total_bytes=total_bytes,
        looks_ms=looks_ms,
    )


def expect(process: "subprocess.Popen[str]", word: str) -> str:
    """The line that begins with it."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(word):
            return line
    raise SystemExit(f"{process.args!r}: it ended before it said {word}")


def tree(pid: int) -> tuple[int, float]:
    """Memory (Pss) and CPU time of a process and all below it."""
    found = psutil.Process(pid)
    memory, cpu_s = 0, 0.0
    for one in (found, *found.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            memory += one.memory_full_info().pss
            times = one.cpu_times()
            cpu_s += times.user + times.system
    return memory, cpu_s


def looks(port: int) -> tuple[float, ...]:
    """One look at all connections of the server's port, and what the kernel has charged to them."""
    walls, cpus, dumps, memories, memory_cpus = [], [], [], [], []
    with SockDiag() as diag, closing(KernelMemoryReader("127.0.0.1", port)) as memory:
        looker = Looker(diag, port)
        for _ in range(5):
            wall_s, cpu_s = time.perf_counter(), time.process_time()
            looker.look()
            walls.append(time.perf_counter() - wall_s)
            cpus.append(time.process_time() - cpu_s)
            wall_s = time.perf_counter()
            diag.datagrams(port, CONNECTED, extensions=INFO_ALONE)
            dumps.append(time.perf_counter() - wall_s)
            wall_s, cpu_s = time.perf_counter(), time.process_time()
            memory.read()
            memories.append(time.perf_counter() - wall_s)
            memory_cpus.append(time.process_time() - cpu_s)
    return tuple(1e3 * min(seen) for seen in (walls, cpus, dumps, memories, memory_cpus))


def row(name: str, one: Measured, floor: Measured) -> str:
    each_us, floor_us = (1e6 * m.cpu_s / m.clients for m in (one, floor))
    cells = (
        name,
        f"{one.clients:,}",
        f"{one.seconds:.1f} s",
        f"{one.clients / one.handshakes_s:,.0f}",
        f"{each_us:.0f} us",
        f"{each_us / floor_us:.1f}" if floor_us else "?",
        f"{one.grown_bytes / one.clients:,.0f} B",
        f"{one.total_bytes / 2**20:.0f} MiB",
        f"{one.looks_ms[0]:.0f} ms ({one.looks_ms[1]:.0f} ms)",
        f"{one.looks_ms[2]:.0f} ms",
        f"{one.looks_ms[3]:.0f} ms ({one.looks_ms[4]:.0f} ms)",
    )
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description="What stalled clients cost whoever holds them.")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--clients", type=int, default=10_000)
    parser.add_argument("--many", type=int, default=50_000, help="0: not")
    asked = parser.parse_args()
    print(f"| {' | '.join(HEADINGS)} |\n|{'---|' * len(HEADINGS)}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder)
        compile_c(built)
        floors: dict[int, Measured] = {}
        for many in (False, True):
            for way in ways(built):
                clients = min(asked.many if many else asked.clients, way.clients_max)
                if many and (not clients or clients < asked.many):
                    continue
                if asked.names and way.name not in (*asked.names, FLOOR):
                    continue
                if way.missing:
                    print(f"{way.name}: {way.missing}", file=sys.stderr)
                    continue
                one = measure(way, built, clients)
                if way.name == FLOOR:
                    floors[many] = one
                print(row(way.name, one, floors[many]), flush=True)


if __name__ == "__main__":
    main()
