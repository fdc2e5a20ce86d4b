"""The workers of a fleet: who has joined, who is lost, who is to open how many, and what each one reads.

It runs on asyncio, as Dask does, in a thread of its own; the fleet's own loop gives it orders through a
queue, and reads what it has seen.
"""

import asyncio
import logging
import queue
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from ...errors import EnvironmentUnfit, StallsimError
from ...timeline.events.fleet import WorkerLost
from ...version import __version__
from ..mix import split
from ..orders import BeginOrder, OpenOrder, WakeOrder
from ..spec import OfWorkers
from .cluster import connected
from .share import Share, network_stack
from .sharing import level_out
from .worker import SeenWorker

if TYPE_CHECKING:
    from distributed import Client

_EACH_S = 0.25
_MEET_EACH_S, _STOP_EACH_S = 0.5, 0.05
SILENT_S = 5.0
"""A worker that has not answered for so long is lost; where its connection ends, at once."""
_JOIN_S, _END_S = 30.0, 1.0


class Coordinator:
    """``run`` is called once, in a thread of its own."""

    def __init__(self, workers: OfWorkers, begin: BeginOrder, rate_per_s: float, *, looks: bool) -> None:
        """``looks``: whether the workers are to look at their clients' ends."""
        self._workers, self._begin, self._looks = workers, begin, looks
        self._rate_per_s = rate_per_s
        self._orders: queue.SimpleQueue[OpenOrder | WakeOrder] = queue.SimpleQueue()
        self._waiting: list[OpenOrder] = []
        self._over = threading.Event()
        self._met_s = 0.0
        self._own_stack = network_stack()
        self.seen: tuple[SeenWorker, ...] = ()
        """The workers in the order in which they joined; a worker that is lost stays in the list."""
        self.lost: queue.SimpleQueue[WorkerLost] = queue.SimpleQueue()
        self.failure: StallsimError | None = None
        """Why the coordinator has given up; None while it has not."""

    def order(self, order: OpenOrder | WakeOrder) -> None:
        """Have clients opened, soon. It may be called from any thread."""
        self._orders.put(order)

    def stop(self) -> None:
        """End everything, so that ``run`` returns. It may be called from any thread."""
        self._over.set()

    @property
    def live(self) -> list[SeenWorker]:
        """The workers that answer."""
        return [one for one in self.seen if not one.lost]

    @property
    def undone(self) -> int:
        """Clients that are to be opened, and that no worker has been ordered to open yet."""
        return sum(sum(one.counts.values()) for one in tuple(self._waiting))

    async def run(self) -> None:
        """Coordinate the workers until ``stop`` is called, or ``failure`` says why it gives up."""
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # a lost worker is ours to tell
        going_on = asyncio.create_task(self._go_on())
        while not self._over.is_set() and not going_on.done():
            await asyncio.wait({going_on}, timeout=_STOP_EACH_S)
        going_on.cancel()
        try:
            await going_on
        except asyncio.CancelledError:
            pass
        except StallsimError as error:
            self.failure = error

    async def _go_on(self) -> None:
        """Until it is cancelled, which it may be at any moment."""
        async with connected(self._workers) as client:
            try:
                while True:
                    await self._turn(client)
                    await asyncio.sleep(_EACH_S)
            finally:
                await asyncio.gather(*(self._end(one) for one in self.live))

    async def _turn(self, client: "Client") -> None:
        if time.monotonic() - self._met_s >= _MEET_EACH_S:
            self._met_s = time.monotonic()
            await self._meet(client)
        await self._obey()
        firsts = {one.about.stack: one for one in reversed(self.live)}
        await asyncio.gather(*(self._ask(one, first=firsts[one.about.stack] is one) for one in self.live))

    async def _meet(self, client: "Client") -> None:
        """Give a share to each worker that has joined; a worker that has left is lost."""
        known = {one.address: one for one in self.seen}
        try:
            assert client.scheduler is not None, "the client is connected"
            identity = await client.scheduler.identity(n_workers=-1)
        except OSError as error:
            raise EnvironmentUnfit(f"the scheduler of the workers is out of reach: {error}") from None
        for address, about in identity["workers"].items():
            if address not in known:
                await self._join(client, address, about["name"])
        for one in self.live:
            if one.address in known and one.address not in identity["workers"]:
                self._lose(one)

    async def _join(self, client: "Client", address: str, name: object) -> None:
        index = len(self.seen)
        future = client.submit(
            Share, self._begin, index, actor=True, workers=[address], allow_other_workers=False, pure=False
        )
        own = name if isinstance(name, str) and name != address else f"worker-{index}"
        try:
            actor = await asyncio.wait_for(future, _JOIN_S)
            about = await actor.about()
        except StallsimError as error:
            raise type(error)(f"{own}: {error}") from None
        except ImportError as error:
            raise EnvironmentUnfit(f"{own}: it has not what a share needs: {error}") from None
        except (OSError, TimeoutError, RuntimeError):
            return  # gone again already; if it is not, it is met again
        if about.stallsim != __version__:
            raise EnvironmentUnfit(f"{own}: it has stallsim {about.stallsim}, and this is {__version__}")
        self.seen = (*self.seen, SeenWorker(own, address, actor, about))

    async def _obey(self) -> None:
        while not self._orders.empty():
            order = self._orders.get()
            if isinstance(order, OpenOrder):
                self._waiting.append(order)
            else:
                await asyncio.gather(*(one.actor.wake(order.share) for one in self.live))
        while self._waiting and self.live:
            await self._open(self._waiting[0])
            self._waiting.pop(0)

    async def _open(self, order: OpenOrder) -> None:
        total = sum(order.counts.values())
        mix = {kind: count / total for kind, count in order.counts.items()}
        shares = level_out({one.address: one.held for one in self.live}, total)
        for one in self.live:
            if count := shares[one.address]:
                counts = split(count, mix)
                one.assigned.update(counts)
                try:
                    await one.actor.open(counts, order.rate_per_s * count / total)
                except StallsimError as error:
                    raise type(error)(f"{one.name}: {error}") from None
                except (OSError, RuntimeError):
                    self._lose(one)

    async def _ask(self, one: SeenWorker, *, first: bool) -> None:
        """``first``: of its network stack, in which one look is enough for all."""
        look, memory = first and self._looks, first and one.about.stack != self._own_stack
        asked_s = time.time()
        try:
            read = await asyncio.wait_for(one.actor.read(look, memory), SILENT_S)
        except (OSError, RuntimeError, TimeoutError):
            self._lose(one)
            return
        one.clock.add(asked_s, read.at_s, time.time())
        one.answered_s, one.last = time.monotonic(), read
        if read.gone:
            self._lose(one)
            await self._end(one)

    def _lose(self, one: SeenWorker) -> None:
        """Note that a worker is gone, and its clients with it."""
        if one.lost:
            return
        one.lost = True
        reopened = self._workers.reopens and one.held > 0
        self.lost.put(
            WorkerLost(
                worker=one.name,
                clients=one.held,
                after_s=round(time.monotonic() - one.answered_s, 3),
                reopened=reopened,
            )
        )
        if reopened:
            total = one.assigned.total()
            mix = {kind: count / total for kind, count in one.assigned.items()}
            self._waiting.append(OpenOrder(counts=split(one.held, mix), rate_per_s=self._rate_per_s))

    async def _end(self, one: SeenWorker) -> None:
        with suppress(OSError, RuntimeError, TimeoutError):  # then its clients have ended with it
            await asyncio.wait_for(one.actor.end(), _END_S)
