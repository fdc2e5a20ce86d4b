"""What one stalled client costs real servers of several languages, as the table of docs/fleet.md.

``python -m tests.peers.fleet_cost [--clients 2000] [NAME...]`` measures them; without names, all that can
be started here. Each has clients with tiny receive buffers, and streams 4,000 bytes a second to each.
"""

import argparse
import re
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import trio

from stallsim.fleet.fleet import Fleet
from stallsim.fleet.result import FleetResult
from stallsim.fleet.spec import FleetSpec
from stallsim.probing.spec import Target
from stallsim.theil_sen import slopes
from stallsim.timeline.fleet.steps import StepKind, Stepped
from stallsim.timeline.records import Record
from stallsim.units import format_size

from .apps import load_apps
from .apps.app import App
from .launch import START_S_MAX, Running, launched, missing, versions
from .peer import ISOLATED, Peer
from .table import PEERS

PAGE = Path(__file__).parents[2] / "docs" / "fleet.md"
TABLE = re.compile(r"(?<=<!-- servers -->\n).*(?=<!-- /servers -->)", re.DOTALL)
HEADINGS = (
    "server",
    "language",
    "version",
    "clients, stalled",
    "memory each (middle half)",
    "and each second",
    "kernel each (server's end + client's)",
    "descriptors each",
    "CPU of all",
)
FEED = {"STREAM_INTERVAL_MS": "1000", "STREAM_BYTES": "4000"}
LIBWEBSOCKETS = App(
    name="libwebsockets_test_server",
    setup="apt-get install -y libwebsockets-test-server",
    programs=("libwebsockets-test-server",),
    start="exec libwebsockets-test-server -p $PORT -d 0",
    subprotocol="dumb-increment-protocol",
    outcome=ISOLATED,
    reason="a message is made when the socket is writable, and there is no queue",
    source="libwebsockets.org, LWS_CALLBACK_SERVER_WRITEABLE",
)
NAMES = (
    "websockets_broadcast",
    "aiohttp_loop",
    "tornado_write_message",
    "picows_send",
    "mongoose_ws_send",
    "ws_send",
    "tomcat",
    "nginx",
    "libwebsockets_test_server",
)
LANGUAGES = {
    "mongoose_ws_send": "C, from Python",
    "tomcat": "Java",
    "nginx": "C, node behind it",
    "libwebsockets_test_server": "C",
}


@dataclass(frozen=True)
class Cost:
    """What the fleet found, and what psutil and /proc/net/sockstat say of the same."""

    result: FleetResult
    grown_bytes_per_s: float
    """Of memory, of each client, while the whole fleet was held."""
    rss_each: float
    """By psutil, of the process and its children."""
    tcp_each: float
    """By the TCP line of /proc/net/sockstat."""
    descriptors_each: float


@dataclass(frozen=True)
class Independent:
    """At one size of the fleet."""

    parked: int
    rss_bytes: int
    tcp_bytes: int
    descriptors: int


def servers() -> list[Peer]:
    known = {one.name: one for one in (*PEERS, *load_apps(), LIBWEBSOCKETS)}
    return [known[name] for name in NAMES if name in known]


def fleet_cost(peer: Peer, clients: int, steps: int = 5, look_s: float = 2.0, hold_s: float = 4.0) -> Cost:
    """Raises StallsimError where the server cannot be reached."""
    with launched(peer, **FEED) as running:
        await_answer(running, peer)
        subprotocol = peer.subprotocol if isinstance(peer, App) else ""
        target = Target(url=running.url, subprotocols=(subprotocol,) if subprotocol else ())
        spec = FleetSpec(
            target=target,
            clients=clients,
            mix={"stop-reading": 1.0},
            pid=running.process.pid,
            steps=steps,
            look_s=look_s,
            hold_s=hold_s,
            goes_on=True,
        )
        fleet = Fleet(spec)
        seen: list[Independent] = []

        def look(record: Record) -> None:
            if isinstance(record, Stepped) and record.kind in (StepKind.BASELINE, StepKind.STEP):
                seen.append(independently(running, record.step.tally.parked))

        fleet.timeline.listen(look)
        trio.run(fleet.run)
    result = fleet.result
    assert result is not None, "it has run to its end"
    last, held = result.steps[-1], result.held
    grown = 0.0
    if held is not None and held.rss_bytes is not None and last.rss_bytes is not None:
        grown = (held.rss_bytes - last.rss_bytes) / max(1, held.tally.parked) / hold_s
    return Cost(
        result,
        grown_bytes_per_s=grown,
        rss_each=middle([(one.parked, one.rss_bytes) for one in seen]),
        tcp_each=middle([(one.parked, one.tcp_bytes) for one in seen]),
        descriptors_each=middle([(one.parked, one.descriptors) for one in seen]),
    )


