"""The schedule of every cell, the same for all, so that two cells differ in nothing but their names."""

TICK_S = 0.025
STALL_TICK = 44
"""1.1 s: until then all is well. The kernels are full within 0.8 s, before the next Ping, at 2 s."""
WAKE_TICK = 224
"""5.6 s: who can wake, wakes. Every guard of the kernel that ends a connection has done it by then."""
CLOSE_TICK = 280
"""7 s: the server says Close to whoever is left, as before a restart."""
TICKS = 340
FRAME_BYTES = 8350
TRICKLE_EVERY = 176
"""Ticks between two messages of a trickle: one at the beginning, one 3.3 s into the stall."""
SNDBUF_BYTES, RCVBUF_BYTES = 64 * 1024, 64 * 1024
"""The kernels' share at a flood: about 260 kB, 0.8 s of the stream."""
KEYS = 4
RTO_MIN_US, RTO_MIN_US_DEFAULT = 10_000, 200_000
"""The least time that the kernel waits for an acknowledgement."""
