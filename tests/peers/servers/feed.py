"""What every server here streams: a number, a time and noise; and the settings that all of them take.

PORT (0 or absent: 8765), STREAM_INTERVAL_MS (2) and STREAM_BYTES (6680) are read from the environment.
"""

import base64
import os
import time

HOST = "127.0.0.1"
PORT = int(os.environ.get("PORT") or 0) or 8765
INTERVAL_S = float(os.environ.get("STREAM_INTERVAL_MS") or 2) / 1000
STREAM_BYTES = int(os.environ.get("STREAM_BYTES") or 6680)


def message(number: int) -> str:
    """Twelve digits of the number, a space, the Unix time in seconds as ten digits, a point and six, a
    space; then base64 of random bytes, new for every message, which no compressor takes below 3/4.
    """
    head = f"{number:012d} {time.time():.6f} "
    noise = base64.b64encode(os.urandom(STREAM_BYTES)).decode()
    return head + noise[: max(0, STREAM_BYTES - len(head))]
