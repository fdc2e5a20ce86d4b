"""The way to a cluster: one of this machine's own, started for the fleet, or a scheduler that is there."""

import asyncio
import logging
import multiprocessing
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from distributed import Client, LocalCluster

from ...errors import EnvironmentUnfit
from ..spec import OfWorkers

_CONNECT_S = 15.0
_CLOSE_S = 1.0


@asynccontextmanager
async def connected(workers: OfWorkers) -> AsyncIterator[Client]:
    """A client of the cluster (asyncio). Raises EnvironmentUnfit where there is none at the address."""
    async with AsyncExitStack() as stack:
        try:
            address: object = workers.scheduler
            if workers.scheduler is None:
                address = await stack.enter_async_context(_of_this_machine(workers))
            client = await stack.enter_async_context(
                Client(address, asynchronous=True, timeout=_CONNECT_S)  # type: ignore[no-untyped-call]
            )
        except (OSError, ValueError, RuntimeError) as error:
            where = "workers of this machine" if workers.scheduler is None else workers.scheduler
            raise EnvironmentUnfit(f"{where}: {error}") from None
        yield client


@asynccontextmanager
async def _of_this_machine(workers: OfWorkers) -> AsyncIterator[LocalCluster]:
    """It has a moment to close once it has started; what is left of its processes is killed."""
    others = multiprocessing.active_children()
    cluster = LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=workers.count,
        threads_per_worker=1,
        processes=workers.processes,
        protocol="tcp://",
        host="127.0.0.1",
        dashboard_address=None,
        scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},  # it has one anyway: at a free port
        asynchronous=True,
        silence_logs=logging.CRITICAL,
    )
    try:
        await cluster
        try:
            yield cluster
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(_CLOSE_S):
                    closing = cluster.close()
                    assert closing is not None, "asynchronous"
                    await closing
    finally:
        for child in multiprocessing.active_children():
            if child not in others:
                child.kill()
                child.join()
