"""The process that holds a share of the clients: orders on standard input, tallies on standard output.

It ends, and its clients with it, when its input ends, however its parent has ended.
"""

import gc
import os
import select
import signal
import sys
import time
from typing import assert_never

import msgspec

from ..probing.address import parse_url
from .handshake import Handshake
from .holder import Holder
from .orders import Begin, End, Open, Order, Wake

_TELL_S = 0.2
_ORDERS = msgspec.json.Decoder(Order)


def main() -> None:
    """Hold clients until told to end. A signal is its parent's affair, which then closes the input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # nothing here is cyclic, and a collection would stop the clock of very many clients
    begin = _ORDERS.decode(sys.stdin.buffer.readline())
    assert isinstance(begin, Begin), "the first order says where the server is"
    address = parse_url(begin.target.url)
    holder = Holder(begin, Handshake(address, begin.target))
    try:
        _hold(holder)
    finally:
        holder.end()


def _hold(holder: Holder) -> None:
    orders, fd = b"", sys.stdin.fileno()
    os.set_blocking(fd, False)
    told_s = 0.0
    while True:
        holder.step()
        if select.select([fd], [], [], 0)[0]:
            more = os.read(fd, 65536)
            if not more:
                return
            *lines, orders = (orders + more).split(b"\n")
            for line in lines:
                match _ORDERS.decode(line):
                    case Open() as order:
                        holder.open(order.counts, order.rate_per_s)
                    case Wake() as order:
                        holder.wake(order.share)
                    case End():
                        return
                    case Begin():
                        raise AssertionError("a second beginning")
                    case _ as never:
                        assert_never(never)
            told_s = 0.0
        if time.monotonic() - told_s >= _TELL_S:
            told_s = time.monotonic()
            sys.stdout.buffer.write(msgspec.json.encode(holder.tally()) + b"\n")
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
