"""``python tests/browser/record.py TRACE.jsonl``: how the Chromium that is installed here sleeps and wakes.

A plain server streams to a page of its own; DevTools freezes the page and wakes it. ``compare.py`` lays
ours beside the trace.
"""

import argparse
import json
import platform
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

if not __package__:
    sys.path.insert(0, str(Path(__file__).parents[2]))


from tests.browser import chromium
from tests.browser.plain_server import COLUMNS, PlainServer, Row
from tests.browser.trace_stack import loopback_mtu

_AWAKE_S, _AFTERWARDS_S, _DRAIN_S_MAX = 2.0, 1.0, 10.0
_DRAINS = "--disable-blink-features=DisconnectWebSocketOnBFCache"
_SYSCTLS = (
    *("tcp_rmem", "tcp_wmem", "tcp_moderate_rcvbuf", "tcp_congestion_control", "tcp_timestamps"),
    *("tcp_adv_win_scale", "tcp_rto_min_us", "tcp_notsent_lowat"),
)
_PAGE = """<!doctype html><title>a trace</title><pre id=gaps></pre><script>
let count = 0, last = performance.now(), gaps = []
function note(now) {
  if (now - last > 400) gaps.push([last / 1000, (now - last) / 1000, count])
  last = now
}
const socket = new WebSocket(location.href.replace("http", "ws"))
socket.onmessage = () => { note(performance.now()); count += 1 }
function show() {
  note(performance.now())
  document.getElementById("gaps").textContent = JSON.stringify(gaps)
}
</script>"""


def main() -> int:
    """Record one trace; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("trace", type=Path)
    parser.add_argument("--frame", type=int, default=6680, help="bytes of a message on the wire")
    parser.add_argument("--interval", type=float, default=5, help="milliseconds from one to the next")
    parser.add_argument("--asleep", type=float, default=5, help="seconds")
    parser.add_argument("--congestion", default="", help="the machine's by default")
    parser.add_argument("--drains", action="store_true", help="wake as browsers did before version 149")
    parser.add_argument("--deflate", action="store_true", help="permessage-deflate")
    given = parser.parse_args()
    if chromium.COMMAND is None:
        print("no Chromium is installed", file=sys.stderr)
        return 3
    with given.trace.open("x") as trace:
        for line in record(given):
            trace.write(json.dumps(line, separators=(",", ":")) + "\n")
    return 0


def record(given: argparse.Namespace) -> list[Any]:
    """The header, what was noted in its order, and what was known at the end."""
    server = PlainServer(
        _PAGE, given.frame, given.interval / 1000, deflate=given.deflate, congestion=given.congestion
    )
    flags = [_DRAINS] if given.drains else []
    streaming = threading.Thread(target=server.run, daemon=True)
    streaming.start()
    with chromium.tab(server.url, *flags) as tab:
        while not server.messages:
            time.sleep(0.01)
        time.sleep(_AWAKE_S)
        server.mark("freeze")
        tab.set_state("frozen")
        server.mark("stall_applied")
        time.sleep(given.asleep)
        server.mark("pre_release")
        server.mark("thaw")
        tab.set_state("active")
        until_s = time.monotonic() + _DRAIN_S_MAX
        while server.waiting and time.monotonic() < until_s:
            time.sleep(0.01)
        time.sleep(_AFTERWARDS_S)
        gaps = tab.text("gaps")
        server.stop = True
        streaming.join()
    counts = {f"{end.lower()}_from_browser": server.ends.count(end) for end in ("RST", "FIN")}
    tail = [{"js": {"gaps": json.loads(gaps)}}, {"wire": {"counts": counts, "rows": []}}]
    made = {"e": "final", "status": {"app": server.bytes_made, "seq": server.messages}}
    return [_header(given, server, flags), *server.notes, made, *tail]


def _header(given: argparse.Namespace, server: PlainServer, flags: list[str]) -> Row:
    assert chromium.COMMAND is not None
    version = subprocess.run([chromium.COMMAND, "--version"], capture_output=True, text=True, check=True)
    settings = {name: Path("/proc/sys/net/ipv4", name).read_text().split() for name in _SYSCTLS}
    return {
        "type": "header",
        "format": "stallsim-groundtruth/1",
        "columns": COLUMNS,
        "args": {
            "interval_ms": given.interval,
            "frame": given.frame,
            "ping_ms": 0,
            "cc": given.congestion,
            "sndbuf": 0,
            "deflate": given.deflate,
        },
        "meta": {
            "scenario": "frozen",
            "chromium": " ".join(version.stdout.split()[:2]),
            "flags": flags,
            "kernel": platform.release(),
            "lo_mtu": loopback_mtu(),
            "sysctl": {name: " ".join(words) for name, words in settings.items()},
        },
        "server_tcp": server.first_tcp,
    }


if __name__ == "__main__":
    sys.exit(main())
