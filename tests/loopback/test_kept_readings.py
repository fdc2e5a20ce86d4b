"""A stored reading of a connection at rest equals a new reading of the kernel."""

from typing import Any

import pytest

from stallsim.kernel.queues import receive_queue, send_queue, socket_memory
from stallsim.runner.connection import Connection
from stallsim.timeline.sample import Sample

from .running import run

pytestmark = pytest.mark.loopback


@pytest.mark.parametrize("name", ["sleeping-tab", "zero-window"])
def test_every_sample_at_rest_is_what_both_kernels_say(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = readings = 0
    make, read = Connection.sample, Connection._read_receiver

    def compare(self: Connection, *arguments: Any, **named: Any) -> Sample:
        nonlocal samples
        sample = make(self, *arguments, **named)
        if sample.settled and self.live:
            samples += 1
            server, client = socket_memory(self.session.sock), socket_memory(self.end.sock)
            assert sample.outq_bytes == send_queue(self.session.sock)
            assert (sample.wmem_queued_bytes, sample.sndbuf_bytes) == (server.wmem_queued, server.sndbuf)
            assert sample.rcvq_bytes == receive_queue(self.end.sock)
            assert (sample.rmem_alloc_bytes, sample.rcvbuf_bytes) == (client.rmem_alloc, client.rcvbuf)
        return sample

    def count(self: Connection, settled: bool) -> bool:
        nonlocal readings
        readings += 1
        return read(self, settled)

    monkeypatch.setattr(Connection, "sample", compare)
    monkeypatch.setattr(Connection, "_read_receiver", count)
    run(name)
    assert 0 < readings < samples, "some were kept, and others were not"
