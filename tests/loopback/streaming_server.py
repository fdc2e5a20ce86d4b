"""``streaming`` in a process of its own that listens; it ends with the block."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.peers.launch import free_port

from .running import ENVIRONMENT


@contextmanager
def streaming(what: str) -> Iterator[str]:
    """Its URL."""
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.loopback.streaming", what],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **ENVIRONMENT, "PORT": str(port)},
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "listens\n"
            yield f"ws://127.0.0.1:{port}/"
        finally:
            process.kill()
