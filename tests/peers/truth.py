"""Measures, without the probe, what a server does with a client that sleeps.

Each time a fresh server with its defaults and the kernel's: a witness that reads all the time, and
beside it a sleeper that stops. First it wakes again when enough has been refused: what then comes, by the
numbers and times in the messages, tells whether it was held, dropped or never made. Then it dies asleep.
"""

import threading
import time
from dataclasses import dataclass
from itertools import pairwise

import psutil

from .apps.app import App
from .apps.client import join_app
from .launch import Running, launched, tcp_table
from .peer import BLOCKS, DISCONNECTS, DROPS, ISOLATED, UNBOUNDED, Peer
from .raw import Message, RawClient, open_client

BEFORE_S, ASLEEP_S_MAX, AWAKE_S_MAX, DEAD_S = 1.5, 20.0, 15.0, 4.0
LATE = 1.5
"""A sleep is so many times as long as what acts late needs."""
SILENT_S = 3.0
_OVERTAKEN = 20
BLOCKED_S = 6.0
REFUSED_BYTES = 16_000_000
STEP_S = 0.02
ESTABLISHED = "01"


@dataclass(frozen=True, kw_only=True)
class Truth:
    ended_after_s: float | None
    """When the server's end left ESTABLISHED, counted from when the sleeper stopped; None: it did not."""
    refused_bytes: int
    """What the witness was given and the kernel did not take from the server for the sleeper."""
    grown_bytes: int
    """The most that the server's RSS grew by, while the sleeper slept."""
    rate_before: float
    rate_asleep: float
    """The witness's messages a second: before, and in the second half of the sleep."""
    asleep_gap_s: float
    awake_gap_s: float
    """The longest that the witness waited for a message: while the sleeper slept, and after it woke."""
    missing: int
    jump_s: float
    """The longest time between the making of two messages that the sleeper read one after the other."""
    asleep_s: float
    given_up: bool = False
    """The awake sleeper was given what had waited, and behind it nothing, or the end of its connection."""

    @property
    def outcome(self) -> str:
        if self.ended_after_s is not None:
            return DISCONNECTS
        if self.rate_asleep < 0.05 * self.rate_before:
            return BLOCKS
        if self.missing or self.given_up:
            return DROPS
        return ISOLATED if self.jump_s > 0.5 * self.asleep_s else UNBOUNDED


class Reading(threading.Thread):
    """Reads in a thread of its own until told to stop or the server ends it."""

    def __init__(self, client: RawClient) -> None:
        super().__init__(daemon=True)
        self.client = client
        self.ended = False
        self._told = threading.Event()
        client.socket.settimeout(0.1)
        self.start()

    def run(self) -> None:
        while not self._told.is_set() and not self.ended:
            try:
                self.ended = not self.client.read()
            except TimeoutError:
                continue
            except ConnectionError:
                self.ended = True

    def stop(self) -> None:
        self._told.set()
        self.join()


def connected(running: Running) -> RawClient:
    if isinstance(running.peer, App):
        return join_app(running.peer, running.port)
    return open_client(running.peer, running.port)


def rss_bytes(running: Running) -> int:
    server = psutil.Process(running.process.pid)
    total = 0
    for process in [server, *server.children(recursive=True)]:
        total += process.memory_info().rss
    return total


def kernel_bytes(running: Running, sleeper: RawClient) -> int | None:
    """What both ends' queues hold for the sleeper; None when the server has left ESTABLISHED."""
    ends = {(running.port, sleeper.local_port), (sleeper.local_port, running.port)}
    found = [row for row in tcp_table() if row[:2] in ends]
    if any(state != ESTABLISHED for _, _, state, *_ in found) or len(found) < 2:
        return None
    return sum(to_send + to_read for *_, to_send, to_read in found)


def rate(messages: list[Message], since_s: float, until_s: float) -> float:
    return sum(since_s <= message.read_s < until_s for message in messages) / (until_s - since_s)


def worst_gap_s(messages: list[Message], since_s: float, until_s: float) -> float:
    times = [since_s, *(m.read_s for m in messages if since_s <= m.read_s < until_s), until_s]
    return max(later - earlier for earlier, later in pairwise(times))


def missing_numbers(numbers: list[int]) -> int:
    """Of those up to the last ones: there a server that has several threads may be about to send one."""
    seen = sorted(numbers[:-_OVERTAKEN])
    return seen[-1] - seen[0] + 1 - len(set(seen)) if seen else 0


def sleep_and_wake(peer: Peer) -> Truth:
    needed_s = LATE * peer.stalled_s_min
    with launched(peer) as running, connected(running) as awake, connected(running) as sleeper:
        witness, reading = Reading(awake), Reading(sleeper)
        time.sleep(BEFORE_S)
        reading.stop()
        asleep_at_s, given_before = time.monotonic(), witness.client.read_bytes
        rss_before = rss_max = rss_bytes(running)
        refused, kernel, enough = 0, 0, max(REFUSED_BYTES, peer.refused_bytes_min)
        ended_after_s = None
        give_up_s, least_s = asleep_at_s + max(ASLEEP_S_MAX, needed_s), asleep_at_s + needed_s
        while (now := time.monotonic()) < give_up_s and (refused < enough or now < least_s):
            if (queued := kernel_bytes(running, sleeper)) is None:
                ended_after_s = now - asleep_at_s
                break
            kernel = max(kernel, queued)
            refused = max(0, witness.client.read_bytes - given_before - kernel)
            rss_max = max(rss_max, rss_bytes(running))
            if now - witness.client.messages[-1].read_s > BLOCKED_S and now > least_s:
                break
            time.sleep(STEP_S)
        awake_at_s, awake_wall_s, seen = time.monotonic(), time.time(), len(sleeper.messages)
        again, came_again = Reading(sleeper), False
        while time.monotonic() < awake_at_s + AWAKE_S_MAX and not (again.ended or came_again):
            came_again = sleeper.messages[-1].made_s > awake_wall_s + 0.5
            time.sleep(STEP_S)
        awake_until_s = time.monotonic()
        witness.stop()
        again.stop()
    heard = witness.client.messages
    since = sleeper.messages[max(0, seen - 1) :]
    half_s = (asleep_at_s + awake_at_s) / 2
    return Truth(
        ended_after_s=ended_after_s,
        refused_bytes=refused,
        grown_bytes=rss_max - rss_before,
        rate_before=rate(heard, asleep_at_s - BEFORE_S * 0.7, asleep_at_s),
        rate_asleep=rate(heard, half_s, awake_at_s),
        asleep_gap_s=worst_gap_s(heard, asleep_at_s, awake_at_s),
        awake_gap_s=worst_gap_s(heard, awake_at_s, awake_until_s),
        missing=missing_numbers([message.number for message in since]),
        jump_s=max((later.made_s - earlier.made_s for earlier, later in pairwise(since)), default=0.0),
        asleep_s=awake_at_s - asleep_at_s,
        given_up=again.ended or sleeper.messages[-1].read_s < awake_until_s - SILENT_S,
    )


def growth_after_death(peer: Peer) -> float:
    """Bytes a second in the second half of DEAD_S, after a sleeper died that had slept as long."""
    with launched(peer) as running, connected(running) as awake, connected(running) as sleeper:
        witness = Reading(awake)
        sleeper.read()
        time.sleep(DEAD_S)
        sleeper.die()
        time.sleep(DEAD_S / 2)
        halfway = rss_bytes(running)
        time.sleep(DEAD_S / 2)
        growth = rss_bytes(running) - halfway
        witness.stop()
    return growth / (DEAD_S / 2)