def await_answer(running: Running, peer: Peer) -> None:
    """Some listen long before their endpoint is there."""
    give_up_s = time.monotonic() + START_S_MAX
    request = (
        f"GET {peer.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    )
    if isinstance(peer, App) and peer.subprotocol:
        request += f"Sec-WebSocket-Protocol: {peer.subprotocol}\r\n"
    while time.monotonic() < give_up_s:
        with socket.create_connection(("127.0.0.1", running.port), START_S_MAX) as asking:
            asking.sendall(f"{request}\r\n".encode())
            if b" 101 " in asking.recv(4096):
                return
        time.sleep(0.2)


def middle(points: list[tuple[int, int]]) -> float:
    found = sorted(slopes(points))
    return found[len(found) // 2] if found else 0.0


def independently(running: Running, parked: int) -> Independent:
    """By psutil and the file, not by anything of ours."""
    main = psutil.Process(running.process.pid)
    rss = descriptors = 0
    for one in (main, *main.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            rss += one.memory_info().rss
            descriptors += one.num_fds()
    words = next(
        line.split()
        for line in Path("/proc/net/sockstat").read_text().splitlines()
        if line.startswith("TCP:")
    )
    pages = int(words[words.index("mem") + 1])
    return Independent(parked, rss, pages * 4096, descriptors)


def row(peer: Peer, cost: Cost) -> tuple[str, ...]:
    result, last = cost.result, cost.result.steps[-1]
    version = ", ".join(filter(None, (found for found in versions(peer).values())))
    memory, kernel = result.memory, result.kernel
    stalled = "?" if last.look is None else f"{(result.held or last).look.stalled:,}"  # type: ignore[union-attr]
    return (
        peer.name,
        LANGUAGES.get(peer.name, peer.language),
        version,
        f"{last.tally.parked:,}, {stalled}",
        "?" if memory is None else f"{size(memory.each)} ({size(memory.low)} to {size(memory.high)})",
        size(cost.grown_bytes_per_s),
        " + ".join("?" if end is None else size(end.each) for end in (kernel.server, kernel.client)),
        f"{cost.descriptors_each:.1f}",
        "?" if last.cpu_share is None else f"{last.cpu_share:.0%}",
    )


def size(value: float) -> str:
    return format_size(max(0.0, value))


def line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def write(measured: dict[str, str]) -> None:
    """Into the page's table; a row that was not measured now is left as it was."""
    page = PAGE.read_text()
    before = {one.split(" | ")[0].removeprefix("| "): one for one in TABLE.findall(page)[0].splitlines()}
    lines = {**before, **measured}
    rows = [lines[name] for name in NAMES if name in lines]
    table = "\n".join([line(HEADINGS), line(("---",) * len(HEADINGS)), *rows, ""])
    PAGE.write_text(TABLE.sub(lambda _: table, page))


def measure(names: list[str], clients: int) -> Iterator[tuple[Peer, Cost]]:
    for peer in servers():
        if names and peer.name not in names:
            continue
        if reason := missing(peer):
            print(f"{peer.name}: {reason}", file=sys.stderr)
            continue
        yield peer, fleet_cost(peer, clients)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", help=", ".join(NAMES))
    parser.add_argument("--clients", type=int, default=2000)
    asked = parser.parse_args()
    measured: dict[str, str] = {}
    for peer, cost in measure(asked.names, asked.clients):
        measured[peer.name] = line(row(peer, cost))
        print(measured[peer.name], flush=True)
    write(measured)


if __name__ == "__main__":
    main()
