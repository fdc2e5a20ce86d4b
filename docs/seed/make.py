"""The report's log beside ours and the real Mongoose: ``make seed`` writes seed.svg and numbers.md.

The real Mongoose runs in a process of its own, with a timer of 10 ms instead of the report's 501 ms: what a
queue holds after so many messages does not depend on the time between them.
"""

import json
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

import stallsim
from stallsim.timeline.recording import load_recording

HERE = Path(__file__).parent
FRAME_BYTES, MESSAGES, CAPACITY_BYTES = 6680, 276, 1_845_248
"""Of the report's log: a frame, how many waited when the page was opened again, and the buffer then."""
TIMER_MS = 10
_AXIS = "messages since the growth began"


def ours() -> tuple[list[int], list[int]]:
    """Queue and capacity of the profile ``mongoose-2574``, message by message, until the page is opened."""
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder) / "run.jsonl"
        stallsim.run_blocking("mongoose-2574", record=recording)
        samples = load_recording(recording).samples.get(0) or []
    growth = list(_growth([(one.queue_bytes, one.queue_capacity_bytes) for one in samples]))
    return [queue for queue, _ in growth], [capacity for _, capacity in growth]


def mongoose() -> tuple[list[int], list[int], list[int]]:
    """Queue, capacity and resident set of the real server, until as many messages wait."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [sys.executable, str(HERE / "mongoose.py"), str(port), str(TIMER_MS)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        try:
            rows = list(_rows(server, f"ws://127.0.0.1:{port}/"))
        finally:
            server.kill()
    growth = list(_growth([(row["queue"], row["capacity"], row["resident"]) for row in rows]))
    return [one[0] for one in growth], [one[1] for one in growth], [one[2] for one in growth]


def _rows(server: subprocess.Popen[str], url: str) -> Iterator[dict[str, int]]:
    lines = iter(server.stdout or ())
    next(lines)  # it listens
    with stallsim.open_stalled_blocking(url):
        for line in lines:
            row: dict[str, int] = json.loads(line)
            yield row
            if row["queue"] >= MESSAGES * FRAME_BYTES:
                return


def _growth(rows: list[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
    """The stretch up to the fullest moment in which every message stays whole."""
    fullest = max(range(len(rows)), key=lambda place: rows[place][0])
    first = fullest
    while first and rows[first][0] - rows[first - 1][0] == FRAME_BYTES:
        first -= 1
    begins = first if rows[first][0] == FRAME_BYTES else first + 1
    yield from rows[begins : fullest + 1]


def main() -> None:
    """Run both, draw the figure, and write the table."""
    queue, capacity = ours()
    real_queue, real_capacity, resident = mongoose()
    base = resident[0]
    with mpl.rc_context({"svg.hashsalt": "stallsim", "svg.fonttype": "none", "axes.spines.top": False}):
        figure = Figure(figsize=(11, 4.6), layout="constrained")
        left, right = figure.subplots(1, 2)
        report = [FRAME_BYTES * number for number in range(1, MESSAGES + 1)]
        for label, series, style in (
            ("the report's log", report, "k-"),
            ("mongoose-2574", queue, "C0--"),
            ("the real Mongoose", real_queue, "C1:"),
        ):
            left.plot([one / 1e6 for one in series], style, label=label, linewidth=2)
        left.set(
            title="What waits for the sleeping tab", xlabel="messages since the growth began", ylabel="MB"
        )
        left.legend(frameon=False)
        right.plot([one / 1e6 for one in real_queue], "C1:", label="its queue", linewidth=2)
        right.plot([one / 1e6 for one in real_capacity], "C2-", label="its buffer", linewidth=1)
        grown = [(one - base) / 1e6 for one in resident]
        right.plot(grown, "C3-", label="growth of its resident set", linewidth=2)
        right.set(title="The memory of the real Mongoose", xlabel=_AXIS)
        right.legend(frameon=False)
        figure.savefig(HERE / "seed.svg", metadata={"Date": None})
    rows = (
        ("messages that waited", MESSAGES, len(queue), f"{len(real_queue)}"),
        ("bytes that waited", f"{MESSAGES * FRAME_BYTES:,}", f"{queue[-1]:,}", f"{real_queue[-1]:,}"),
        ("bytes of the buffer", f"{CAPACITY_BYTES:,}", f"{capacity[-1]:,}", f"{real_capacity[-1]:,}"),
        ("growth of the resident set", "not in the log", "", f"{resident[-1] - base:,}"),
    )
    lines = ["| | the report's log | mongoose-2574 | the real Mongoose |", "|---|---|---|---|"]
    lines += [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]
    (HERE / "numbers.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
