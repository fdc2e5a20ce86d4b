"""The machine on which a recording was made, and the command that made it."""

import shlex
from collections.abc import Iterator
from datetime import UTC, datetime

from ...timeline.records import Header
from ...units import format_seconds


def machine_facts(header: Header) -> Iterator[tuple[str, str]]:
    """The name and value of everything in the header except the scenario."""
    if len(header.argv) > 1:  # a probe records no command, since it may contain credentials
        yield "command", shlex.join(["stallsim", *header.argv[1:]])
    began = datetime.fromtimestamp(header.started_unix_s, UTC)
    yield "began", began.isoformat(sep=" ", timespec="seconds")
    yield "stallsim", header.stallsim
    yield "kernel", header.kernel
    yield "python", header.python
    yield "libraries", ", ".join(f"{name} {version}" for name, version in header.libraries.items())
    none = f" (no private one can be had: {header.no_private_stack})" if header.no_private_stack else ""
    yield "network", "a private stack" if header.private_stack else f"the machine's own stack{none}"
    yield "sysctl", ", ".join(f"{key}={value}" for key, value in header.sysctl.items())


def at_second(tick: int, tick_s: float) -> str:
    """A tick as seconds of scenario time."""
    return format_seconds(tick * tick_s) if tick > 0 else "0 s"
