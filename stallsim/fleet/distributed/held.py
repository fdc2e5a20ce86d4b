"""The processes that hold a worker's clients: as many as it takes, started when they are needed."""

import os
import select
import subprocess
import threading
import time
from collections.abc import Mapping
from contextlib import suppress

import msgspec

from ...timeline.fleet.clients import HeldCount
from ...timeline.fleet.merge import total
from ..orders import BeginOrder, EndOrder, OpenOrder, Order, WakeOrder
from ..processes import start_holding
from ..spec import CLIENTS_A_PROCESS

_END_S, _POLL_S = 2.0, 0.2
_READ_BYTES = 65536
_TALLY = msgspec.json.Decoder(HeldCount)


class _Process:
    """One process that holds clients, by its two pipes."""

    def __init__(self, begin: BeginOrder) -> None:
        self.parent, ((self._orders, self.tallies),) = start_holding(1)
        self.assigned = 0
        self.tally = HeldCount()
        self.gone = False
        self._waiting = b""
        self.order(begin)

    def order(self, order: Order) -> None:
        line = memoryview(msgspec.json.encode(order) + b"\n")
        with suppress(BrokenPipeError):  # it has ended: ``take`` says so
            while line:
                line = line[os.write(self._orders, line) :]

    def take(self) -> None:
        """Take what the process has told by now."""
        more = os.read(self.tallies, _READ_BYTES)
        self.gone = not more
        *lines, self._waiting = (self._waiting + more).split(b"\n")
        if lines:
            self.tally = _TALLY.decode(lines[-1])

    def close(self) -> None:
        os.close(self._orders)
        os.close(self.tallies)


class HeldClients:
    """Called from one thread at a time. Without a question for ``lease_s``, everything is ended."""

    def __init__(self, lease_s: float) -> None:
        self._lease_s, self._asked_s = lease_s, time.monotonic()
        self._processes: list[_Process] = []
        self._over = threading.Event()
        self._ended = threading.Event()
        threading.Thread(target=self._listen, daemon=True, name="stallsim-share").start()

    @property
    def over(self) -> bool:
        """Whether the processes have been ended, by whomever."""
        return self._over.is_set()

    @property
    def gone(self) -> int:
        """How many processes have ended of themselves."""
        return sum(one.gone for one in self._processes)

    @property
    def assigned(self) -> int:
        """How many clients were ordered so far."""
        return sum(one.assigned for one in self._processes)

    def tally(self) -> HeldCount:
        """What all processes hold together. Asking for it renews their lease."""
        self._asked_s = time.monotonic()
        return total([one.tally for one in self._processes])

    def open(self, counts: Mapping[str, int], rate_per_s: float, begins: "Begins") -> None:
        """Open so many more clients, in processes that have room."""
        more = sum(counts.values())
        while self.assigned + more > len(self._processes) * CLIENTS_A_PROCESS:
            self._processes = [*self._processes, _Process(begins(len(self._processes)))]
        left = dict(counts)
        for one in self._processes:
            order, room = {}, CLIENTS_A_PROCESS - one.assigned
            for kind, count in left.items():
                order[kind] = taken = min(count, room)
                left[kind] -= taken
                room -= taken
            if taken := sum(order.values()):
                one.assigned += taken
                one.order(OpenOrder(counts=order, rate_per_s=rate_per_s * taken / more))

    def wake(self, share: float) -> None:
        """Let this share of the parked clients read everything from now on."""
        for one in self._processes:
            one.order(WakeOrder(share))

    def end(self) -> None:
        """Abort every connection; returns when that is done, after two seconds or so at most."""
        self._over.set()
        self._ended.wait(2 * _END_S)

    def _listen(self) -> None:
        """Takes what the processes tell, so that none of them waits for a full pipe."""
        while not self._over.is_set():
            listened = {one.tallies: one for one in self._processes if not one.gone}
            for fd in select.select(list(listened), [], [], _POLL_S)[0]:
                listened[fd].take()
            if time.monotonic() - self._asked_s > self._lease_s:
                self._over.set()
        _end_all(self._processes)
        self._ended.set()


class Begins(msgspec.Struct, frozen=True):
    """Makes the first order that a process is given."""

    first: BeginOrder
    sources: tuple[tuple[str, ...], ...]

    def __call__(self, number: int) -> BeginOrder:
        """Of the process with that number."""
        return msgspec.structs.replace(self.first, sources=self.sources[number])


def _end_all(processes: list[_Process]) -> None:
    for one in processes:
        one.order(EndOrder())
    end_s = time.monotonic() + _END_S
    for one in processes:
        with suppress(subprocess.TimeoutExpired):
            one.parent.wait(max(0.0, end_s - time.monotonic()))
        one.parent.kill()
        one.parent.wait()
        one.close()
