"""Looks at a live server, built by hand: two connections, one of which stalls at the third look."""

from typing import Any

from msgspec.structs import replace

from stallsim.kinds import Word
from stallsim.timeline.changes import Change
from stallsim.timeline.watched import (
    PortTotals,
    Process,
    Siblings,
    Snapshot,
    Totals,
    WatchedConnection,
    WatchedServer,
    WatchedServers,
)

WATCHED = WatchedServers(target=":8000", source="sock_diag", interval_s=2.0, after_s=10.0)
NONE = dict.fromkeys((word.value for word in Word), 0)
GOOD = WatchedConnection(
    cookie=1, port=8000, peer="10.0.0.2:40001", word="keeps-up", for_s=4.0, at_least=True,
    why="1.0 MB acknowledged in 5 s", state="ESTABLISHED", unsent_bytes=0, inflight_bytes=0, queued_bytes=0,
    unread_bytes=0, window_bytes=64_512, pinned_bytes=0, sndbuf_bytes=87_040, limited_share=0.0,
    acked_rate=200_000.0, answered_ago_s=0.01,
)  # fmt: skip
BAD = replace(
    GOOD, cookie=2, peer="10.0.0.3:40002", word="stalled", for_s=12.0, at_least=False, queued_bytes=90_000,
    why="window 0 B, next segment 1,448 B; the peer's kernel answered 1 s ago", unsent_bytes=90_000,
    window_bytes=0, pinned_bytes=120_000, limited_share=1.0, acked_rate=0.0, answered_ago_s=1.0,
    due_bytes=2_400_000,
)  # fmt: skip


def look(number: int, *connections: WatchedConnection, **changed: Any) -> Snapshot:
    """One look, ``number`` from 1, two seconds apart."""
    words = {word: sum(one.word == word for one in connections) for word in NONE}
    queued, pinned = sum(o.queued_bytes for o in connections), sum(o.pinned_bytes or 0 for o in connections)
    oldest = {one.word: one.for_s or 0.0 for one in connections if one.word == "stalled"}
    made = Snapshot(
        look=number,
        unix_s=1_000.0 + 2 * number,
        elapsed_s=2.0 * (number - 1),
        took_ms=1.5,
        source="sock_diag, in this network namespace",
        notes=("a note",),
        verdict=f"{words['stalled']} of {len(connections)} clients has stopped reading",
        servers=(WatchedServer(port=8000, name="node", pids=(4711,), uid=1000),),
        totals=Totals(
            connections=len(connections), words=words, unsent_bytes=queued, queued_bytes=queued,
            pinned_bytes=pinned, orphans_pinned_bytes=0, tcp_memory_share=0.01,
        ),
        ports=(
            PortTotals(
                port=8000, connections=len(connections), words={k: v for k, v in words.items() if v},
                oldest_s=oldest, unsent_bytes=queued, queued_bytes=queued, pinned_bytes=pinned,
            ),
        ),
        siblings=(
            Siblings(port=8000, count=1, median_rate=200_000.0, low_rate=190_000.0, high_rate=210_000.0),
        ),
        process=Process(rss_bytes=10**8, slope=200_000.0, ends_s=3600.0, fits="kept"),
        connections=connections,
        left_out=0,
        remedies=("ends 10.0.0.3:40002: ss -tK ...",),
    )  # fmt: skip
    return replace(made, **changed)


def story() -> list[tuple[Snapshot, list[Change]]]:
    """Both keep up; the second one's window is shut; it stalls; it ends."""
    shut = replace(BAD, word="window-shut", for_s=9.0, due_bytes=None)
    return [
        (look(1, GOOD, replace(GOOD, cookie=2, peer=BAD.peer)), []),
        (look(2, shut, GOOD), [Change(Word.KEEPS_UP, shut)]),
        (look(3, BAD, GOOD), [Change(Word.WINDOW_SHUT, BAD)]),
        (look(4, replace(BAD, for_s=14.0), GOOD), []),
        (look(5, GOOD), [Change(Word.STALLED, replace(BAD, for_s=14.0), ended=True)]),
    ]
