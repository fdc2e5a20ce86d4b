"""A fleet's verdict where the server has ended, or where nobody was stalled: no limit is kept."""

import pytest
from msgspec.structs import replace

from stallsim.fleet.costs import Costs, both_ends, dearest
from stallsim.fleet.judging import judge
from stallsim.fleet.readings import memory_unread
from stallsim.fleet.result import Cost, EndsCost, FleetResult, Kept, Wall
from stallsim.fleet.stalled import stalled_share
from stallsim.fleet.words import fleet_lines
from stallsim.probing.observe.server_view import ServerView
from stallsim.reports.account import CheckStatus
from stallsim.reports.accounts.fleet import account_of_fleet
from stallsim.timeline.fleet.asked import FleetLimits
from stallsim.timeline.fleet.looks import ChargedEnds, FleetLook, KernelMemory
from stallsim.timeline.fleet.steps import FleetStep, Room, StepKind, Stepped
from stallsim.timeline.histogram import Histogram
from stallsim.timeline.records import Header, RecordingEnd
from stallsim.timeline.timeline import Timeline

from .fleets import records, step

ALL = FleetLimits(
    memory_each=10**6,
    clients_min=1000,
    fail_on=frozenset({"witnesses", "refused", "tcp_mem", "server-ended"}),
)
QUIET = FleetLook(connections=3, by_state={}, stalled=0, outq_bytes=0, queues=Histogram())


def found(
    *steps: tuple[StepKind, FleetStep],
    mix: str = "stop-reading",
    memory_bytes: int | None = None,
    limits: FleetLimits = ALL,
    unread: str = "",
) -> FleetResult:
    """Steps after a baseline, held against every limit."""
    header = records()[0]
    assert isinstance(header, Header)
    assert header.fleet is not None
    made = Timeline()
    asked = replace(
        header.fleet, limits=limits, mix={mix: 1.0}, memory_bytes=memory_bytes, memory_unread=unread
    )
    made.append(replace(header, fleet=asked))
    for number, (kind, one) in enumerate(steps):
        made.append(Stepped(tick=10 * number, kind=kind, step=one))
    made.append(RecordingEnd(tick=1000, attempts=1, wall_s=100.0))
    result = judge(made)
    assert result is not None
    return result


def looked(clients: int, stalled: int, outq_bytes: int = 0) -> FleetStep:
    look = replace(QUIET, stalled=stalled, outq_bytes=outq_bytes)
    return replace(step(clients), look=look, tcp_memory_bytes=10**6)


GROWN = [
    (StepKind.BASELINE, looked(0, 0)),
    *((StepKind.STEP, looked(clients, clients)) for clients in (1000, 2000, 3000)),
]


def ended(clients: int, *, gone: bool) -> FleetStep:
    dead = step(clients)
    seen = replace(dead.witnessed, ended=dead.witnessed.witnesses)
    return replace(dead, witnessed=seen, look=QUIET, rss_bytes=None if gone else dead.rss_bytes)


def test_a_fleet_without_a_fault_keeps_every_limit() -> None:
    assert {one.kept for one in found(*GROWN).limits} == {Kept.KEPT}


def test_where_the_machine_s_tcp_memory_cannot_be_read_that_wall_is_not_tested() -> None:
    unread = [(kind, replace(one, tcp_memory_bytes=None)) for kind, one in GROWN]
    of_tcp_mem = FleetLimits(fail_on=frozenset({"tcp_mem"}))
    assert [one.kept for one in found(*unread, limits=of_tcp_mem).limits] == [Kept.NOT_TESTED]


