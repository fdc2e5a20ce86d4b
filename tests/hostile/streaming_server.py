"""A server that streams to whoever comes, on PORT, and has an orphan in a session of its own."""

import os
import socket
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.hostile.frames import frame, switching


def main() -> None:
    with socket.create_server(("127.0.0.1", int(os.environ["PORT"])), backlog=512) as listening:
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                listening.close()
                time.sleep(600)
            os._exit(0)
        while True:
            sock, _ = listening.accept()
            threading.Thread(target=_stream, args=(sock,), daemon=True).start()


def _stream(sock: socket.socket) -> None:
    with sock:
        try:
            request = b""
            while b"\r\n\r\n" not in request:
                request += sock.recv(65536) or b"\r\n\r\n"
            sock.sendall(switching(request))
            number = 0
            while True:
                sock.sendall(frame(1, b"%08d %.6f " % (number, time.time()) + b"x" * 60_000))
                number += 1
                time.sleep(0.02)
        except OSError:
            return


if __name__ == "__main__":
    main()
