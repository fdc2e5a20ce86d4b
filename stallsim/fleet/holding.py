"""The processes that hold the clients, one share each: orders come on a pipe, tallies go out on another.

``python -m stallsim.fleet.holding IN,OUT...``: a pair of descriptors for each process. A process ends, and
its clients with it, when its orders end, however its parent has ended.
"""

import os
import select
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import assert_never

import msgspec

from ..children.copies import in_copies
from .holder import Holder
from .orders import BeginOrder, EndOrder, OpenOrder, Order, WakeOrder

_REPORT_S = 0.2
_READ_BYTES = 65536
_ORDER = msgspec.json.Decoder(Order)


class _Orders:
    """Lines on a pipe. The end of the pipe is an order to end."""

    def __init__(self, reads: int) -> None:
        self._reads, self._waiting = reads, b""

    def ready(self) -> Iterator[Order]:
        """Those that are there by now."""
        if select.select([self._reads], [], [], 0)[0]:
            yield from self.wait()

    def wait(self) -> Iterator[Order]:
        """At least a part of one."""
        more = os.read(self._reads, _READ_BYTES)
        *lines, self._waiting = (self._waiting + more).split(b"\n")
        yield from map(_ORDER.decode, lines)
        if not more:
            yield EndOrder()


def hold_clients(reads: int, writes: int) -> None:
    """Hold one share until told to end."""
    orders = _Orders(reads)
    holder: Holder | None = None
    reported_s = 0.0
    try:
        while True:
            for order in orders.ready() if holder else orders.wait():
                match order:
                    case BeginOrder():
                        holder = Holder(order)
                    case OpenOrder(counts=counts, rate_per_s=rate_per_s):
                        _there(holder).open(counts, rate_per_s)
                    case WakeOrder(share=share):
                        _there(holder).wake(share)
                    case EndOrder():
                        return
                    case _ as never:
                        assert_never(never)
                reported_s = 0.0
            if holder is None:
                continue
            holder.step()
            if time.monotonic() - reported_s >= _REPORT_S:
                reported_s = time.monotonic()
                with suppress(BrokenPipeError):  # the orders have ended, too, and say so
                    os.write(writes, msgspec.json.encode(holder.tally()) + b"\n")
    finally:
        if holder is not None:
            holder.end()


def _there(holder: Holder | None) -> Holder:
    assert holder is not None, "the first order says where the server is"
    return holder


def main(pairs: list[str]) -> int:
    """One process for each pair."""
    ends = (pair.split(",") for pair in pairs)
    return in_copies(hold_clients, [(int(reads), int(writes)) for reads, writes in ends])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