@pytest.mark.parametrize("kind", [StepKind.HELD, StepKind.WOKEN])
@pytest.mark.parametrize("gone", [True, False])
def test_a_server_that_dies_in_the_end_keeps_no_limit(kind: StepKind, *, gone: bool) -> None:
    result = found(*GROWN, (kind, ended(3000, gone=gone)))
    assert (result.capacity.wall, result.capacity.clients) == (Wall.SERVER_ENDED, 3000)
    assert Kept.KEPT not in {one.kept for one in result.limits}
    broken = {one.limit for one in result.limits if one.kept is Kept.BROKEN}
    assert broken == {"min-clients", "fail-on witnesses", "fail-on server-ended"}
    assert [
        line for line in fleet_lines(result, "utf-8") if line.startswith("CAPACITY the server has ended")
    ]


def test_a_server_that_is_dead_before_the_first_client_keeps_no_limit() -> None:
    dead = ended(0, gone=True)
    result = found((StepKind.BASELINE, dead), (StepKind.STEP, replace(dead, clients=1000)))
    assert (result.capacity.wall, result.capacity.clients) == (Wall.SERVER_ENDED, 0)
    assert Kept.KEPT not in {one.kept for one in result.limits}


def test_where_nobody_was_stalled_nothing_is_known_of_stalled_clients() -> None:
    idle = [(kind, looked(one.clients, 0)) for kind, one in GROWN]
    result = found(*idle)
    assert {one.kept for one in result.limits} == {Kept.NOT_TESTED}
    assert (result.capacity.wall, result.capacity.clients) == (Wall.NONE, None)
    text = "\n".join(fleet_lines(result, "utf-8"))
    assert "0 of 3,000 open clients (0%), confirmed by the kernel" in text
    assert "no client was stalled" in text
    assert "`hello=`" in text
    assert not found(*idle, mix="no-pong").unstalled, "clients that read everything are not to stall"


def test_a_report_of_a_fleet_in_which_nobody_was_stalled_is_never_green() -> None:
    idle = found(*((kind, looked(one.clients, 0)) for kind, one in GROWN))
    account = account_of_fleet(None, idle)
    assert account.outcome == "3,000 clients held, and no client was stalled"
    assert CheckStatus.PASSED not in {one.status for one in account.checks}
    green = account_of_fleet(None, found(*GROWN))
    assert {one.status for one in green.checks} == {CheckStatus.PASSED}


def test_a_half_open_client_shuts_no_window_and_holds_its_queue_back() -> None:
    queued = [(kind, looked(one.clients, 0, one.clients)) for kind, one in GROWN]
    half_open = found(*queued, mix="half-open")
    assert not half_open.unstalled
    told = "half-open clients are not counted as stalled, because their kernel answers nothing"
    assert told in "\n".join(fleet_lines(half_open, "utf-8"))
    assert told not in "\n".join(fleet_lines(found(*queued), "utf-8"))
    assert found(*queued, mix="stop-reading").unstalled


def test_memory_that_grows_while_the_fleet_is_held_decides() -> None:
    grown = replace(looked(3000, 3000), rss_bytes=10_000_000 + 3000 * 5700)
    room = Room(memory_bytes=57_000_000)
    held = replace(grown, witnessed=replace(grown.witnessed, seconds=50), room=room)
    result = found(*GROWN, (StepKind.HELD, held))
    assert (result.capacity.wall, result.capacity.clients) == (Wall.MEMORY, 13_000)
    assert result.memory_held is not None
    assert (result.memory_held.each, result.memory_held.each_second) == (5700, 100)
    text = "\n".join(fleet_lines(result, "utf-8"))
    assert "after 50 s of holding ~5.7 kB for each client, and each adds 100 B a second" in text
    assert (
        "if each further client costs as much as after 50 s of holding, the memory is used up at ~13,000"
        in text
    )
    assert [line for line in text.splitlines() if line.endswith("  after 50 s of holding")]


def test_memory_that_grows_at_the_last_size_is_named_where_the_fleet_was_not_held() -> None:
    last = GROWN[-1][1]
    assert last.rss_bytes is not None
    growing = replace(last, rss_before_bytes=last.rss_bytes - 3000 * 200)
    result = found(*GROWN[:-1], (StepKind.STEP, growing))
    assert "each client added 200 B a second, so a client that is held for longer" in "\n".join(
        fleet_lines(result, "utf-8")
    )
    still = replace(last, rss_before_bytes=last.rss_bytes - 3000)
    result = found(*GROWN[:-1], (StepKind.STEP, still))
    assert "held for longer" not in "\n".join(fleet_lines(result, "utf-8"))


