"""The server of the report, in the real Mongoose: one message to every client, from a repeating timer.

Prints that it listens; then a line of JSON for each message: what waits for the first client, the size of
the buffer that it waits in, and the resident set of this process, in bytes.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from cymongoose import MG_EV_CLOSE, MG_EV_HTTP_MSG, MG_EV_WS_OPEN, Connection, Manager

PAYLOAD_BYTES = 6676
"""With the header of four bytes, a frame of 6,680: the report's."""
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
clients: list[Connection] = []


def handle(connection: Connection, event: int, data: Any) -> None:
    """Keep the clients that have opened their WebSocket."""
    if event == MG_EV_HTTP_MSG:
        connection.ws_upgrade(data)
    elif event == MG_EV_WS_OPEN:
        clients.append(connection)
    elif event == MG_EV_CLOSE and connection in clients:
        clients.remove(connection)


def send() -> None:
    """One message to everybody, as the report's program did; nothing looks at the queue."""
    for client in clients:
        client.ws_send(b"m" * PAYLOAD_BYTES)
    if clients:
        resident = int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES
        seen = {"queue": clients[0].send_len, "capacity": clients[0].send_size, "resident": resident}
        print(json.dumps(seen), flush=True)


manager = Manager(handle)
manager.listen(f"http://127.0.0.1:{sys.argv[1]}")
print("it listens", flush=True)
timer = manager.timer_add(int(sys.argv[2]), send, repeat=True)
manager.run(poll_ms=1)
