"""``--pcap``: captures packets from the first record of a timeline, and writes a file for Wireshark."""

import os
import subprocess
import tempfile
import time
from types import TracebackType
from typing import BinaryIO, NamedTuple, Self

from ..children.isolated import python_words
from ..kernel.packet_socket import SNAP_BYTES, open_packet_socket
from ..timeline.records import Header, Record
from ..timeline.timeline import Timeline
from ..version import __version__
from ..views.clean import clean
from ..views.words import client_name, describe_happening
from .notes import Notes
from .pcapng import PcapngWriter
from .placing import Placed, ours, place
from .spool import unpack_spool

_INTERFACE = "lo"
_LOOPBACK = bytes([127, 0, 0, 1])
_END_S = 30.0


class Captured(NamedTuple):
    """The content of the written file."""

    packets: int
    lost: int
    """Packets for which the kernel had no room."""
    full: bool
    """Whether the capture became too large, so that its rest is missing."""


class Capture:
    """A timeline's listener (``note``) that captures from the header on; ``write`` makes the file.

    The header comes when a run has entered its network stack, before its first socket is opened.
    """

    def __init__(self) -> None:
        self._notes = Notes()
        self._spool: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - closed on leaving
        self._worker: subprocess.Popen[str] | None = None
        self._stop = -1

    def note(self, record: Record) -> None:
        """Process the next record. Raises Unavailable if packets may not be captured."""
        if isinstance(record, Header) and self._worker is None:
            self._start(record.no_private_stack)
        self._notes.note(record)

    def write(self, timeline: Timeline, out: BinaryIO) -> Captured:
        """End the capture and write the file, as far as something was captured."""
        lost, full = self._end()
        placed = place(unpack_spool(self._spool), self._notes)
        header = self._notes.header
        subject = "" if header is None else header.probe.url if header.probe else header.scenario.profile
        comment = f"stallsim {'probe of' if header and header.probe else 'run'} {clean(subject)}"
        writer = PcapngWriter(out, f"stallsim {__version__}", _INTERFACE, SNAP_BYTES, comment)
        names = [client_name(timeline, number) for number in sorted(placed.firsts)]
        if names:
            # all names have one address: Wireshark shows the first, the file contains the others, too
            writer.names({_LOOPBACK: ["stallsim", *(name.replace(" ", "") for name in names)]})
        written = 0
        for number, packet in enumerate(unpack_spool(self._spool)):
            if ours(packet, self._notes) is not None:
                writer.packet(packet, self._comments(number, placed, timeline))
                written += 1
        writer.statistics(time.time_ns(), lost)
        return Captured(written, lost, full)

    def _comments(self, number: int, placed: Placed, timeline: Timeline) -> list[str]:
        begins = [
            f"connection {connection} is {client_name(timeline, connection)}"
            for connection, first in placed.firsts.items()
            if first == number
        ]
        happened = placed.happenings.get(number, ())
        return begins + [f"tick {one.tick}: {clean(describe_happening(one, timeline))}" for one in happened]

    def _start(self, no_private_stack: str) -> None:
        with open_packet_socket(_INTERFACE, no_private_stack) as sock:
            waits, self._stop = os.pipe()
            given = (sock.fileno(), self._spool.fileno(), waits)
            words = python_words("stallsim.packets.worker", *map(str, given))
            self._worker = subprocess.Popen(
                words,
                pass_fds=given,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,  # Ctrl-C concerns the run, which stops the capture
            )
            os.close(waits)

    def _end(self) -> tuple[int, bool]:
        if self._worker is None:
            return 0, False
        self._let_it_stop()
        output, _ = self._worker.communicate(timeout=_END_S)
        lost, full = map(int, output.split())
        self._worker = None
        return lost, bool(full)

    def _let_it_stop(self) -> None:
        """Stop the worker, only once, since a signal may come between the two callers."""
        stop, self._stop = self._stop, -1
        if stop >= 0:
            os.close(stop)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._worker is not None:
            self._worker.kill()
            self._worker.communicate()
            self._let_it_stop()
            self._worker = None
        self._spool.close()
