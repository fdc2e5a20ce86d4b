"""What a parked client costs us: opening handshakes a second and bytes a client, beside a task each.

Both open clients against the same bare epoll server, one after the other, in one run: our fleet, which
keeps a descriptor and no object, and one trio task with wsproto for each client.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import psutil
import trio

from stallsim.fleet.fleet import Fleet
from stallsim.fleet.spec import FleetSpec
from stallsim.probing.address import parse_url
from stallsim.probing.client.join import join
from stallsim.probing.server.launch import free_port
from stallsim.probing.spec import Command, Target

SERVER = Path(__file__).parents[1] / "tests" / "peers" / "servers" / "epoll_keeps_everything.py"
CLIENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
TASKS = min(CLIENTS, 2_000)


def fleet() -> tuple[float, float]:
    """Opening handshakes a second, and bytes of our memory for one more client."""
    command = Command(words=("env", "EVERY_S=5", sys.executable, str(SERVER)))
    target = Target(url="ws://127.0.0.1:0/")
    spec = FleetSpec(
        target=target,
        clients=CLIENTS,
        mix={"stop-reading": 1.0},
        command=command,
        rate_per_s=1e6,
        look_s=0.5,
        goes_on=True,
    )
    made = Fleet(spec)
    trio.run(made.run)
    found = made.result
    assert found is not None, "it was not interrupted"
    first, last = found.steps[0].tally, found.steps[-1].tally
    assert last.parked == CLIENTS, last
    return found.opened_per_s, (last.memory_bytes - first.memory_bytes) / (last.parked - first.parked)


async def tasks(url: str) -> tuple[float, float]:
    """The same with a task and a parser for each, in this process."""
    target, address = Target(url=url), parse_url(url)
    process = psutil.Process()
    before, began_s = process.memory_info().rss, time.perf_counter()
    clients = []

    async def one() -> None:
        clients.append(await join(target, address))

    for _ in range(0, TASKS, 200):
        async with trio.open_nursery() as nursery:
            for _ in range(200):
                nursery.start_soon(one)
    seconds, grown = time.perf_counter() - began_s, process.memory_info().rss - before
    for client in clients:
        client.abort()
    return TASKS / seconds, grown / TASKS


def main() -> None:
    """Both, and how they compare."""
    ours_per_s, ours_bytes = fleet()
    port = free_port(["127.0.0.1"])
    environment = {**os.environ, "PORT": str(port), "EVERY_S": "5"}
    with subprocess.Popen([sys.executable, str(SERVER)], env=environment) as server:
        try:
            while True:
                with psutil.Process(server.pid).oneshot():
                    if psutil.Process(server.pid).net_connections(kind="tcp"):
                        break
            task_per_s, task_bytes = trio.run(tasks, f"ws://127.0.0.1:{port}/")
        finally:
            server.kill()
    rows = {
        "fleet": {"handshakes_per_s": round(ours_per_s), "bytes_per_client": round(ours_bytes)},
        "a task each": {"handshakes_per_s": round(task_per_s), "bytes_per_client": round(task_bytes)},
        "ratio": {
            "handshakes_per_s": round(ours_per_s / task_per_s, 1),
            "bytes_per_client": round(ours_bytes / task_bytes, 4),
        },
    }
    print(msgspec.json.format(msgspec.json.encode(rows)).decode())


if __name__ == "__main__":
    main()
