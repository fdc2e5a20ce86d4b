"""What fails a run whatever its profile expects, and the verdict if a capability is missing."""

import json
import re
from pathlib import Path
from typing import ClassVar

import pytest

from stallsim.clients import Client, ClientEnd
from stallsim.clients._websocket import RawWebSocket
from stallsim.errors import Unavailable
from stallsim.kernel import black_hole, private_stack
from stallsim.kinds import EventKind, Phase, Stalls
from stallsim.profile.folder import names
from stallsim.profile.load import load_profile
from stallsim.profile.scenario import ClientGroup
from stallsim.runner.execute import Execution
from stallsim.timeline.records import Event, Record
from stallsim.timeline.timeline import Timeline
from stallsim.verdict.verdict import VerdictKind, judge_run
from stallsim.views.plain import verdict_lines
from tests.pure.command_line import CommandLine

from .running import CHECKOUT, perform, result, run

pytestmark = pytest.mark.loopback
REMEDY = "allow user namespaces"
GONE_WHILE_IDLE = """
title = "A laptop that goes to sleep while nothing is sent"
description = "No message for a minute; the network vanishes at 3 s, and a Ping at 5 s gets no answer."
expectation = "The guard gives it up."
ticks = 250
[stream]
interval = "50ms"
every = 4000
[server]
congestion = "reno"
[server.guards.ping-timeout]
interval = "5s"
timeout = "5s"
[[clients]]
name = "laptop"
kind = "half-open"
vanish-tick = 60
[[expect]]
client = "laptop"
phases = ["flowing", "stalled", "aborted"]
"""
GONE_IN_A_SLOW_STREAM = GONE_WHILE_IDLE.replace("every = 4000", "every = 4")


class Pretender(Client, frozen=True):
    """Says that it stops reading, and reads on."""

    stalls: ClassVar[Stalls] = Stalls.MUST

    async def behave(self, end: ClientEnd) -> None:
        websocket = RawWebSocket(end)
        await websocket.open()
        end.stops_reading()
        with end.over:
            while await websocket.read_all():
                await end.turn()


