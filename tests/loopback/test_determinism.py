"""One scenario has one digest, whatever else the machine does, whichever user runs it, in every view."""

import hashlib
import json
import os
import random
import shutil
import socket
from importlib.metadata import version
from pathlib import Path

import pytest

from benchmarks.disturbance import ARMS, AT_ONCE, in_peace
from benchmarks.late_call import delay
from benchmarks.run_in_child import Run
from stallsim.kernel import private_stack
from stallsim.kernel.large_pages import FreeMemory
from stallsim.kernel.queues import SocketMemory, send_queue, socket_memory
from stallsim.kernel.tcp_info import TcpInfo, read_tcp_info
from stallsim.kernel.tcp_memory import TcpMemory
from stallsim.profile.folder import names
from stallsim.profile.load import load_profile
from stallsim.runner import execute, machine_memory, settling
from stallsim.runner.execute import Execution
from stallsim.timeline.ledger import make_ledger
from stallsim.timeline.records import Record
from stallsim.timeline.sample import Sample

from .nobody import as_nobody, forked
from .running import lockstep, result, run
from .running import private_digest as digest
from .standstill import Where, stand_still, undisturbed
from .terminal import digest_on_terminal

pytestmark = pytest.mark.loopback
PINNED = [name for name in names() if lockstep(name)]
NOT_PINNED = "not pinned"
MOVED = "the run could not be kept on one CPU (sched_setaffinity)"
UNPINNED = """
title = "Nothing pinned"
description = "Every buffer is the kernel's."
expectation = "A digest that says so."
ticks = 20

[[clients]]
name = "hung"
kind = "stop-reading"
"""


def digest_elsewhere(name: str, *overrides: str) -> str:
    words = [word for override in overrides for word in ("--set", override)]
    ran = result("run", name, *words)
    if ran["verdict"] == "unsupported":
        pytest.skip(ran["reasons"][0])
    return str(ran["ledger"]["digest"])


def digests(run: Run, times: dict[str, int]) -> set[str]:
    """Of so many runs each, in peace or disturbed; every one of them pinned."""
    chance = random.Random(0)
    told = [ARMS[how](run, chance) for how, often in times.items() for _ in range(often)]
    assert all(one.pinned for one in told)
    return {one.digest for one in told}


@pytest.mark.slow
@pytest.mark.parametrize("name", PINNED)
def test_the_same_in_every_process_however_it_is_disturbed(name: str) -> None:
    """Twenty times in each way: ``test_the_same_again_and_again``; here other tests keep the cores busy."""
    assert digests(Run(name), {"stopped": 1}) == {digest_elsewhere(name)}


@pytest.mark.slow
def test_the_same_beside_copying_and_many_at_once() -> None:
    """A turn that read what came during it had other digests then."""
    assert len(digests(Run("sleeping-tab-deflate"), {"copying": 3, "at once": AT_ONCE})) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "overrides",
    [("server.ping-interval=50ms",), ("server.tls=true",), ("stream.frame=300", "stream.every=3")],
)
def test_the_same_with_pings_over_tls_and_in_small_messages(overrides: tuple[str, ...]) -> None:
    assert len(digests(Run("mixed-crowd", overrides), {"in peace": 1, "stopped": 1})) == 1


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("zero-window", 2),
        ("mixed-crowd", 6),
        ("mixed-crowd", 14),
        ("weak-network", 10),
        ("half-closed", 36),
    ],
)
def test_the_same_where_one_send_returns_late(name: str, at: int) -> None:
    assert delay(Run(name), "sendto", at).digest == digest(name)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize(("name", "at"), [("zero-window", 4), ("weak-network", 12)])
def test_on_the_machines_stack_a_send_that_returns_late_is_noticed(name: str, at: int) -> None:
    """The first time data comes after a pause, the second time the persist timer sends a part of a segment:
    no counter of the kernel shows either. Before them come two sends to rtnetlink (``loopback_path``).
    """

    def work() -> str:
        private_stack.enter({})  # as the machine's, with its timers, and with nobody else in it
        run = Run(name, ("stack.private=false",))
        peace, late = in_peace(run, random.Random()), delay(run, "sendto", at)
        assert late.attempts > 1
        return "differs" if late.pinned and peace.pinned and late.digest != peace.digest else "noticed"

    assert forked(work) == "noticed"


@pytest.mark.nightly
@pytest.mark.parametrize("name", PINNED)
def test_the_same_again_and_again(name: str) -> None:
    each = dict.fromkeys(ARMS, 20)
    assert len(digests(Run(name), each)) == 1


@pytest.mark.parametrize("where", Where)
def test_the_same_on_a_machine_that_stands_still(where: Where) -> None:
    def work() -> str:
        private_stack.enter({})  # as the machine's, with its timers, and with nobody else in it
        attempts, ledger = stand_still(where, "stack.private=false")
        assert attempts > 1, "the persist timer fired, and its counter says so"
        return ledger.digest if ledger.pinned else NOT_PINNED  # if each was held up

    assert forked(work) in (undisturbed(), NOT_PINNED)


def test_another_buffer_is_another_ledger() -> None:
    assert digest("sleeping-tab") != digest("sleeping-tab", "clients.sleeper.rcvbuf=60KiB")


@pytest.mark.parametrize(
    ("words", "keys"), [(("--speed", "1000", "--exit"), b""), (("--speed", "50"), b"\x1b[F\n"), ((), b"q")]
)
def test_the_display_changes_nothing(words: tuple[str, ...], keys: bytes) -> None:
    shown = digest_on_terminal("run", "stop-reading", *words, keys=keys)
    assert shown == digest("stop-reading")


def test_a_private_stack_changes_nothing() -> None:
    assert digest_elsewhere("sleeping-tab", "stack.private=true") == digest_elsewhere("sleeping-tab")


