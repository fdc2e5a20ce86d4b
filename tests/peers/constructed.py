"""Servers whose outcome is known by construction: each has one bound, or one fault, that was built in."""

from .peer import (
    BLOCKS,
    DISCONNECTS,
    DROPS,
    FREEZES,
    LEAKS,
    PING_20_20,
    SILENT,
    STARVES,
    UNBOUNDED,
    WAITS,
    Peer,
)

CONSTRUCTED = (
    Peer(
        name="queue_disconnect",
        packages=("websockets",),
        outcome=DISCONNECTS,
        reason="by construction: who is more than 32 MiB behind is aborted",
        source="asyncio: Transport.abort()",
        keepalive=PING_20_20,
        refused_bytes_min=36 << 20,
    ),
    Peer(
        name="queue_drop_newest",
        packages=("websockets",),
        outcome=DROPS,
        drops="newest",
        findings=frozenset({SILENT}),
        findings_possible=frozenset({WAITS}),  # the library's own Close, after 40 s
        reason="by construction: a queue of 100 messages, and none is put in while it is full",
        source="docs.python.org, asyncio.Queue.put_nowait",
        keepalive=PING_20_20,
    ),
    Peer(
        name="queue_drop_oldest",
        packages=("websockets",),
        outcome=DROPS,
        drops="oldest",
        findings=frozenset({SILENT}),
        findings_possible=frozenset({WAITS}),  # the library's own Close, after 40 s
        reason="by construction: a queue of 100 messages, and the oldest makes room",
        source="docs.python.org, asyncio.Queue.get_nowait",
        keepalive=PING_20_20,
    ),
    Peer(
        name="conflate_latest",
        packages=("websockets",),
        outcome=DROPS,
        drops="conflated",
        findings=frozenset({SILENT}),
        findings_possible=frozenset({WAITS}),  # the library's own Close, after 40 s
        reason="by construction: there is one slot, and it holds the latest message",
        source="docs.python.org, asyncio.Event",
        keepalive=PING_20_20,
    ),
    Peer(
        name="names_drop_newest",
        packages=("websockets",),
        outcome=DROPS,
        drops="newest",
        findings=frozenset({SILENT}),
        findings_possible=frozenset({WAITS}),  # the library's own Close, after 40 s
        reason="by construction: with 256 KiB in the write buffer a subscriber is passed over",
        source="asyncio: WriteTransport.get_write_buffer_size()",
        keepalive=PING_20_20,
    ),
    Peer(
        name="loop_with_timeout",
        packages=("websockets",),
        outcome=DISCONNECTS,
        slow_reader=BLOCKS,
        findings=frozenset({STARVES}),
        reason="by construction: the one loop waits a second for the sleeper's send(), then aborts; "
        "for one that reads slowly each send() waits for less than that, and everybody with it",
        source="docs.python.org, asyncio.timeout()",
        keepalive=PING_20_20,
    ),
    Peer(
        name="high_water_mark",
        packages=("websockets",),
        outcome=BLOCKS,
        reason="by construction: the producer pauses for all while one holds more than 2 MiB",
        source="asyncio: WriteTransport.get_write_buffer_size()",
        keepalive=PING_20_20,
    ),
    Peer(
        name="leak_after_close",
        packages=("aiohttp",),
        outcome=UNBOUNDED,
        findings=frozenset({LEAKS}),
        reason="by construction: no bound, and no receive loop to tell that the client has gone",
        source="docs.aiohttp.org, 'Peer disconnection': a handler is not cancelled",
    ),
    Peer(
        name="freeze_on_resume",
        packages=("websockets",),
        outcome=UNBOUNDED,
        findings=frozenset({FREEZES}),
        reason="by construction: a backlog is signed in one go, which never gives way to the event loop",
        source="docs.python.org, asyncio.Queue.get returns at once while there is something",
        keepalive=PING_20_20,
    ),
)
