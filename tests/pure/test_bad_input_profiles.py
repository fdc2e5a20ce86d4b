"""Profiles that cannot be run: each is refused in one line that names file, key and what is allowed.

Each case is one change to a profile that is good.
"""

from pathlib import Path

import pytest

from stallsim.profile.load import load_profile
from stallsim.runner.resolve import resolve_scenario

from .command_line import CommandLine

GOOD = """
title = "A good profile"
description = "Changed by each case."
expectation = "Each case is refused."
ticks = 10

[stream]
frame = 6680
interval = "5ms"

[server]
policy = "disconnect"
sndbuf = "64KiB"

[server.disconnect]
limit-bytes = "1MiB"

[stack]
private = false

[[clients]]
name = "hung"
kind = "stop-reading"
rcvbuf = "64KiB"

[[expect]]
client = "hung"
phases = ["flowing"]
"""

CASES = [
    # the case, what is replaced, by what, and what the line must say beside the file's name
    ("unknown policy", '"disconnect"', '"disconect"', "server.policy", "did you mean 'disconnect'?"),
    ("unknown kind", '"stop-reading"', '"stop-readin"', "clients.0.kind", "did you mean 'stop-reading'?"),
    ("unknown key at the top", "ticks =", "tiks = 1\nticks =", "tiks", "did you mean 'ticks'?"),
    ("unknown key of the stream", "frame =", "fram = 1\nframe =", "stream.fram", "frame, interval"),
    ("unknown key of the server", "sndbuf =", "sndbuff =", "server.sndbuff", "did you mean 'sndbuf'?"),
    ("unknown table of the server", "[server.d", "[server.dx", "server.dxisconnect", "unknown key"),
    ("unknown client option", "rcvbuf", "rcvbuff", "clients.0.rcvbuff", "did you mean 'rcvbuf'?"),
    ("another kind's option", "rcvbuf", "wake-tick", "clients.0.wake-tick", "unknown key", "stop-tick"),
    ("unknown policy option", "limit-bytes", "limit-byte", "server.disconnect.limit-byte", "limit-bytes"),
    ("unknown key of an expectation", "phases", "phase", "expect.0.phase", "did you mean 'phases'?"),
    ("unknown key of the stack", "private", "privat", "stack.privat", "did you mean 'private'?"),
    ("a number for a text", '"A good profile"', "7", "title", "expected str, got int"),
    ("a text for a number", "ticks = 10", 'ticks = "ten"', "ticks", "expected int, got str"),
    ("a fraction for a whole number", "ticks = 10", "ticks = 1.5", "ticks", "expected int, got float"),
    ("a list for a size", "6680", "[1]", "stream.frame", "a size such as"),
    ("a word for a flag", "private = false", 'private = "no"', "stack.private", "expected bool, got str"),
    ("a table for clients", "[[clients]]", "[clients]", "clients", "expected an array of tables"),
    ("one table for many", "[[expect]]", "[expect]", "expect", "expected an array of tables"),
    ("unknown unit", '"5ms"', '"5 fortnights"', "stream.interval", "us, ms, s, m, h"),
    ("unknown unit of size", '"64KiB"\n\n[server', '"64KB"\n\n[server', "server.sndbuf", "KiB, MiB, GiB"),
    ("missing unit", '"5ms"', "5", "stream.interval", "a duration such as 250ms"),
    ("missing unit in a text", '"5ms"', '"5"', "stream.interval", "units: us, ms"),
    ("negative size", "6680", "-1", "stream.frame", "at least 0"),
    ("negative duration", '"5ms"', '"-5ms"', "stream.interval", "a duration such as"),
    ("no duration at all", '"5ms"', '"0s"', "stream.interval", "more than 0"),
    ("half a byte", "6680", '"0.5B"', "stream.frame", "a whole number of bytes"),
    ("a boundless send buffer", 'sndbuf = "64KiB"', 'sndbuf = "10GiB"', "server.sndbuf", "1,073,741,824"),
    ("a boundless frame", "6680", '"1000GB"', "stream.frame", "16,777,216"),
    ("a frame that WebSocket has not", "6680", "128", "stream.frame", "18 to 127, 130 to 65539"),
    ("nor the next one", "6680", "129", "stream.frame", "no WebSocket frame has 129 bytes"),
    ("nor a longer one", "6680", "65545", "stream.frame", "65546 or more"),
    ("a frame without room", "6680", "17", "stream.frame", "18 to 127"),
    ("no ticks", "ticks = 10", "ticks = 0", "ticks", "at least 1"),
    ("endless ticks", "ticks = 10", "ticks = 10_000_001", "ticks", "at most 10,000,000"),
    ("a count of 0", "rcvbuf", "count = 0\nrcvbuf", "clients.0.count", "at least 1"),
    ("a tick before the first", "rcvbuf", "stop-tick = -1\nrcvbuf", "clients.0.stop-tick", "at least 0"),
    ("a segment too small", "rcvbuf", "maxseg = 87\nrcvbuf", "clients.0.maxseg", "at least 88"),
    ("bad pace", "ticks =", 'pace = "fast"\nticks =', "pace", "allowed: lockstep, realtime"),
    ("bad write mode", "sndbuf", 'write = "x"\nsndbuf', "server.write", "until-refused, when-writable"),
    ("bad wake", 'p-reading"', 'p-reading"\nwake = "x"', "clients.0.wake", "unknown key"),
    ("the same name twice", "[[expect]]", '[[clients]]\nname = "hung"\nkind = "zero-window"\n[[expect]]',
     "clients.1.name", "'hung' is the name of clients.0, too"),
    ("a name with a space", '"hung"\nkind', '"a b"\nkind', "clients.0.name", "letters, digits"),
    ("a name too long", '"hung"\nkind', f'"{"x" * 33}"\nkind', "clients.0.name", "at most 32 characters"),
    ("no kind", 'kind = "stop-reading"', "", "clients.0", "'kind' is required and absent"),
    ("no title", 'title = "A good profile"', "", "'title' is required and absent"),
    ("expects a stranger", 'client = "hung"', 'client = "hun"', "expect.0.client", "did you mean 'hung'?"),
    ("expects an unknown phase", '"flowing"', '"flown"', "expect.0.phases", "did you mean 'flowing'?"),
    ("forbids an unknown phase", "phases", 'never = ["x"]\nphases', "expect.0.never", "phase 'x'"),
    ("unknown metric", "phases", 'metric = "x"\nphases', "expect.0.metric", "queue-bytes-max"),
    ("metric without bounds", "phases", 'metric = "read-bytes"\nphases', "expect.0.metric", "min, max"),
    ("bounds without a metric", "phases", "min = 1\nphases", "expect.0", "need a metric"),
    ("min above max", "phases", 'metric = "read-bytes"\nmin = 2\nmax = 1\nphases', "expect.0.min", "2 is"),
    ("an expectation of nothing", 'phases = ["flowing"]', "", "expect.0", "has no condition"),
    ("a key that is ours", "sndbuf", "options = {}\nsndbuf", "server.options", "unknown key"),
    ("the name of the file", "ticks =", 'profile = "x"\nticks =', "profile", "unknown key"),
    ("a number too large for a float", "6680", '"' + "9" * 400 + 'B"', "stream.frame"),
    ("a number too long to read", "6680", "9" * 5000),
    ("a syntax error", "[stream]", "[stream", "not valid TOML", "line 7"),
    ("a key twice", "ticks = 10", "ticks = 10\nticks = 11", "not valid TOML"),
    ("deep nesting", '"A good profile"', "[" * 5000, "not valid TOML"),
]  # fmt: skip


