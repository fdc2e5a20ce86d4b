"""Large or many things in a run: frames, clients, and connections from outside the run."""

import json
import socket
import time

import pytest

from stallsim.profile.scenario import ServerSpec
from stallsim.server import listener
from stallsim.verdict.verdict import VerdictKind, judge_run

from .running import command, run

pytestmark = pytest.mark.loopback
WAITED_FOR_A_SYN_S = 20.0
"""Where nobody empties the listener's queue a connect() is given up after 127 s."""


@pytest.mark.parametrize("frame", ["1MB", "5MB"])
@pytest.mark.parametrize("policy", ["unbounded", "backpressure"])
def test_a_frame_larger_than_the_kernel_s_buffers_reaches_a_good_client_in_its_tick(
    frame: str, policy: str
) -> None:
    timeline = run(
        "well-behaved", f"stream.frame={frame}", f"server.policy={policy}", "ticks=10", "expect=[]"
    )
    assert judge_run(timeline).outcome is VerdictKind.PASS
    assert {sample.queue_bytes for sample in timeline.samples[0]} == {0}
    assert timeline.samples[0][-1].read_messages == 10


def test_strangers_who_fill_the_listener_s_queue_are_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as its queue takes, before the first client connects, and they say nothing."""
    strangers: list[socket.socket] = []

    def listen_with_strangers(spec: ServerSpec) -> socket.socket:
        listening = listener.listen(spec)
        for _ in range(129):
            stranger = socket.socket()
            stranger.setblocking(False)
            stranger.connect_ex(listening.getsockname())
            strangers.append(stranger)
        return listening

    monkeypatch.setattr("stallsim.runner.attempt.listen", listen_with_strangers)
    started = time.monotonic()
    try:
        timeline = run("well-behaved", "ticks=20", "expect=[]", "clients.0.count=3")
    finally:
        for stranger in strangers:
            stranger.close()
    assert judge_run(timeline).outcome is VerdictKind.PASS
    assert time.monotonic() - started < WAITED_FOR_A_SYN_S


@pytest.mark.slow
def test_five_hundred_clients_have_one_digest() -> None:
    words = ("stop-reading", "--set", "clients.0.count=500", "--set", "ticks=40", "--set", "expect=[]")
    told = json.loads(command("run", *words, "--json").stdout)
    assert (told["verdict"], told["attempts"]) == ("pass", 1)
    assert told["ledger"]["pinned"] is told["private_stack"]
    assert told["connections_opened"] == 500


def test_more_clients_than_the_machine_can_have_are_refused_in_one_line() -> None:
    ended = command("run", "stop-reading", "--set", "clients.0.count=1000000")
    assert ended.returncode == 3
    (line,) = ended.stderr.splitlines()
    assert "1,000,000 connections need as many ports" in line
