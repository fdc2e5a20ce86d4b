"""A trio task and a wsproto connection for each client: ``tasks.py PORT CLIENTS``, as epoll_client.c."""

import sys

import trio

from stallsim.probing.address import parse_url
from stallsim.probing.client.join import join
from stallsim.probing.spec import Target


async def main(port: int, clients: int) -> None:
    target = Target(url=f"ws://127.0.0.1:{port}/")
    address = parse_url(target.url)
    held = []
    print("ready", flush=True)
    sys.stdin.readline()

    async def one() -> None:
        held.append(await join(target, address))

    for begun in range(0, clients, 200):
        async with trio.open_nursery() as nursery:
            for _ in range(min(200, clients - begun)):
                nursery.start_soon(one)
    print("open", flush=True)
    sys.stdin.read()
    for client in held:
        client.abort()


trio.run(main, int(sys.argv[1]), int(sys.argv[2]))
