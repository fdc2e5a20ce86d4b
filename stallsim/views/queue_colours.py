"""Every place where bytes wait, its name and its colour: the same in the terminal, on a page, in a figure.

The colours are those of Okabe and Ito, which people with any of the usual colour vision deficiencies tell
apart; each has a contrast of at least 3 to white and to black. In black and white the hatches tell.
"""

from typing import NamedTuple


class QueuePlace(NamedTuple):
    """One place between the server's producer and the client's application."""

    field: str
    """Of ``timeline.sample.Sample``."""
    name: str
    colour: str
    """``#rrggbb``."""
    hatch: str
    """As matplotlib writes it."""
    inferred_name: str = ""
    """What it is called where its bytes are inferred; empty: the same."""


INSIDE = QueuePlace("held_bytes", "held inside the client", "#009E73", "..")
RECEIVE = QueuePlace("rcvq_bytes", "receive queue (client's kernel)", "#CC79A7", "//")
SEND = QueuePlace("outq_bytes", "send queue (server's kernel)", "#0072B2", "--")
APPLICATION = QueuePlace(
    "queue_bytes", "application queue (server's memory)", "#D55E00", "xx", "refused by the kernels"
)
QUEUES = (INSIDE, RECEIVE, SEND, APPLICATION)
"""From the client to the producer: the order in which they fill."""
