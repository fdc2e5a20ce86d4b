"""The entries of a ledger, and a digest of all entries that is computed as they come."""

import hashlib
from typing import Self

import msgspec
from msgspec import Struct

from .records import PhaseEvent


class Entry(Struct, frozen=True, kw_only=True):
    """One phase of one connection. Bytes are frame bytes on the wire."""

    connection: int
    client: str
    tick: int
    phase: str
    produced_bytes: int
    read_bytes: int
    rcvq_bytes: int
    outq_bytes: int
    notsent_bytes: int
    queue_bytes: int
    queue_messages: int
    dropped_bytes: int


class RunningDigest:
    """The SHA-256 of a growing list of entries as canonical JSON (keys sorted, no white space)."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256(b"[")
        self._finished = ""
        self.entries = 0

    @classmethod
    def finished(cls, hexdigest: str, entries: int) -> Self:
        """The digest of a finished list, whose entries need not be in memory."""
        made = cls()
        made._finished, made.entries = hexdigest, entries
        return made

    def add(self, entry: Entry) -> None:
        """Add an entry to the end of the list. Raises ValueError if the list is finished."""
        if self._finished:
            raise ValueError("the list is finished")
        self._hash.update(b"," if self.entries else b"")
        self._hash.update(msgspec.json.encode(entry, order="sorted"))
        self.entries += 1

    def hexdigest(self) -> str:
        """The digest of the list so far."""
        if self._finished:
            return self._finished
        whole = self._hash.copy()
        whole.update(b"]")
        return whole.hexdigest()


def make_entry(event: PhaseEvent, client: str) -> Entry:
    """The ledger's entry for a phase of this client."""
    sample = event.sample
    return Entry(
        connection=event.connection,
        client=client,
        tick=event.tick,
        phase=event.phase.value,
        produced_bytes=sample.produced_bytes,
        read_bytes=sample.read_bytes,
        rcvq_bytes=sample.rcvq_bytes,
        outq_bytes=sample.outq_bytes,
        notsent_bytes=sample.notsent_bytes,
        queue_bytes=sample.queue_bytes,
        queue_messages=sample.queue_messages,
        dropped_bytes=sample.dropped_bytes,
    )
