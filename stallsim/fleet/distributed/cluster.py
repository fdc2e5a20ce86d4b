"""The way to a cluster: one of this machine's own, started for the fleet, or a scheduler that is there."""

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from distributed import Client, LocalCluster

from ...errors import EnvironmentUnfit
from ..spec import OfWorkers

_CONNECT_S = 15.0


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


def _of_this_machine(workers: OfWorkers) -> LocalCluster:
    return LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=workers.count,
        threads_per_worker=1,
        processes=workers.processes,
        protocol="tcp://",
        host="127.0.0.1",
        dashboard_address=None,
        asynchronous=True,
        silence_logs=logging.CRITICAL,
    )
