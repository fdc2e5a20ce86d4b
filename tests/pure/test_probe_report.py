"""What a report, a threshold and a JUnit file say of judgements made by hand."""

from typing import Any

import pytest
from msgspec.structs import replace

from stallsim.errors import StallsimError
from stallsim.probing.address import parse_url
from stallsim.probing.judging.judge import judge_stall
from stallsim.probing.observe.observation import Observation
from stallsim.probing.report.report import report_of
from stallsim.probing.report.rows import row_of
from stallsim.probing.report.summary import summarize_probe
from stallsim.probing.report.wording import report_lines
from stallsim.probing.resolving import is_loopback
from stallsim.reports.account import CheckStatus
from stallsim.reports.accounts.probe import account_of_probe
from stallsim.timeline.probed.comparison import ComparedBy
from stallsim.timeline.probed.measures import MemoryAfter
from stallsim.timeline.probed.outcomes import Confidence, Finding, Outcome
from stallsim.timeline.probed.result import ProbeResult

from .observations import blocked, changed, closed, comparison, observation, samples

HOSTILE = "nginx\x1b]0;owned\x07 [red]\u202e"
BLIND = observation(pings=4, ping_interval_s=1.0)
MANY = 100_000_000
WAITED = observation(comparison=comparison(ComparedBy.NUMBERED, lag_end=12_000), samples=samples())
DROPS = observation(comparison=comparison(missing=9000))
SLOW_CUT = observation("slow-reader", end=closed())


def probed(*seen: Observation, server: str = "") -> ProbeResult:
    reports = [report_of(changed(one, server=server), judge_stall(one)) for one in seen]
    return summarize_probe("ws://127.0.0.1:1/", server, reports, 3.0, "")


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        ((observation(refused_bytes=MANY), blocked()), Outcome.UNBOUNDED_GROWTH),
        ((observation(), blocked()), Outcome.BLOCKS_EVERYONE),
        ((WAITED, blocked()), Outcome.BLOCKS_EVERYONE),
        ((WAITED, observation(verified=False)), Outcome.BACKPRESSURE_ISOLATED),
        ((WAITED, observation("no-pong", end=closed())), Outcome.BACKPRESSURE_ISOLATED),
        ((observation("no-pong", end=closed()),), Outcome.DISCONNECTS),
        ((WAITED, observation("vanishing")), Outcome.BACKPRESSURE_ISOLATED),
        ((DROPS, SLOW_CUT), Outcome.BOUNDED_DROPS),
        ((observation(verified=False), SLOW_CUT), Outcome.DISCONNECTS),
        ((DROPS, observation("slow-reader", refused_bytes=MANY)), Outcome.UNBOUNDED_GROWTH),
        ((observation(refused_bytes=2_000_000), SLOW_CUT), Outcome.DISCONNECTS),
    ],
)
def test_several_stalls_come_to_the_worst_of_them(seen: tuple[Observation, ...], outcome: Outcome) -> None:
    result = probed(*seen)
    assert result.outcome is outcome
    assert result.confidence in {one.confidence for one in result.stalls if one.outcome is outcome}


def test_what_is_done_to_a_slow_reader_stays_a_finding_with_its_advice() -> None:
    result = probed(DROPS, SLOW_CUT)
    assert result.findings == (Finding.DROPS_SILENTLY, Finding.CUTS_HEALTHY_CLIENTS)
    assert "the server disconnects a client that is only slow" in "\n".join(report_lines(result, None))


def test_findings_of_all_stalls_are_told() -> None:
    assert probed(WAITED, BLIND).findings == (Finding.KEEPALIVE_BLIND,)


@pytest.mark.parametrize(
    "seen",
    [
        observation(),
        blocked(),
        WAITED,
        observation(end=closed()),
        observation(end=closed(None, "rst", None)),
        observation("no-pong", end=closed()),
        observation(visible=False, memory_remedy="name it with --pid"),
        observation("vanishing", growth_after_close_per_s=3e6),
        observation(server_gone=True),
        observation(comparison=comparison(missing=9000)),
    ],
)
def test_a_report_says_within_what_it_holds_and_leaves_nothing_raw(
    seen: Observation,
) -> None:
    result = probed(seen, server=HOSTILE)
    lines = report_lines(result, "ascii", verbose=True)
    text = "\n".join(lines)
    assert all(char.isprintable() and char.isascii() for line in lines for char in line)
    assert "owned" in text
    assert f"OUTCOME  {result.outcome.value}, confidence {result.confidence.value}" in text
    (report,) = result.stalls
    assert report.summary in text
    assert "(measured)" in text
    assert "(inferred)" in text
    if report.outcome is Outcome.GROWTH:
        assert "no bound below 12.0 MB within 4 s" in report.summary
    account = account_of_probe(None, replace(result, violations=(f"{report.stall}: broken",)))
    assert [check.status for check in account.checks] == [CheckStatus.FAILED]