def test_a_cost_of_the_kernels_that_may_be_nothing_is_not_known() -> None:
    moved = [(kind, replace(one, tcp_memory_bytes=10**9 - 1000 * one.clients)) for kind, one in GROWN]
    result = found(*moved)
    assert result.tcp_memory is None
    text = "\n".join(fleet_lines(result, "utf-8"))
    assert "kernels  not known: this kernel does not allow reading it (sock_diag(7)); other traffic" in text


def charged(one: FleetStep, client: int, server: int | None) -> FleetStep:
    """Each of its ends, the two witnesses' among them, has that much."""
    sockets = one.clients + 2
    ends = None if server is None else ChargedEnds(sockets, sockets * server)
    return replace(
        one, kernel_memory=KernelMemory(clients=ChargedEnds(sockets, sockets * client), server=ends)
    )


def test_kernel_memory_is_of_each_end_of_the_fleet_s_own_sockets() -> None:
    both = [(kind, charged(one, 4096, 40_960)) for kind, one in GROWN]
    held = charged(
        replace(GROWN[-1][1], witnessed=replace(GROWN[-1][1].witnessed, seconds=10)), 4096, 61_440
    )
    result = found(*both, (StepKind.HELD, held))
    assert result.kernel.client == Cost(each=4096, low=4096, high=4096)
    assert result.kernel.server == Cost(each=40_960, low=40_960, high=40_960)
    text = "\n".join(fleet_lines(result, "utf-8"))
    assert "kernels  ~45.1 kB for each client, by sock_diag: 41.0 kB at the server's end" in text
    assert "after 10 s of holding ~61.5 kB for each client, and each adds 2.0 kB a second" in text
    far = found(*((kind, charged(one, 4096, None)) for kind, one in GROWN))
    assert far.kernel.server is None
    assert "; the server's end is not seen from here; " in "\n".join(fleet_lines(far, "utf-8"))


OF_MEMORY = FleetLimits(clients_min=2500, fail_on=frozenset({"memory"}))


@pytest.mark.parametrize("kind", [StepKind.STEP, StepKind.HELD, StepKind.WOKEN])
def test_a_pod_s_memory_that_was_passed_for_a_moment_is_a_wall_that_was_seen(kind: StepKind) -> None:
    last = replace(GROWN[-1][1], rss_most_bytes=20_000_000)
    steps = [*GROWN[:-1], (kind, last)] if kind is StepKind.STEP else [*GROWN, (kind, last)]
    passed = found(*steps, memory_bytes=15_000_000, limits=OF_MEMORY)
    assert (passed.capacity.wall, passed.capacity.clients, passed.capacity.seen) == (
        Wall.MEMORY,
        3000,
        True,
    )
    broken = [one.limit for one in passed.limits if one.kept is Kept.BROKEN]
    assert broken == ["min-clients", "fail-on memory"]
    words = "at 3,000 clients the server's memory has passed its limit (20.0 MB, and 15.0 MB are allowed)"
    assert f"CAPACITY {words}; with 2,000 open clients" in "\n".join(fleet_lines(passed, "utf-8"))
    kept = found(*steps, memory_bytes=20_000_000, limits=OF_MEMORY)
    assert {one.kept for one in kept.limits} == {Kept.KEPT}


def test_without_a_limit_of_memory_or_where_it_is_not_read_that_wall_is_not_tested() -> None:
    of_memory = replace(OF_MEMORY, clients_min=None)
    assert [one.kept for one in found(*GROWN, limits=of_memory).limits] == [Kept.NOT_TESTED]
    unread = [(kind, replace(one, rss_bytes=None)) for kind, one in GROWN]
    hidden = found(*unread, memory_bytes=1, limits=of_memory)
    assert [(one.kept, one.words) for one in hidden.limits] == [
        (Kept.NOT_TESTED, "memory: not read: the server's processes are gone")
    ]


