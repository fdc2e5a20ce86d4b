"""What a look costs: one port among very many sockets, beside ``ss`` in the same run, and its memory.

    python benchmarks/watch_cost.py [SOCKETS]

SOCKETS is how many TCP sockets there are to be on the machine: 100,000, which take some 20 s to open. Each
connection has two; processes hold them, as many as the descriptor limit allows to each. 17 % of 100,000
connect to the watched port. Times are the best of several, of wall clock and of CPU: the first is for a
machine that does nothing else.
"""

import resource
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import NamedTuple

import psutil

from stallsim.kernel.sock_diag import CONNECTED, SockDiag
from stallsim.watching.servers import find_servers
from stallsim.watching.watch import Watch

WATCHED_SHARE = 0.17
STALLED = 170
BEST_OF, MORE = 8, 24
MOST_MS, MOST_MIB = 200, 100
"""What a look at 17,000 of 100,000 sockets may cost."""
SPARE = 200
"""Descriptors that a process needs for itself."""

HOLD = """
import resource, socket, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
role, port, count, stalled = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
held = []
if role != "connect":
    listener = socket.create_server(("0.0.0.0", port), backlog=4096)
    port = listener.getsockname()[1]
    print(port, flush=True)
for number in range(count):
    if role != "accept":
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect((f"127.0.{1 + number // 10000}.1", port))
        held.append(client)
    if role != "connect":
        server = listener.accept()[0]
        held.append(server)
        if number < stalled:
            server.setblocking(False)
            try:
                while True:
                    server.send(bytes(4096))
            except BlockingIOError:
                pass
print("held", flush=True)
sys.stdin.read()
"""


def spend(role: str, port: int, count: int, stalled: int, stack: ExitStack) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", HOLD, role, str(port), str(count), str(stalled)]
    made = stack.enter_context(
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    )
    stack.callback(made.kill)
    return made


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = process.stdout.readline().strip()
    assert said, "a process that holds sockets has ended: too few descriptors, ports or memory"
    return said


@contextmanager
def crowd(sockets: int) -> Iterator[tuple[int, int]]:
    """The watched port, and how many connections it has."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1] - SPARE
    watched = min(limit, round(sockets * WATCHED_SHARE))
    others = max(0, sockets // 2 - watched)
    with ExitStack() as stack:
        server = spend("accept", 0, watched, STALLED, stack)
        port = int(line_of(server))
        holders = [server, spend("connect", port, watched, 0, stack)]
        while others > 0:
            count = min(others, limit // 2)
            holders.append(spend("both", 0, count, 0, stack))
            line_of(holders[-1])
            others -= count
        for one in holders:
            assert line_of(one) == "held"
        yield port, watched


class Cost(NamedTuple):
    """Milliseconds."""

    wall: float
    cpu: float
    """This process's."""


def best(work: Callable[[], object], times: int = BEST_OF) -> Cost:
    costs = []
    for _ in range(times):
        wall_s, cpu_s = time.perf_counter(), time.process_time()
        work()
        costs.append((time.perf_counter() - wall_s, time.process_time() - cpu_s))
    return Cost(1000 * min(wall for wall, _ in costs), 1000 * min(cpu for _, cpu in costs))


def ss(*words: str) -> None:
    subprocess.run(["ss", "-tinmH", *words], check=True, stdout=subprocess.DEVNULL)


def main() -> int:
    sockets = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with crowd(sockets) as (port, watched):
        with SockDiag() as diag:
            there = len(diag.dump(0, CONNECTED))
            dump = best(lambda: diag.dump(port, CONNECTED, (socket.AF_INET,)))
        watch = Watch(find_servers(f":{port}"))
        watch.look()
        look = best(watch.look)
        before = psutil.Process().memory_info().rss
        for _ in range(MORE):
            snapshot = watch.look()
        rss = psutil.Process().memory_info().rss
        watch.close()
        print(f"{there:,} sockets, {watched:,} connections to the watched port, {STALLED} of them stalled")
        kernel = f"the kernel's dump {dump.cpu:.1f} ms"
        print(f"a look           {look.wall:7.1f} ms, CPU {look.cpu:.1f} ms; {kernel}")
        grown = (rss - before) / 2**20
        print(f"resident memory  {rss / 2**20:7.1f} MiB, {grown:+.1f} in {MORE} more looks")
        print(f"verdict          {snapshot.verdict[:80]}")
        if shutil.which("ss"):
            for name, words in (("of that port", ("sport", "=", f":{port}")), ("of all", ())):
                other = best(partial(ss, *words), 3)
                ratio = look.wall / other.wall
                print(f"ss -tinm {name:<12} {other.wall:4.0f} ms; a look is {ratio:.2f} of it")
    share = there / 100_000
    holds = look.cpu <= MOST_MS * share and rss <= MOST_MIB * 2**20
    verdict = "holds" if holds else "DOES NOT HOLD"
    print(f"scaled to 100,000 sockets: CPU {look.cpu / share:.0f} ms of {MOST_MS}: {verdict}")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