@pytest.mark.parametrize("name", ["sleeping-tab", "mixed-crowd"])
def test_an_unprivileged_user_gets_the_same_digest(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can become nobody")
    ours = digest(name)
    run(name)  # imports what nobody may not read
    loaded = load_profile(name)
    versions = {library: version(library) for library in execute._LIBRARIES}
    monkeypatch.setattr(execute, "version", versions.__getitem__)  # files that nobody may not read

    def work() -> str:
        execution = Execution(loaded)
        execution.prepare()
        assert execution.stack is not None
        who = f"uid {os.getuid()}, private stack {execution.stack.private}"
        return f"{who}: {make_ledger(execution.execute()).digest}"

    assert as_nobody(work) == f"uid 65534, private stack True: {ours}"


def test_anybody_can_recompute_the_digest() -> None:
    ledger = result("run", "stop-reading")["ledger"]
    canonical = json.dumps(ledger["entries"], sort_keys=True, separators=(",", ":"))
    assert ledger["digest"] == hashlib.sha256(canonical.encode()).hexdigest()
    assert ledger["pinned"] is True


def test_a_run_that_is_not_pinned_names_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "unpinned.toml"
    path.write_text(UNPINNED)
    ledger = make_ledger(run(str(path)))
    assert not ledger.pinned
    reasons = [reason for reason in ledger.not_pinned if not reason.startswith("timers of TCP fired")]
    assert reasons == [
        "server.sndbuf is auto-tuned",
        "server.congestion is the system's default",
        "clients.hung.rcvbuf is auto-tuned",
        "clients.hung.maxseg is decided by the route",
    ]


TCP = (
    "TCP's memory ran short: the machine's (net.ipv4.tcp_mem), its cgroup's, or a receive buffer's for "
    "segments as large as these"
)
PAGES = "the machine ran short of free memory in pieces of 32 KiB (/proc/buddyinfo)"


@pytest.mark.parametrize(
    ("reason", "which", "memory"),
    [
        (TCP, "tcp_memory", TcpMemory(9, 5, 20)),
        (TCP, "tcp_memory", TcpMemory(4, 5, 20, under_pressure=True)),
        (PAGES, "free_memory", FreeMemory(pieces=3, free_kib=900_000, least_kib=60_000)),
        (PAGES, "free_memory", FreeMemory(pieces=9_000, free_kib=60_000, least_kib=60_000)),
    ],
)
def test_what_the_machine_ran_short_of_is_not_pinned(
    reason: str, which: str, memory: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert getattr(machine_memory, which)() is not None, "the kernel's account can be read here"
    monkeypatch.setattr(machine_memory, which, lambda: memory)
    assert reason in make_ledger(run("zero-window")).not_pinned


def test_a_window_that_a_kernel_has_lowered_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """As under pressure that began and ended between two looks, or is that of a cgroup."""
    looks = 0

    def read(sock: socket.socket) -> TcpInfo:
        nonlocal looks
        looks += 1
        info = read_tcp_info(sock)
        return info._replace(rcv_ssthresh=info.rcv_ssthresh // 2) if looks > 5 else info

    monkeypatch.setattr(settling, "read_tcp_info", read)
    assert TCP in make_ledger(run("zero-window")).not_pinned


def test_a_refusal_although_the_buffer_has_room_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """As under the limit of a cgroup : the windows may stay as they are."""

    def with_room(sock: socket.socket) -> SocketMemory:
        return socket_memory(sock)._replace(wmem_queued=0)

    monkeypatch.setattr(settling, "socket_memory", with_room)
    assert TCP in make_ledger(run("stop-reading")).not_pinned


def test_a_refusal_above_the_limit_of_unsent_bytes_is_none_for_want_of_memory() -> None:
    limited = make_ledger(run("stop-reading", "server.guards.notsent-lowat.limit=16KiB"))
    assert TCP not in limited.not_pinned


def test_an_acknowledgement_that_is_under_way_is_awaited_before_anything_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As on a busy machine's own stack, where the last acknowledgement of a handshake of TLS came late."""
    asked = 0

    def queue(sock: socket.socket) -> int:
        nonlocal asked
        asked += 1
        return send_queue(sock) or int(asked == 1)

    def read(sock: socket.socket) -> TcpInfo:
        info = read_tcp_info(sock)
        return info if asked != 1 else info._replace(segs_in=info.segs_in - 1)

    monkeypatch.setattr(settling, "send_queue", queue)
    monkeypatch.setattr(settling, "read_tcp_info", read)
    run("zero-window")
    assert asked > 1


def test_a_run_stays_on_one_cpu() -> None:
    """What one CPU has made and another frees is freed later, and the next bytes lie elsewhere meanwhile:
    with every send and every read on a CPU of its own, ``sleeping-tab-deflate`` has another digest.
    """
    before = os.sched_getaffinity(0)
    seen: set[frozenset[int]] = set()

    def on_record(record: Record) -> None:
        if isinstance(record, Sample):
            seen.add(frozenset(os.sched_getaffinity(0)))

    ledger = make_ledger(run("zero-window", on_record=on_record))
    assert [len(one) for one in seen] == [1]
    assert os.sched_getaffinity(0) == before
    assert MOVED not in ledger.not_pinned


def test_a_run_that_is_moved_to_another_cpu_is_not_pinned() -> None:
    before = os.sched_getaffinity(0)

    def on_record(record: Record) -> None:
        if isinstance(record, Sample):
            os.sched_setaffinity(0, before)

    if len(before) == 1:
        pytest.skip("this process may use one CPU only")
    assert MOVED in make_ledger(run("zero-window", on_record=on_record)).not_pinned