def test_where_memory_and_cpu_cannot_be_read_the_report_says_why_and_what_would_help() -> None:
    assert memory_unread(ServerView(remedy="run as root")) == "run as root"
    why = memory_unread(ServerView())
    assert "`pid=`" in why
    unread = [(kind, replace(one, rss_bytes=None, cpu_share=None)) for kind, one in GROWN]
    result = found(*unread, unread=why)
    assert f"memory   not known, and neither is the server's CPU time: {why}" in fleet_lines(
        result, "utf-8"
    )
    (limit,) = [one for one in result.limits if one.limit == "max-memory-per-client"]
    assert limit.kept is Kept.NOT_TESTED
    assert limit.words.endswith(why)


def test_over_tls_the_report_says_that_a_close_is_not_seen() -> None:
    plain = found(*GROWN)
    sealed = replace(plain, url="wss://127.0.0.1:1/")
    assert [line for line in fleet_lines(sealed, "utf-8") if line.startswith("unseen   a Close inside TLS")]
    assert not [line for line in fleet_lines(plain, "utf-8") if "a Close inside TLS" in line]
    assert "FIN and RST are seen" in " ".join(account_of_fleet(None, sealed).words)


def test_the_fleets_own_sockets_count_where_others_have_moved_the_machines_memory() -> None:
    """As seen: 187 kB a client of its own, and the whole machine grew by 41.9 kB for each."""
    machine = Costs(Cost(each=41_900, low=20_000, high=60_000))
    ends = EndsCost(
        client=Cost(each=8_000, low=8_000, high=8_000), server=Cost(each=179_000, low=170_000, high=180_000)
    )
    own, _ = both_ends(ends)
    assert own == Cost(each=187_000, low=178_000, high=188_000)
    assert dearest(machine, both_ends(ends)) == (own, None)
    assert dearest(machine, both_ends(EndsCost())) == machine


def test_a_report_begins_with_the_limits() -> None:
    result = found((StepKind.BASELINE, step(0)), (StepKind.STEP, step(400)))
    words = account_of_fleet(None, result).words
    assert len(result.limits) > 1
    assert all(one.startswith(("FAIL: ", "PASS: ", "UNTESTED: ")) for one in words[: len(result.limits)])
    assert result.limits[0].words in words[0]
    assert not words[len(result.limits)].startswith(("FAIL", "PASS", "UNTESTED"))


def test_a_share_is_whole_only_where_all_are_stalled() -> None:
    assert stalled_share(looked(600, 598)) == "598 of 600 open clients (99%), confirmed by the kernel"
    assert "(100%)" in stalled_share(looked(600, 600))


def test_a_server_whose_processes_may_not_be_read_has_no_name() -> None:
    unnamed = replace(found(*GROWN), server="")
    assert fleet_lines(unnamed, "utf-8")[0].endswith(f"fleet against {unnamed.url}: stop-reading 100%")


def test_lost_clients_are_missing_or_opened_by_others() -> None:
    whole = found(*GROWN)
    last = whole.steps[-1]
    lost = replace(whole, steps=(replace(last, tally=replace(last.tally, lost=50)),))
    told = "lost     50 clients with their workers; "
    assert f"{told}the other workers opened as many" in fleet_lines(lost, "utf-8")
    assert f"{told}50 are missing" in fleet_lines(replace(lost, missing=50), "utf-8")


def test_why_the_fleet_grew_no_further_is_told_once() -> None:
    limit = found(*GROWN)
    late = replace(limit, capacity=replace(limit.capacity, reason="late"), stopped="late")
    assert not [line for line in fleet_lines(late, "utf-8") if line.startswith("stopped")]
    other = replace(limit, stopped="the machine's TCP memory ran short")
    assert "stopped  the machine's TCP memory ran short" in fleet_lines(other, "utf-8")