def test_the_profile_that_every_case_changes_is_good(tmp_path: Path) -> None:
    path = tmp_path / "good.toml"
    path.write_text(GOOD)
    assert resolve_scenario(load_profile(str(path))).clients


@pytest.mark.usefixtures("no_run")
@pytest.mark.parametrize(
    ("old", "new", "saying"),
    [(old, new, saying) for _, old, new, *saying in CASES],
    ids=[c[0] for c in CASES],
)
def test_is_refused(
    old: str, new: str, saying: list[str], tmp_path: Path, command_line: CommandLine
) -> None:
    path = tmp_path / "bad.toml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new, 1))
    command_line.refuses("run", str(path), code=2, saying=(f"stallsim: {path}: ", *saying))


@pytest.mark.usefixtures("no_run")
@pytest.mark.parametrize(
    ("content", "saying"),
    [
        (b"", "'title' is required and absent"),
        (GOOD.replace("A good", "\xe4").encode("latin-1"), "not UTF-8 text"),
        (b"\x00\xff\xfe\x7fELF", "not UTF-8 text"),
        (b"# nothing\n" * 110_000, "larger than 1 MiB"),
        (GOOD.partition("[[clients]]")[0].encode(), "'clients' is required and absent"),
        (GOOD.partition("[stream]")[0].encode() + b"clients = []\n", "at least one [[clients]] table"),
    ],
    ids=["empty", "latin-1", "binary", "huge", "no clients", "an empty list of clients"],
)
def test_no_profile_at_all(content: bytes, saying: str, tmp_path: Path, command_line: CommandLine) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    command_line.refuses("run", str(path), code=2, saying=(f"stallsim: {path}: ", saying))
