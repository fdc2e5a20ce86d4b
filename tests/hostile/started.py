"""The commands that start something: a few forms of each, as words for Python, and how each may end."""

import random
import sys
from pathlib import Path
from typing import NamedTuple

from tests.loopback.running import REALTIME

from .odd_files import RECORDINGS

SERVER = f"{sys.executable} -S {Path(__file__).with_name('streaming_server.py')}"
_SET = tuple(word for key in REALTIME for word in ("--set", key))
_TINY = ("--for", "100KiB", "--profile", "stop-reading")
_PROBE = ("probe", "--exec", SERVER, "ws://127.0.0.1:0/")

API = """
import stallsim, sys
try:
    {call}
except KeyboardInterrupt:
    sys.exit(130)
"""
_CALLS = (
    f"stallsim.probe_blocking('ws://127.0.0.1:0/', command={SERVER!r}, stalls='vanishing', refused=100000)",
    "stallsim.run_blocking('sleeping-tab', {'pace': 'realtime', 'stream.interval': '20ms'})",
    "stallsim.run_blocking('mixed-crowd')",
    f"""import trio
    async def main():
        await stallsim.probe('ws://127.0.0.1:0/', command={SERVER!r}, stalls='no-pong', refused=100000)
    trio.run(main)""",
)
_OPENED = """with stallsim.open_stalled_blocking({url!r}) as client:
        client.wait_stalled()"""
"""Nobody answers there."""
TEST = """
def test_a_sleeping_client(serve, stalled):
    stalled(serve({server!r}), profile="stop-reading", for_="100KiB")

def test_another(serve):
    serve({server!r})
    serve({server!r})
    import time
    time.sleep(0.2)
"""


class Form(NamedTuple):
    """A command line, and which exit codes there are beside that of a signal."""

    words: tuple[str, ...]
    codes: frozenset[int] = frozenset({0})
    exits_on_signals: bool = True
    """Whether it is ours to say how it ends by a signal: pytest and a user's script have their own ways."""
    recording: str = ""


def _recorded(*words: str) -> Form:
    return Form(("-m", "stallsim", *words, "--record", "recording.jsonl"), recording="recording.jsonl")


def _plain(*words: str, codes: frozenset[int] = frozenset({0})) -> Form:
    return Form(("-m", "stallsim", *words), codes)


def forms(name: str, draw: random.Random, folder: Path, watched: str) -> list[Form]:
    """Those of that command; ``watched`` is where a server listens."""
    match name:
        case "run":
            return [
                _recorded("run", "sleeping-tab", *_SET),
                _recorded("run", "sleeping-tab"),
                _recorded("run", "half-open"),
                _recorded("run", "sleeping-tab-tls", "-o", "report.html"),
                _recorded("run", "flapping", "--duration", "8h"),
                _plain("run", "sleeping-tab", "--serve", "0", "--json"),
                _plain("run", "mixed-crowd", "--pcap", "packets.pcapng"),
            ]
        case "probe":
            return [
                _recorded(*_PROBE, *_TINY),
                _recorded(*_PROBE, *_TINY, "--private-stack"),
                _plain(*_PROBE, *_TINY, "--json", "--junit", "probe.xml"),
                _plain(*_PROBE, *_TINY, "-o", "report.html", "--pcap", "packets.pcapng"),
            ]
        case "matrix":
            some = ("matrix", "--policy", "disconnect", "--client", "no-pong")
            return [_plain(*some), _plain(*some, "--json"), _plain(*some, "--picture", "matrix.svg")]
        case "fleet":
            words = ("fleet", "--exec", SERVER, "ws://127.0.0.1:0/", "--clients", "12", "--steps", "2")
            mixed = ("--mix", "sleeping-tab=2,flapping=1,slow-reader=1", "--hold", "100ms", "--wake", "50%")
            return [
                _plain(*words, "--look", "100ms"),
                _plain(*words, "--look", "100ms", "--json"),
                _recorded(*words, "--look", "100ms", *mixed),
            ]
        case "tour":
            lessons = [("tour", str(one), "--non-interactive") for one in (1, 3, 7, 12)]
            return [_plain(*one, "--transcript", "tour.md") for one in lessons]
        case "watch":
            words = ("watch", watched, "--interval", "100ms", "--after", "200ms", "--duration", "1s")
            return [
                _plain(*words, "--on-stall", "sleep 0.1"),
                _plain(*words, "--json", "--metrics", "127.0.0.1:0"),
                _recorded(*words, "--on-stall", "stall.jsonl"),
            ]
        case "replay":
            whole = str(draw.choice(RECORDINGS))
            return [
                _plain("replay", whole, "--plain"),
                _plain("replay", whole, "--json"),
                _plain("replay", whole, "--speed", "0.5"),
                _plain("diff", whole, whole, codes=frozenset({0, 2})),
            ]
        case "report":
            whole = str(draw.choice(RECORDINGS))
            return [
                _plain("report", whole, "-o", "report.html"),
                _plain("report", whole, "-o", "report.svg", codes=frozenset({0, 2})),
                _plain("report", whole, "--format", "md", "-o", "-"),
                _plain("report", whole, "-o", "report.xml"),
            ]
        case "API":
            calls = (*_CALLS, _OPENED.format(url=f"ws://127.0.0.1{watched}/"))
            return [_script(folder, number, call) for number, call in enumerate(calls)]
        case "pytest":
            path = folder / "test_stalled.py"
            path.write_text(TEST.format(server=SERVER))
            words = ("-m", "pytest", "-p", "no:cacheprovider", "-q", "--rootdir", ".", str(path))
            return [Form(words, frozenset({0, 1}), exits_on_signals=False)]
        case _:
            raise ValueError(name)


def _script(folder: Path, number: int, call: str) -> Form:
    path = folder / f"script{number}.py"
    path.write_text(API.format(call=call))
    return Form((str(path),), exits_on_signals=False)


NAMES = ("run", "probe", "matrix", "fleet", "tour", "watch", "replay", "report", "API", "pytest")


def drawn(name: str, draw: random.Random, folder: Path, watched: str) -> Form:
    """One of them."""
    return draw.choice(forms(name, draw, folder, watched))
