"""A browser's tab that is frozen."""

from ...measured import PIPE_BYTES
from ._base import Stall


class SleepingTab(Stall):
    """Reads on into a browser's pipe, as for a frozen tab, and then nothing."""

    does = f"reads {PIPE_BYTES:,} bytes more, as a browser does for a frozen tab, then nothing"
    reads_more_bytes = PIPE_BYTES
