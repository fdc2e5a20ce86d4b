"""The deterministic extract of a run: every phase that began, with the byte counts of its tick.

The digest is the SHA-256 of the entries as canonical JSON (keys sorted, no white space), so every user can
recompute it from ``--json``: ``jq -cjS .ledger.entries run.json | sha256sum``.
"""

from collections.abc import Sequence

from msgspec import Struct

from ..kinds import EventKind
from ..profile.scenario import Pace, Stack
from ..tls import sealed_size
from .entry import Entry, RunningDigest
from .timeline import Timeline

__all__ = ["Entry", "Ledger", "digest", "first_difference", "make_ledger", "not_pinned"]
INITIAL_WINDOW = 10
"""Segments that may be sent unacknowledged at first (RFC 6928). A longer frame is sent in portions whose
acknowledgements may overtake each other, and the congestion window grows by their order.
"""

_CONGESTION = "net.ipv4.tcp_congestion_control"
_CLOCKLESS = "reno"
"""The congestion control that counts acknowledgements (RFC 5681). Cubic and bbr measure time, so a delay
changes the ledger.
"""


class Ledger(Struct, frozen=True, kw_only=True):
    """A run's entries in order, their digest, and the reasons, if any, why it cannot be compared.

    The digest covers all entries, including those that a long run no longer has in memory.
    """

    digest: str
    pinned: bool
    not_pinned: list[str]
    conditions: list[str] = []
    """The conditions of the run: digests compare only under the same conditions."""
    entries: list[Entry]
    entries_left_out: int = 0
    """Entries that are not listed because the timeline was thinned. Only if this is 0 do ``entries`` give
    the digest.
    """


def make_ledger(timeline: Timeline) -> Ledger:
    """The ledger of a timeline."""
    reasons = not_pinned(timeline)
    return Ledger(
        digest=timeline.digest.hexdigest(),
        pinned=not reasons,
        not_pinned=reasons,
        conditions=conditions(timeline),
        entries=list(timeline.entries),
        entries_left_out=timeline.digest.entries - len(timeline.entries),
    )


def digest(entries: Sequence[Entry]) -> str:
    """SHA-256, in hex, of the entries' canonical JSON."""
    running = RunningDigest()
    for entry in entries:
        running.add(entry)
    return running.hexdigest()


def conditions(timeline: Timeline) -> list[str]:
    """The kernel, the network stack, the limits that reduced a buffer, and the libraries that produce the
    bytes.
    """
    header = timeline.header
    if header is None:
        return []
    server, limits = header.scenario.server, []
    for info, _ in timeline.judged():
        for asked, effective, limit in (
            (info.sndbuf_bytes_asked, info.sndbuf_bytes_effective, "net.core.wmem_max"),
            (info.rcvbuf_bytes_asked, info.rcvbuf_bytes_effective, "net.core.rmem_max"),
        ):
            if asked is not None and effective < 2 * asked:
                limits.append(f"{limit}={header.sysctl.get(limit, effective // 2)}")
    coders = {"openssl": server.tls, "zlib": server.deflate}
    libraries = [
        header.libraries[name] for name, used in coders.items() if used and name in header.libraries
    ]
    return list(dict.fromkeys([f"Linux {header.kernel}", *header.conditions, *limits, *libraries]))


def not_pinned(timeline: Timeline) -> list[str]:
    """The reasons why the ledger may differ from run to run: everything left to the kernel or to the
    clock.
    """
    scenario = timeline.scenario
    reasons = []
    if timeline.interrupted:
        reasons.append("the run did not reach its end")
    if scenario.pace is not Pace.LOCKSTEP:
        reasons.append("pace is realtime")
    if scenario.server.sndbuf is None and not _fixed(scenario.stack, "tcp_wmem"):
        reasons.append("server.sndbuf is auto-tuned")
    if scenario.server.congestion is None and _CONGESTION not in scenario.stack.sysctl:
        reasons.append("server.congestion is the system's default")
    elif (chosen := scenario.server.congestion or scenario.stack.sysctl[_CONGESTION]) != _CLOCKLESS:
        reasons.append(f"congestion control {chosen} depends on the clock")
    else:  # a route's own (ip-route(8), congctl) replaces the one of the socket
        used = sorted({info.congestion for info, _ in timeline.judged()} - {_CLOCKLESS})
        reasons.extend(f"the route's congestion control {name} depends on the clock" for name in used)
    if timeline.end is not None and timeline.end.timers and scenario.pace is Pace.LOCKSTEP:
        fired = ", ".join(f"{name} {times}" for name, times in timeline.end.timers.items())
        reasons.append(f"timers of TCP fired in the run's network stack ({fired})")
    if timeline.end is not None and not timeline.end.one_cpu:
        reasons.append("the run could not be kept on one CPU (sched_setaffinity)")
    if EventKind.TCP_MEMORY_PRESSURE in timeline.first:
        reasons.append(
            "TCP's memory ran short: the machine's (net.ipv4.tcp_mem), its cgroup's, or a receive buffer's "
            "for segments as large as these"
        )
    if EventKind.LARGE_PAGES_SHORT in timeline.first:
        reasons.append("the machine ran short of free memory in pieces of 32 KiB (/proc/buddyinfo)")
    sysctl = timeline.header.sysctl if timeline.header else {}
    private = timeline.header is not None and timeline.header.private_stack
    loss_probes = sysctl.get("net.ipv4.tcp_early_retrans") != "0"
    for info, tally in timeline.judged():
        if info.rcvbuf_bytes_asked is None and not _fixed(scenario.stack, "tcp_rmem"):
            reasons.append(f"clients.{info.client}.rcvbuf is auto-tuned")
        if info.maxseg_bytes_asked is None and not private:
            reasons.append(f"clients.{info.client}.maxseg is decided by the route")
        if tally.loss_probe_may_send and loss_probes:
            reasons.append(f"{info.client} vanished while its window had room: loss probes send more")
        if tally.received_at_once_bytes > INITIAL_WINDOW * info.snd_mss_bytes:
            reasons.append(
                f"{info.client} reads slowly, and more than {INITIAL_WINDOW} segments reach it at once"
            )
        if info.deflate and loss_probes:
            reasons.append(
                f"messages to {info.client} differ in size (permessage-deflate), and loss probes race with "
                "their acknowledgements (net.ipv4.tcp_early_retrans in stack.sysctl: 0 stops the probes)"
            )
        size = sealed_size(scenario.stream.frame) if info.tls else scenario.stream.frame
        at_once = min(size, info.rcvbuf_bytes_effective)
        if at_once > INITIAL_WINDOW * info.snd_mss_bytes:
            reasons.append(f"stream.frame is more than {INITIAL_WINDOW} segments to {info.client}")
    return list(dict.fromkeys(reasons))


def _fixed(stack: Stack, which: str) -> bool:
    """Whether the profile's stack allows no auto-tuning of a buffer, since default and
    maximum are equal.
    """
    words = str(stack.sysctl.get(f"net.ipv4.{which}", "")).split()
    return len(words) == 3 and words[1] == words[2]


def first_difference(left: Ledger, right: Ledger) -> tuple[int, Entry | None, Entry | None] | None:
    """The first entry in which two ledgers differ, with its index; None if they agree.

    An entry that one of the ledgers lacks is None.
    """
    for index in range(max(len(left.entries), len(right.entries))):
        ours = left.entries[index] if index < len(left.entries) else None
        theirs = right.entries[index] if index < len(right.entries) else None
        if ours != theirs:
            return index, ours, theirs
    return None
