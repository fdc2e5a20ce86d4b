"""Run by the kernel when it starts: a thread prints what every server of the table streams."""

import base64
import itertools
import os
import threading
import time

STREAM_BYTES = int(os.environ.get("STREAM_BYTES") or 6680)


def stream() -> None:
    for number in itertools.count():
        head = f"{number:012d} {time.time():.6f} "
        print(
            head + base64.b64encode(os.urandom(STREAM_BYTES)).decode()[: STREAM_BYTES - len(head)],
            flush=True,
        )
        time.sleep(0.002)


threading.Thread(target=stream, daemon=True).start()
