"""A fleet's arithmetic: shares, what a client costs, when the witnesses suffer, which wall is the first."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, Message, TextMessage
from wsproto.frame_protocol import FrameProtocol

from stallsim.errors import StallsimError
from stallsim.fleet.bounds import server_ended_at, suffering, suffering_at
from stallsim.fleet.capacity import capacity
from stallsim.fleet.capacity_words import capacity_words
from stallsim.fleet.cost import cost, cost_after_hold
from stallsim.fleet.handshake import Handshake
from stallsim.fleet.limits import held_against, parse_fail_on
from stallsim.fleet.mix import parse_mix, split
from stallsim.fleet.parked import PARKED
from stallsim.fleet.result import Capacity, Cost, FleetResult, Kept, Wall
from stallsim.fleet.words import fleet_lines
from stallsim.probing.address import parse_url
from stallsim.probing.messages import ClientMessage, Hello, Pattern
from stallsim.probing.spec import Target
from stallsim.timeline.fleet.asked import FleetLimits
from stallsim.timeline.fleet.clients import HeldCount
from stallsim.timeline.fleet.looks import FleetLook
from stallsim.timeline.fleet.merge import witnessed as put_together
from stallsim.timeline.fleet.steps import FleetStep, Room
from stallsim.timeline.fleet.witnessed import Witnessed
from stallsim.timeline.histogram import Histogram

KINDS = PARKED.names()


def witnessed(
    *late_s: float,
    pongs: int = 100,
    bytes_per_s: float = 1000,
    own_lag_s: float = 0.0,
    ended: int = 0,
    silent_s: float = 0.02,
    waiting_s: tuple[float, ...] = (),
) -> Witnessed:
    """Three witnesses for two seconds: each Ping took a millisecond, but for those that are named."""
    waits_s = [*[0.001] * (pongs - len(late_s)), *late_s]
    return put_together(
        witnesses=3,
        seconds=2,
        bytes_per_s=bytes_per_s,
        waits_us=Histogram.of(round(one * 1e6) for one in waits_s),
        worst_s=max([0.0, *waits_s, *waiting_s]),
        own_lag_s=own_lag_s,
        ended=ended,
        silent_s=silent_s,
        waiting_s=waiting_s,
    )


NO_ROOM_KNOWN = Room()
LOOK = FleetLook(connections=3, by_state={}, stalled=1, outq_bytes=30, queues=Histogram.of((0, 10, 20)))


def step(parked: int, suffers: str = "", refused: int = 0, room: Room = NO_ROOM_KNOWN) -> FleetStep:
    return FleetStep(
        clients=parked,
        tally=HeldCount(wanted=parked, parked=parked, refused={"answered 503": refused} if refused else {}),
        witnessed=witnessed(),
        look=LOOK,
        rss_bytes=1000 * parked,
        cpu_share=0.1,
        tcp_memory_bytes=4096 * parked,
        room=room,
        suffering=suffers,
    )


def result(steps: Sequence[FleetStep], memory: Cost | None, found: Capacity) -> FleetResult:
    return FleetResult(
        url="ws://127.0.0.1:1/",
        server="server\x1b[31m",
        mix={"stop-reading": 1.0},
        sizes=(100, 200),
        baseline=witnessed(),
        steps=tuple(steps),
        memory=memory,
        tcp_memory=None,
        capacity=found,
        completed_per_s=1234.5,
    )


def test_a_mix_is_shares_that_add_up_to_one() -> None:
    assert parse_mix("--mix", "stop-reading=90, slow-reader=10") == {
        "stop-reading": 0.9,
        "slow-reader": 0.1,
    }
    assert parse_mix("--profile", "vanishing") == {"vanishing": 1.0}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("stop-reeding=1", "did you mean"),
        ("stop-reading=0", "above 0"),
        ("stop-reading=nan", "above 0"),
        ("stop-reading=inf", "above 0"),
        ("stop-reading=x", "above 0"),
        ("stop-reading=1,stop-reading=1", "twice"),
        ("", "unknown"),
    ],
)
def test_a_wrong_mix_is_one_line(text: str, says: str) -> None:
    with pytest.raises(StallsimError, match=says):
        parse_mix("--mix", text)


@given(
    st.integers(min_value=0, max_value=100_000),
    st.dictionaries(st.sampled_from(KINDS), st.floats(min_value=0.01, max_value=100), min_size=1),
)
def test_no_client_is_lost_and_none_is_added(count: int, weights: dict[str, float]) -> None:
    total = sum(weights.values())
    counts = split(count, {name: weight / total for name, weight in weights.items()})
    assert sum(counts.values()) == count
    for name, weight in weights.items():
        assert abs(counts[name] - count * weight / total) <= 1


def test_the_cost_is_the_slope_and_one_odd_step_does_not_move_it() -> None:
    straight = [(clients, 5_000_000 + 700 * clients) for clients in (0, 1000, 2000, 3000, 4000)]
    assert cost(straight) == Cost(each=700, low=700, high=700)
    odd = [*straight, (5000, 90_000_000)]
    found = cost(odd)
    assert found is not None
    assert found.each == 700


def test_of_two_steps_or_of_sizes_that_cannot_be_read_no_cost_is_known() -> None:
    assert cost([(0, 1), (10, 2)]) is None
    assert cost([(0, None), (10, None), (20, None), (30, None)]) is None


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (witnessed(), ""),
        (witnessed(0.04, 0.04), ""),
        (witnessed(0.2), ""),
        (witnessed(0.2, 0.2), "2 Pings of the witnesses waited for more than 51 ms (the longest: 200 ms)"),
        (witnessed(0.2, 0.2, own_lag_s=0.3), ""),
        (witnessed(*[0.2] * 10, pongs=400), "answered after 200 ms (p99), and in the baseline after 1 ms"),
        (witnessed(0.2, 0.2, pongs=400), ""),
        (witnessed(5, 5, pongs=4000), "2 Pings of the witnesses waited for more than 1.05 s"),
        (witnessed(0.3, waiting_s=(0.3,)), "2 Pings"),
        (witnessed(silent_s=6.2), "received nothing for 6.2 s, and for at most 20 ms"),
        (witnessed(silent_s=0.9), ""),
        (witnessed(bytes_per_s=500), "500 B/s"),
        (witnessed(bytes_per_s=500, own_lag_s=2.0), ""),
        (witnessed(ended=1), "1 of the witnesses' connections"),
        (witnessed(pongs=0, waiting_s=(1.5,)), "no Ping of a witness was answered within 1.5 s"),
    ],
)
def test_the_witnesses_suffer_where_our_own_lag_is_not_why(now: Witnessed, says: str) -> None:
    found = suffering(witnessed(), now)
    assert says in found
    assert bool(found) == bool(says)


@pytest.mark.parametrize(
    ("before", "now"),
    [(0.3, 1.19), (1.5, 30.0)],
    ids=["a slow stream", "of unknown rhythm"],
)
def test_a_silence_is_held_against_the_rhythm_of_the_baseline(before: float, now: float) -> None:
    assert not suffering(witnessed(silent_s=before), witnessed(silent_s=now))
    assert suffering(witnessed(silent_s=0.3), witnessed(silent_s=1.21))


def test_a_server_that_is_gone_has_ended_and_so_has_one_that_ended_every_witness() -> None:
    baseline = step(0)
    gone = replace(step(100), rss_bytes=None)
    assert server_ended_at(baseline, gone) == "the server has ended (its processes are gone)"
    assert suffering_at(baseline, gone) == "the server's processes are gone"
    cut = replace(step(100), witnessed=witnessed(ended=3))
    assert "connections of all witnesses" in server_ended_at(baseline, cut)
    assert not server_ended_at(baseline, replace(step(100), witnessed=witnessed(ended=2)))
    assert not server_ended_at(replace(baseline, rss_bytes=None), gone), "it was never to be read"


def test_held_is_below_the_first_size_at_which_a_bound_was_left() -> None:
    grew_on = [step(3000), step(4000, "late"), step(5000)]
    assert capacity(grew_on, None, None).held == 3000
    frozen_later = [step(4000), step(5000), step(5000, "silent")]
    assert capacity(frozen_later, None, None).held == 4000


def test_what_a_client_costs_after_the_hold_is_what_the_hold_added() -> None:
    held = replace(step(50), witnessed=replace(witnessed(), seconds=75))
    found = cost_after_hold(held, (0, 10_400_000, 195_000_000), Cost(each=208_000, low=1, high=2))
    assert found is not None
    assert (round(found.each, -5), found.after_s, round(found.each_second, -3)) == (3_900_000, 75, 49_000)
    bare = cost_after_hold(held, (0, 10_400_000, 195_000_000), None)
    assert bare is not None
    assert bare.each == 3_900_000
    assert cost_after_hold(held, (0, None, 195_000_000), None) is None


def test_a_wall_that_was_seen_comes_before_one_that_is_calculated() -> None:
    memory = 1000.0
    seen = capacity([step(100), step(200, "late", room=Room(memory_bytes=10))], memory, None)
    assert seen == Capacity(
        wall=Wall.WITNESSES, clients=200, seen=True, held=100, open_below=100, reason="late"
    )
    refused = capacity([step(100), step(150, refused=50)], memory, None)
    assert (refused.wall, refused.seen) == (Wall.REFUSED, True)


def test_a_server_that_answers_nobody_refuses_nobody() -> None:
    given = {"no answer to the opening handshake within 30 s": 50, "half an answer": 1}
    last = step(150)
    silent = replace(last, tally=replace(last.tally, unanswered=given))
    found = capacity([step(100), silent], 1000.0, None)
    assert (found.wall, found.seen, found.clients) == (Wall.UNANSWERED, True, 150)
    assert capacity_words(found).startswith(
        "at 150 clients the server gives clients no answer to the opening handshake within 30 s; "
    )
    report = result([step(100), silent], None, found)
    walls = FleetLimits(fail_on=parse_fail_on("refused,unanswered"))
    assert kept(walls, report) == [Kept.KEPT, Kept.BROKEN]
    lines = fleet_lines(report, "utf-8")
    assert "waited   50 clients: no answer to the opening handshake within 30 s" in lines
    assert not [line for line in lines if "refuse" in line and not line.startswith("PASS")]


def test_the_nearest_wall_is_calculated_from_what_one_costs() -> None:
    memory = 1000.0
    found = capacity([step(100, room=Room(memory_bytes=50_000, descriptors=20_000))], memory, None)
    unknown = (Wall.TCP_MEM,)
    assert replace(found, open_below=0) == Capacity(
        wall=Wall.MEMORY, clients=150, seen=False, held=100, unknown=unknown
    )
    assert (
        "it is not known at how many clients the machine's TCP memory (net.ipv4.tcp_mem)"
        in capacity_words(found)
    )
    roomy = step(100, room=Room(memory_bytes=10**9, descriptors=20_000))
    assert capacity([roomy], memory, None).wall is Wall.DESCRIPTORS
    assert capacity([step(100)], None, None).wall is Wall.NONE
    stopped = capacity([roomy], memory, None, Wall.TCP_MEM)
    assert (stopped.wall, stopped.clients, stopped.seen) == (Wall.TCP_MEM, 100, True)


def test_a_server_that_is_over_its_memory_before_the_first_client_is_over_already() -> None:
    full = [replace(step(clients), over_memory="the memory has passed its limit") for clients in (0, 50)]
    words = capacity_words(capacity(full, 1000.0, None))
    assert words.startswith("the memory has passed its limit already, before the first client; ")


def kept(limits: FleetLimits, found: FleetResult) -> list[Kept]:
    return [one.kept for one in held_against(limits, found)]


def test_a_limit_is_kept_broken_or_not_tested() -> None:
    free = Capacity(wall=Wall.NONE, clients=None, seen=False, held=100)
    unknown = result([step(100)], None, free)
    assert kept(FleetLimits(memory_each=10), unknown) == [Kept.NOT_TESTED]
    assert kept(FleetLimits(clients_min=100), unknown) == [Kept.KEPT]
    assert kept(FleetLimits(clients_min=200), unknown) == [Kept.NOT_TESTED]
    known = result([step(100)], Cost(each=1000, low=900, high=1100), free)
    assert kept(FleetLimits(memory_each=1000), known) == [Kept.KEPT]
    assert kept(FleetLimits(memory_each=999), known) == [Kept.BROKEN]
    seen = result([step(100)], None, Capacity(wall=Wall.REFUSED, clients=100, seen=True, held=90))
    assert kept(FleetLimits(clients_min=100), seen) == [Kept.BROKEN]
    walls = FleetLimits(fail_on=parse_fail_on("refused,witnesses"))
    assert kept(walls, seen) == [Kept.KEPT, Kept.BROKEN]
    grew_on = replace(unknown, steps=(step(100, "late"), step(150, refused=50)))
    assert kept(walls, grew_on) == [Kept.BROKEN, Kept.BROKEN]
    with pytest.raises(StallsimError, match="unknown wall"):
        parse_fail_on("descriptors")


def test_witnesses_that_were_given_nothing_and_no_pong_keep_no_limit() -> None:
    free = Capacity(wall=Wall.NONE, clients=None, seen=False, held=100)
    mute = replace(result([step(100)], None, free), baseline=witnessed(pongs=0, bytes_per_s=0))
    limits = FleetLimits(clients_min=100, fail_on=parse_fail_on("witnesses"))
    assert kept(limits, mute) == [Kept.NOT_TESTED, Kept.NOT_TESTED]


def test_the_report_names_costs_and_the_wall_and_no_raw_byte_passes() -> None:
    memory = Cost(each=1000, low=900, high=1100)
    found = Capacity(wall=Wall.MEMORY, clients=150, seen=False, held=100)
    text = "\n".join(fleet_lines(result([step(100)], memory, found), "utf-8"))
    assert "~1.0 kB of the server's memory for each client" in text
    assert "the memory is used up first, at ~150 clients" in text
    assert "rate     1,234 opening handshakes a second, until the last one was complete" in text
    assert "\x1b" not in text
    assert "not known" in text


def test_a_fleet_whose_server_hides_its_sockets_says_why_none_is_known_to_be_stalled() -> None:
    free = Capacity(wall=Wall.NONE, clients=None, seen=False, held=100)
    hidden = fleet_lines(result([replace(step(100), look=None)], None, free), "utf-8")
    assert [line for line in hidden if line.startswith("unseen   how many are stalled: ")]
    assert not [line for line in fleet_lines(result([step(100)], None, free), "utf-8") if "unseen" in line]


def test_every_answer_is_held_against_the_one_key() -> None:
    handshake = Handshake(parse_url("ws://127.0.0.1:1/"), Target(url="ws://127.0.0.1:1/"))
    assert handshake.request("").startswith(b"GET / HTTP/1.1\r\n")
    assert handshake.refusal(b"HTTP/1.1 503 Busy\r\n\r\n") == "answered 503"
    assert handshake.refusal(b"SSH-2.0\r\n\r\n") == "answered no HTTP"
    wrong = b"HTTP/1.1 101 x\r\nSec-WebSocket-Accept: AAAA\r\n\r\n"
    assert handshake.refusal(wrong) == "answered 101 without the Sec-WebSocket-Accept of the client's key"


def test_a_client_sends_its_own_messages_behind_its_handshake_and_waits_where_it_should() -> None:
    hello = (
        Hello(ClientMessage(b"subscribe {client}")),
        Hello(ClientMessage(b"\x01\x02", binary=True), after=Pattern(b"ready")),
    )
    target = Target(url="ws://127.0.0.1:1/{client}", hello=hello)
    handshake = Handshake(parse_url(target.url), target)
    assert handshake.personal
    assert handshake.request("abc").startswith(b"GET /abc HTTP/1.1\r\n")
    joining = handshake.joining("abc")
    assert joining is not None
    server = WSConnection(ConnectionType.SERVER)
    server.receive_data(handshake.request("abc"))
    list(server.events())
    server.send(AcceptConnection())
    server.receive_data(joining.begin())
    assert not joining.over
    assert joining.receive(b"") == b""
    ready = server.send(TextMessage(data="ready"))
    out = joining.receive(ready[:1]) + joining.receive(ready[1:])
    server.receive_data(out)
    assert joining.over
    said = [event.data for event in server.events() if isinstance(event, Message)]
    assert said == ["subscribe abc", bytearray(b"\x01\x02")]
    plain = Target(url="ws://127.0.0.1:1/")
    assert Handshake(parse_url(plain.url), plain).joining("abc") is None


def test_an_application_s_protocol_is_spoken_until_it_has_joined() -> None:
    target = Target(url="ws://127.0.0.1:1/socket.io/", speak="socket.io")
    handshake = Handshake(parse_url(target.url), target)
    joining = handshake.joining("abc")
    assert joining is not None
    server = FrameProtocol(client=False, extensions=[])
    joining.begin()
    assert not joining.over
    assert joining.receive(bytes(server.send_data('0{"sid":"x","pingInterval":25000}')))
    joining.receive(bytes(server.send_data('40{"sid":"y"}')))
    assert joining.over
