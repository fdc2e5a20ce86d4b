"""A browser's tab that sleeps."""

from ...measured import PIPE_BYTES
from ._base import Parked


class SleepingTab(Parked):
    """Reads what a browser reads for a frozen tab, 131,000 bytes, and then nothing."""

    reads_more_bytes = PIPE_BYTES
