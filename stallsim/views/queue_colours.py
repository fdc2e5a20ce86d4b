"""Every place where bytes are queued, with its name and colour: the same in the terminal, on pages, in
figures.

The colours are those of Okabe and Ito, which people with any of the usual colour vision deficiencies can
distinguish; each has a contrast of at least 3 to white and to black. In black and white the hatches differ.
"""

from typing import NamedTuple


class QueuePlace(NamedTuple):
    """One place between the server's producer and the client's application."""

    field: str
    """A field of ``timeline.sample.Sample``."""
    name: str
    colour: str
    """``#rrggbb``."""
    hatch: str
    """In matplotlib's notation."""
    inferred_name: str = ""
    """The name if the bytes are inferred; empty: the same as ``name``."""


INSIDE = QueuePlace("held_bytes", "held inside the client", "#009E73", "..")
RECEIVE = QueuePlace("rcvq_bytes", "receive queue (client's kernel)", "#CC79A7", "//")
SEND = QueuePlace("outq_bytes", "send queue (server's kernel)", "#0072B2", "--")
APPLICATION = QueuePlace(
    "queue_bytes", "application queue (server's memory)", "#D55E00", "xx", "refused by the kernels"
)
QUEUES = (INSIDE, RECEIVE, SEND, APPLICATION)
"""From the client to the producer, the order in which they fill."""
