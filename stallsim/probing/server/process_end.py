"""Whether a process that is not this program's child has ended."""

import os
import select


def process_has_ended(pid: int) -> bool:
    """Whether it is gone, or a zombie that its parent has not yet awaited (pidfd_open(2))."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        ended = select.poll()
        ended.register(descriptor, select.POLLIN)
        return bool(ended.poll(0))
    finally:
        os.close(descriptor)
