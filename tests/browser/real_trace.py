"""Reads a trace of a real browser: JSON lines, the first of which documents the columns."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stallsim.clients._browser import Asleep
from stallsim.clients.sleeping_tab import Wake
from stallsim.measured import PIPE_BYTES
from stallsim.timeline.sample import Refusal, Sample

from .seen import DRAINED, Seen, Setup, all_of, phases_of

OPTIONS = (
    "SO_KEEPALIVE",
    "TCP_NODELAY",
    "TCP_KEEPIDLE",
    "TCP_KEEPINTVL",
    "TCP_KEEPCNT",
    "TCP_USER_TIMEOUT",
)
INITIAL_RCVBUF_BYTES = 131_072
_CLOSES_SINCE = 149
"""The version since which a frozen page gives its WebSockets up, unless a flag turns that off."""
_CLOSES_FLAG = "DisconnectWebSocketOnBFCache"
Row = dict[str, Any]


class RealTrace:
    """One stall of a real browser."""

    def __init__(self, path: Path) -> None:
        self.header: dict[str, Any] = {}
        self.rows: list[Row] = []
        self.events: list[Row] = []
        self.marks: list[Row] = []
        self.options: dict[str, int] = {}
        self.javascript: Row = {}
        self.wire: Row = {}
        self.pings: list[list[Any]] = []
        self.final: Row = {}
        with path.open() as lines:
            for line in lines:
                self._take(json.loads(line))
        self._frame = self._bytes_a_message()
        self._interval_s = float(self.header["args"]["interval_ms"]) / 1000
        self.rows = [row for row in self.rows if row["brd"] is not None and row["brq"] is not None]
        self._sleeper = _what_sleeps(self.header["meta"]["scenario"])
        self._begin, self._end_s = self._stall()
        self._sleeps_after = self._last_seen()
        self._zero_s = self._first_message_s() + self._sleeps_after * self._interval_s
        self._asleep = [row for row in self.rows if self._begin["t"] <= row["t"] < self._end_s]
        if not self._asleep:
            raise ValueError("no sample of the browser's socket while it slept: the trace is of an ending")
        self._page_bytes = self._bytes_of(self._sleeps_after)
        self._require_a_sleep()

    def _take(self, line: Any) -> None:
        match line:
            case list():
                self.rows.append(dict(zip(self.header["columns"], line, strict=True)))
            case {"type": "header"}:
                self.header = line
            case {"e": "final", "status": final}:
                self.final = final
            case {"e": _, "t": _}:
                self.events.append(line)
            case {"m": _}:
                self.marks.append(line)
            case {"browser_socket_options": options}:
                self.options = options
            case {"js": javascript}:
                self.javascript = javascript
            case {"wire": wire}:
                self.wire = wire
            case {"pings": pings}:
                self.pings = pings

    def _bytes_a_message(self) -> int:
        """On the wire: as asked for, or, where messages are compressed, their mean."""
        if not self.header["args"]["deflate"]:
            return int(self.header["args"]["frame"])
        return round(int(self.final["app"]) / int(self.final["seq"]))

    def _require_a_sleep(self) -> None:
        """Raises ValueError where all was read that was sent, and more was sent than a pipe can hold."""
        first, last = self._asleep[0], self._asleep[-1]
        if last["app"] - first["app"] > 2 * PIPE_BYTES and last["app"] - last["brd"] <= 2 * self._frame:
            raise ValueError("the tab never froze: it went on reading all that came")

    def _stall(self) -> tuple[Row, float]:
        """The mark at which it was put to sleep, and when it was woken (or the trace ends)."""
        if not self.marks:
            raise ValueError("no mark says when anything fell asleep")
        names = [mark["m"] for mark in self.marks]
        begin = names.index("stall_applied") - 1 if "stall_applied" in names else 0
        if "pre_release" in names:
            return self.marks[begin], self.marks[names.index("pre_release") + 1]["t"]
        return self.marks[begin], self.rows[-1]["t"] + self._interval_s

    def _ping_bytes(self) -> int:
        return int(self.pings[1][2] - self.pings[0][2]) % self._frame if len(self.pings) > 1 else 0

    def _bytes_of(self, messages: int) -> int:
        """Where in the stream that many messages end, the Pings among them included."""
        ping, payload = self._ping_bytes(), messages * self._frame
        before = [number for number, _, offset, *_ in self.pings if offset - number * ping < payload]
        return payload + ping * len(before)

    def _messages_by(self, row: Row) -> int:
        pings = sum(generated <= row["t"] for _, generated, *_ in self.pings)
        return int((row["app"] - pings * self._ping_bytes()) // self._frame)

    def _first_message_s(self) -> float:
        """When the stream began: no row may show a message before its time."""
        made = [(float(row["t"]), self._messages_by(row)) for row in self.rows]
        return min(t - (messages - 1) * self._interval_s for t, messages in made if messages > 0)

    def _last_seen(self) -> int:
        """The last message that the page's own script saw; without its word, the last one made."""
        made = self._messages_by([row for row in self.rows if row["t"] < self._end_s][-1])
        gaps = [gap for gap in self.javascript.get("gaps", ()) if gap[2] <= made]  # of no later one
        longest = max(gaps, key=lambda gap: gap[1], default=None)
        return self._messages_by(self._begin) if longest is None else int(longest[2])

    @property
    def setup(self) -> Setup:
        """What ours is to be given. Raises ValueError where it could not be given the same."""
        args, meta = self.header["args"], self.header["meta"]
        return Setup(
            frame_bytes=args["frame"],
            deflate=args["deflate"],
            interval_s=self._interval_s,
            ping_interval_s=args["ping_ms"] / 1000 or None,
            asleep=self._sleeper,
            wake=self._wake(meta["chromium"], " ".join(meta["flags"])),
            sleeps_after=self._sleeps_after,
            asleep_s=self._end_s - self._zero_s,
            congestion=args["cc"] or meta["sysctl"]["tcp_congestion_control"],
            sndbuf_bytes=args["sndbuf"] or None,
            rcvbuf_bytes=self._asleep[0]["brb"],
        )

    def _wake(self, version: str, flags: str) -> Wake:
        major = int(version.removeprefix("Chromium ").partition(".")[0])
        closes = major >= _CLOSES_SINCE and f"disable-blink-features={_CLOSES_FLAG}" not in flags
        return Wake.CLOSE_1001 if closes else Wake.DRAIN

    def _held_bytes(self) -> int:
        return max(0, int(self._asleep[-1]["brd"]) - self._page_bytes)

    @property
    def seen(self) -> Seen:
        """What the trace shows."""
        zero_s = self._zero_window_s()
        shut = self._after(self._asleep, zero_s or 0.0, lambda row: row["sw"] == 0)
        refused = self._after(self.events, self._begin["t"], lambda event: event["e"] == "block")
        pongs_asleep, pongs_late = self._pongs()
        return Seen(
            options={name: self.options[name] for name in OPTIONS if name in self.options},
            message_bytes=self._frame,
            held_bytes=self._held_bytes(),
            stopped_s=self._stopped_s() - self._zero_s,
            zero_window_s=None if zero_s is None else zero_s - self._zero_s,
            rcvq_bytes=shut.get("brq"),
            refused_s=refused["t"] - self._zero_s if refused else None,
            absorbed_bytes=refused["k"] - self._page_bytes if refused else None,
            outq_bytes=refused.get("oq"),
            phases=phases_of(self._sample(row) for row in self._asleep),
            pongs_asleep=pongs_asleep,
            pongs_late=pongs_late,
            ending=self._ending(),
            last_read_bytes=self._last_read(),
            drain_bytes_per_s=self._drain(),
        )

    def _after(self, moments: list[Row], since_s: float, right: Callable[[Row], bool]) -> Row:
        """The first one of the sleep that is right; empty where there is none."""
        asleep = (moment for moment in moments if since_s <= moment["t"] < self._end_s)
        return next((moment for moment in asleep if right(moment)), {})

    def _stopped_s(self) -> float:
        """When the message came that was read last, within what the rows leave open."""
        last = self._asleep[-1]["brd"]
        after = next(index for index, row in enumerate(self._asleep) if row["brd"] == last)
        messages = math.ceil((last - self._page_bytes) / self._frame)
        came_s = self._zero_s + (messages - 1) * self._interval_s
        earliest_s, latest_s = self._asleep[max(0, after - 1)]["t"], self._asleep[after]["t"]
        return float(min(max(came_s, earliest_s), latest_s))

    def _zero_window_s(self) -> float | None:
        on_wire = [row[0] for row in self.wire.get("rows", ()) if row[7] == "ZERO_WINDOW"]
        sampled = [row["t"] for row in self._asleep if row["sw"] == 0]
        times = [float(t) for t in on_wire if self._begin["t"] < t < self._end_s] or sampled
        return times[0] if times else None

    def _sample(self, row: Row) -> Sample:
        """One row in our terms; what no phase asks for is 0."""
        received = row["brd"] + row["brq"]
        values: dict[str, Any] = dict.fromkeys(Sample.__struct_fields__, 0)
        values |= {
            "settled": False,
            "open": True,
            "produced_bytes": row["app"],
            "queue_bytes": row["ub"],
            "accepted_bytes": row["k"],
            "refusal": Refusal.EAGAIN if row["blk"] else Refusal.NONE,
            "producer_waits": False,
            "outq_bytes": row["oq"],
            "notsent_bytes": row["oqn"],
            "acked_bytes": row["ack"],
            "snd_wnd_bytes": row["sw"],
            "snd_mss_bytes": self.header["server_tcp"]["snd_mss"],
            "received_bytes": received,
            "rcvq_bytes": row["brq"],
            "rcvbuf_bytes": row["brb"],
            "read_bytes": row["brd"],
            "held_bytes": max(0, row["brd"] - self._page_bytes),
        }
        return Sample(**values)

    def _pongs(self) -> tuple[int | None, str | None]:
        if not self.pings:
            return None, None
        first_s = self._zero_s - self._interval_s / 2
        pongs = [pong for _, generated, _, _, pong in self.pings if first_s <= generated < self._end_s]
        in_time = sum(pong is not None and pong < self._end_s for pong in pongs)
        ever = sum(pong is not None for pong in pongs)
        return in_time, all_of(ever - in_time, len(pongs) - in_time)

    def _ending(self) -> str:
        counts = self.wire["counts"]
        close = next((event for event in self.events if event["e"] == "close_frame"), {})
        tcp = "RST" if counts["rst_from_browser"] else "FIN" if counts["fin_from_browser"] else ""
        if not close and not tcp:
            return DRAINED if self.rows[-1]["ub"] == 0 else "open, not drained"
        return words_of_ending(close.get("code"), close.get("reason"), tcp)

    def _last_read(self) -> int | None:
        if self._ending() == DRAINED:
            return None
        read: int = max(row["brd"] or 0 for row in self.rows) - self._asleep[-1]["brd"]
        return read

    def _drain(self) -> float | None:
        if self._ending() != DRAINED:
            return None
        rest = 2 * self._frame
        for row in self.rows:
            if row["t"] > self._end_s and row["ub"] == 0 and max(row["oq"], row["brq"]) <= rest:
                took_s = float(row["t"] - self._end_s)
                return int(row["brd"] - self._asleep[-1]["brd"]) / took_s
        return None


def _what_sleeps(scenario: str) -> Asleep:
    """By the scenario's name. Raises ValueError where nothing slept."""
    if scenario.removeprefix("ping_").startswith(("normal", "hidden", "idle", "end")):
        raise ValueError(f"nothing slept and woke in a trace of the scenario {scenario!r}")
    if "stop" in scenario:
        return Asleep.PROCESS
    return Asleep.SCRIPT if "jsblock" in scenario or "debugger" in scenario else Asleep.TAB


def words_of_ending(code: int | None, reason: str | None, tcp: str) -> str:
    """A Close frame, if there was one, and the end of TCP."""
    close = "no Close" if code is None else f"Close {code} {reason or 'without reason'}"
    return f"{close}, {tcp}"
