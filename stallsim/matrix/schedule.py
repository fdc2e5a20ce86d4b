"""The schedule of every cell, so that two cells differ only in their names."""

TICK_S = 0.025
STALL_TICK = 44
"""1.1 s: the stall begins. The kernels are full within 0.8 s, before the next Ping, at 2 s."""
WAKE_TICK = 224
"""5.6 s: clients that can wake do so. By then every kernel timer that ends a connection has done it."""
CLOSE_TICK = 280
"""7 s: the server sends Close to all clients that are left, as before a restart."""
TICKS = 340
FRAME_BYTES = 8350
TRICKLE_EVERY = 176
"""Ticks between two messages of a trickle: one at the start, one 3.3 s into the stall."""
SNDBUF_BYTES, RCVBUF_BYTES = 64 * 1024, 64 * 1024
"""The sizes with which both kernels hold about 260 kB of a flood, 0.8 s of the stream."""
KEYS = 4
RTO_MIN_US = 10_000
"""The least retransmission timeout in a cell, in microseconds."""
RTO_MIN_US_DEFAULT = 200_000
"""Linux's default for it, in microseconds."""
