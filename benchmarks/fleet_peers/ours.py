"""The fleet's holders: ``ours.py PORT CLIENTS``, as epoll_client.c. They are started after "ready"."""

import sys

import trio

from stallsim.fleet.holders import open_holders
from stallsim.fleet.orders import BeginOrder
from stallsim.fleet.sources import sources_of
from stallsim.fleet.spec import CLIENTS_A_PROCESS, HANDSHAKES_AT_ONCE
from stallsim.probing.spec import Target


async def main(port: int, clients: int) -> None:
    processes = -(-clients // CLIENTS_A_PROCESS)
    each = -(-clients // processes)
    begins = [
        BeginOrder(
            target=Target(url=f"ws://127.0.0.1:{port}/"),
            host="127.0.0.1",
            port=port,
            sources=sources_of(number, each, "127.0.0.1", loopback=True),
            at_once=HANDSHAKES_AT_ONCE // processes,
            rcvbuf=4096,
        )
        for number in range(processes)
    ]
    print("ready", flush=True)
    sys.stdin.readline()
    async with open_holders(begins) as holders:
        await holders.open(clients, {"stop-reading": 1.0}, 1e7)
        while holders.tally.wanted < clients or not holders.tally.settled:  # noqa: ASYNC110
            await trio.sleep(0.01)
        assert holders.tally.parked == clients, holders.tally
        print(f"open {holders.tally.opening_s:.3f}", flush=True)
        await trio.to_thread.run_sync(sys.stdin.read)


trio.run(main, int(sys.argv[1]), int(sys.argv[2]))
