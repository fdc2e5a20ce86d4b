"""Checks that the system is Linux, since stallsim reads Linux's TCP queues and has no other source."""

import sys
from pathlib import Path

from .errors import EnvironmentUnfit


def require_linux() -> None:
    """Raises EnvironmentUnfit on any other system, before anything of Linux is imported, and without
    /proc.
    """
    if sys.platform != "linux":
        raise EnvironmentUnfit(f"stallsim reads Linux's TCP queues and cannot run on {sys.platform}")
    if not Path("/proc/self/fd").exists():
        raise EnvironmentUnfit("stallsim reads /proc, and no proc file system is mounted there")