@pytest.fixture
def nothing_permitted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system without CAP_NET_ADMIN that forbids user namespaces."""

    def enter(*_: object) -> None:
        raise Unavailable("private stack", "this system forbids it", REMEDY)

    monkeypatch.setattr(black_hole, "permitted", lambda: False)
    monkeypatch.setattr(private_stack, "enter", enter)


@pytest.mark.usefixtures("nothing_permitted")
@pytest.mark.parametrize("profile", ["half-open", "mixed-crowd"])
@pytest.mark.parametrize(("strict", "code"), [([], 0), (["--strict"], 3)])
def test_a_missing_capability_is_no_failure(
    profile: str, strict: list[str], code: int, command_line: CommandLine
) -> None:
    told = command_line("run", profile, "--json", *strict)
    assert (told.code, told.err) == (code, "")
    result = json.loads(told.out)
    assert (result["verdict"], result["connections"], result["ledger"]["entries"]) == (
        "unsupported",
        [],
        [],
    )
    assert REMEDY in result["reasons"][0]
    plain = command_line("run", profile, *strict)
    assert (plain.code, plain.err) == (code, "")
    assert plain.out.startswith(f"UNSUPPORTED  {profile}: private stack: ")
    assert REMEDY in plain.out


@pytest.mark.usefixtures("nothing_permitted")
@pytest.mark.parametrize("profile", ["sleeping-tab", "sleeping-tab-deflate"])
def test_what_needs_no_capability_runs_without_any(profile: str, command_line: CommandLine) -> None:
    assert command_line("run", profile, "--json", "--strict").code == 0


@pytest.mark.usefixtures("nothing_permitted")
def test_the_profiles_that_need_a_private_stack_are_the_ones_that_are_named() -> None:
    needing = set()
    for name in names():
        try:
            Execution(load_profile(name)).prepare()
        except Unavailable:
            needing.add(name)
    said = (CHECKOUT / "docs" / "install.md").read_text().partition(" end with UNSUPPORTED")[0]
    assert needing == set(re.findall(r"`([a-z-]+)`", said.rpartition("The profiles ")[2]))


def test_the_memory_ceiling_ends_a_run() -> None:
    timeline = run("stop-reading", "server.memory-ceiling=200kB")
    verdict = judge_run(timeline)
    assert verdict.outcome is VerdictKind.FAIL
    last = timeline.samples[0][-1]
    assert last.tick < 199
    assert 200_000 < last.queue_bytes <= 200_000 + 6680
    assert any(f"memory ceiling: {last.queue_bytes:,} bytes" in reason for reason in verdict.reasons)
    assert timeline.end is not None
    assert not timeline.end.interrupted


def test_the_memory_ceiling_is_over_all_connections() -> None:
    timeline = run("stop-reading", "clients.hung.count=4", "server.memory-ceiling=200kB")
    queued = [series[-1].queue_bytes for series in timeline.samples]
    assert 200_000 < sum(queued) <= 200_000 + 4 * 6680
    assert max(queued) < 60_000


@pytest.mark.parametrize("stop_tick", [200, 5000])
def test_a_stall_that_came_too_late(stop_tick: int) -> None:
    verdict = judge_run(run("stop-reading", f"clients.hung.stop-tick={stop_tick}", "expect=[]"))
    assert verdict.outcome is VerdictKind.FAIL
    assert verdict.reasons == ["hung (connection 0) never began to stall"]


def pretended(*overrides: str) -> Timeline:
    execution = Execution(load_profile("stop-reading", ["expect=[]", *overrides]))
    pretender = Pretender(rcvbuf=65_536, maxseg=1312)
    group = ClientGroup(kind="pretender", name="pretender")
    execution.participants = execution.participants._replace(clients=[(group, pretender)])
    return perform(execution)


def test_the_kernel_and_not_the_client_decides_what_is_a_stall() -> None:
    timeline = pretended()
    verdict = judge_run(timeline)
    assert verdict.outcome is VerdictKind.FAIL
    (reason,) = verdict.reasons
    assert reason.startswith("the stall of pretender (connection 0) was not confirmed: ")
    assert EventKind.STALLED not in [one.kind for one in timeline.happenings if isinstance(one, Event)]
    assert [event.phase for event in timeline.phases(0)] == [Phase.FLOWING]


def test_the_kernel_confirms_a_stall_at_the_tick_after_it_began() -> None:
    kinds: dict[EventKind, int] = {}

    def on_record(record: Record) -> None:
        if isinstance(record, Event):
            kinds[record.kind] = record.tick

    run("stop-reading", on_record=on_record)
    assert kinds[EventKind.STOPS_READING] <= kinds[EventKind.STALLED] <= kinds[EventKind.STOPS_READING] + 1


@pytest.mark.parametrize(
    "defence", ["policy=disconnect", "policy=backpressure", "guards.write-timeout.after=200ms"]
)
def test_a_defence_that_holds_is_no_failure_of_a_profile_that_has_none(defence: str) -> None:
    timeline = run("sleeping-tab", f"server.{defence}")
    verdict = judge_run(timeline)
    assert verdict.outcome is VerdictKind.PASS, verdict.reasons
    assert verdict.memory_bounded
    assert verdict.defended.startswith("bounded at ")
    assert verdict_lines(timeline, verdict)[-1] == f"defended: {verdict.defended}"


def test_without_another_defence_the_profile_is_held_to_what_it_expects() -> None:
    verdict = judge_run(run("sleeping-tab", "clients.sleeper.wake-tick=60"))
    assert verdict.outcome is VerdictKind.FAIL
    assert verdict.defended == ""


def test_a_stall_is_confirmed_where_a_message_comes_every_few_ticks() -> None:
    timeline = run("stop-reading", "stream.every=20", "expect=[]")
    assert judge_run(timeline).outcome is VerdictKind.PASS
    (stalled,) = (one for one in timeline.happenings if getattr(one, "kind", None) is EventKind.STALLED)
    assert stalled.tick == 40  # the second message that it did not read


@pytest.mark.parametrize("profile", [GONE_IN_A_SLOW_STREAM, GONE_WHILE_IDLE])
def test_a_peer_that_is_gone_is_confirmed_where_nothing_more_is_sent(profile: str, tmp_path: Path) -> None:
    path = tmp_path / "gone.toml"
    path.write_text(profile)
    told = result("run", path)
    if told["verdict"] == "unsupported":
        pytest.skip(told["reasons"][0])
    assert told["verdict"] == "pass", told["reasons"]


@pytest.mark.parametrize("write", ["until-refused", "when-writable"])
def test_a_realtime_run_conserves_every_byte_too(write: str) -> None:
    timeline = run("sleeping-tab", "pace=realtime", "stream.interval=2ms", f"server.write={write}")
    assert not any("internal error" in reason for reason in judge_run(timeline).reasons)
    for series in timeline.samples:
        settled = [sample for sample in series if sample.settled]
        assert settled
        assert {sample.unaccounted_bytes for sample in settled} == {0}
        assert series[-1].read_messages > 100