@pytest.mark.parametrize(
    ("server", "advised"),
    [
        ("Python/3.11 websockets/17.4", "websockets: broadcast()"),
        ("TornadoServer/6.6.1 python3", "tornado: use await write_message()"),
        ("node", "if its library is ws, "),
    ],
)
def test_the_knobs_of_a_known_library_are_named(server: str, advised: str) -> None:
    (report,) = probed(observation(), server=server).stalls
    assert advised in report.advice[-1]
    assert report.confidence is Confidence.MEDIUM


@pytest.mark.parametrize(
    ("url", "host", "port", "resource", "header"),
    [
        ("ws://localhost", "localhost", 80, "/", "localhost"),
        ("wss://localhost:443/a?b=c", "localhost", 443, "/a?b=c", "localhost"),
        ("ws://[::1]:8080/x", "::1", 8080, "/x", "[::1]:8080"),
        ("WS://127.0.0.1:0", "127.0.0.1", 0, "/", "127.0.0.1:0"),
    ],
)
def test_a_url_in_its_parts(url: str, host: str, port: int, resource: str, header: str) -> None:
    address = parse_url(url)
    assert (address.host, address.port, address.resource, address.host_header) == (
        host,
        port,
        resource,
        header,
    )


@pytest.mark.parametrize(
    "url", ["", "ws://", "ftp://x/", "ws://x/#f", "ws://u:p@x/", "ws://x:y/", "ws://x\n/", "ws://\u00fc/"]
)
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(StallsimError, match="URL"):
        parse_url(url)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("0.0.0.0", False),
        ("::ffff:8.8.8.8", False),
        ("10.0.0.1", False),
        ("fe80::1%eth0", False),
    ],
)
def test_loopback_is_this_machine(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_an_interrupted_probe_says_so() -> None:
    whole = report_lines(probed(observation(), blocked()), None)
    cut = report_lines(replace(probed(observation()), interrupted=True), None)
    assert "interrupted: this is what 1 stall showed until then" in cut
    assert not [line for line in whole if "interrupted" in line]


def test_growth_is_extrapolated_to_the_memory_that_the_machine_has() -> None:
    def told(**fields: Any) -> str:
        (report,) = probed(observation(**fields)).stalls
        return next(line for line in report.evidence if "an hour" in line)

    unread = tuple(replace(one, memory_bytes=None) for one in samples())

    assert told(available_bytes=3 * 3600 * 3_000_000).endswith(
        "10.8 GB an hour for each stalled client, and the 32.4 GB of memory that this machine has left "
        "last for 3.0 h (inferred from the growth of the server's memory)"
    )
    dear = told(samples=samples(growth=40.0), available_bytes=3 * 3600 * 3_000_000)
    assert "this machine has left last for 270 s" in dear
    payload = told(samples=unread, available_bytes=None)
    assert payload.endswith("an hour for each stalled client (inferred from the refused bytes)")


def test_no_time_is_given_for_memory_that_does_not_grow_with_the_refused_bytes() -> None:
    """A server that writes the messages into a file until the client reads again."""
    (report,) = probed(observation(samples=samples(growth=0.01))).stalls
    assert report.outcome is Outcome.GROWTH
    assert report.growth_bytes_per_s == 0
    assert (
        "the server's memory did not grow with the refused bytes: it changed by 120 kB while the kernels "
        "refused 12.0 MB; so no time can be given until this machine's memory is full"
    ) in report.evidence
    assert not [line for line in report.evidence if "an hour" in line]
    (few,) = probed(observation(samples=samples(), refused_bytes=2_000_000)).stalls
    assert few.growth_bytes_per_s > 0, "so little may fit into memory that was free"


def test_a_process_gives_back_no_more_than_it_had_grown_by() -> None:
    left = MemoryAfter(end_bytes=27_000_000, end_after_s=1.0)
    (report,) = probed(observation(memory_after=left)).stalls
    assert any("the server had returned all of the 12.0 MB" in line for line in report.evidence)


@pytest.mark.parametrize(
    ("fields", "sent"),
    [
        ({"pings": 4, "ping_interval_s": 1.0}, "the server sent 4 Pings, one each 1 s,"),
        ({"keepalive_s": 4.0}, "the server sent no Ping"),
    ],
)
def test_a_timeout_that_was_not_seen_is_told_with_the_seconds_of_the_watch(
    fields: dict[str, Any], sent: str
) -> None:
    """A server that disconnects after 60 s was called blind after 35 s, as if it had no timeout."""
    (report,) = probed(observation(**fields)).stalls
    assert row_of(report).sentence.endswith("keepalive-blind within 4 s")
    (words,) = (one for one in report.evidence if "a later timeout would not be seen" in one)
    assert words.startswith(sent)
    assert "not disconnected within 4 s" in words
