"""Checks that the system is Linux, since stallsim reads Linux's TCP queues and has no other source."""

import sys

from .errors import EnvironmentUnfit


def require_linux() -> None:
    """Raises EnvironmentUnfit on any other system, before anything of Linux is imported."""
    if sys.platform != "linux":
        raise EnvironmentUnfit(f"stallsim reads Linux's TCP queues and cannot run on {sys.platform}")
