"""Invalid command lines and invalid files: exit code 2, and one line."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from stallsim.timeline.records import FORMAT_VERSION

from .builders import header, info, sample
from .command_line import CommandLine

HEADER, INFO = (msgspec.json.encode(record) + b"\n" for record in (header(), info()))
FLEET = ["fleet", "ws://127.0.0.1:1/"]
COMMANDS: list[Any] = [
    ("unknown command", ["rum"], "No such command 'rum'"),
    ("unknown option", ["run", "stop-reading", "--jsn"], "No such option: --jsn"),
    ("unknown option before a command", ["--verbos", "list"], "No such option: --verbos"),
    ("missing profile", ["run"], "name one profile: flapping"),
    ("missing profile of show", ["show"], "Missing argument"),
    ("missing file of replay", ["replay"], "Missing argument"),
    ("missing file of diff", ["diff", "a"], "Missing argument"),
    ("one argument too many", ["list", "all"], "unexpected extra argument"),
    ("a profile twice", ["run", "stop-reading", "--profile", "stop-reading"], "name one profile"),
    ("an option without its value", ["run", "stop-reading", "--set"], "requires an argument"),
    ("speed 0", ["run", "stop-reading", "--speed", "0"], "--speed"),
    ("negative speed", ["run", "stop-reading", "--speed", "-1"], "--speed"),
    ("speed nan", ["run", "stop-reading", "--speed", "nan"], "--speed"),
    ("endless speed", ["replay", "x", "--speed", "1e9"], "--speed"),
    ("speed that is no number", ["run", "stop-reading", "--speed", "fast"], "--speed"),
    ("duration and ticks", ["run", "stop-reading", "--set", "ticks=9", "--duration", "1s"], "--set ticks"),
    ("duration without a unit", ["run", "stop-reading", "--duration", "10"], "--duration: ", "got '10'"),
    ("duration of no tick", ["run", "stop-reading", "--duration", "1ms"], "0.001 s are 0 ticks of"),
    ("duration of too many", ["run", "stop-reading", "--duration", "24h"], "17,280,000 ticks", "to 10,000"),
    ("unknown profile", ["run", "stop-readin"], "profile 'stop-readin'; did you mean 'stop-reading'?"),
    ("unknown profile of show", ["show", "tab"], "unknown profile 'tab'", "allowed: sleeping-tab"),
    ("empty name", ["run", ""], "unknown profile ''"),
    ("missing profile file", ["run", "{dir}/none.toml"], "{dir}/none.toml: cannot be read: No such file"),
    ("a folder for a profile", ["run", "{dir}"], "{dir}: not a regular file"),
    ("a device for a profile", ["show", "/dev/zero"], "/dev/zero: not a regular file"),
    ("a name too long for a file", ["run", "x" * 5000 + ".toml"], "cannot be read: File name too long"),
    ("an existing recording", ["run", "stop-reading", "--record", "{dir}/garbage"], "{dir}/garbage: exists",
     "--force overwrites it"),
    ("a folder that is not there", ["run", "stop-reading", "--record", "{dir}/no/r"], "{dir}/no/r: cannot"),
    ("a folder for a recording", ["run", "stop-reading", "--record", "{dir}", "--force"], "Is a directory"),
    ("replay of nothing", ["replay", "{dir}/none"], "{dir}/none: cannot be read: No such file"),
    ("replay of a folder", ["replay", "{dir}"], "{dir}: cannot be read: Is a directory"),
    ("replay of an empty file", ["replay", "{dir}/empty"], "{dir}/empty: not a recording"),
    ("replay of garbage", ["replay", "{dir}/garbage"], "{dir}/garbage: not a recording of stallsim"),
    ("replay of binary", ["replay", "{dir}/binary"], "{dir}/binary: not a recording of stallsim"),
    ("replay of other JSON", ["replay", "{dir}/json"], "{dir}/json: not a recording of stallsim"),
    ("replay of half a header", ["replay", "{dir}/half"], "{dir}/half: not a recording"),
    ("replay of another version", ["replay", "{dir}/version"], "expected version 4, found version 99"),
    ("replay without a header", ["replay", "{dir}/headless"], "expected version 4, found no header"),
    ("replay of a damaged line", ["replay", "{dir}/damaged"], "{dir}/damaged: line 2 is damaged"),
    ("replay of an orphan", ["replay", "{dir}/orphan"], "connection 0 was never opened"),
    ("replay of a phase without a connection", ["replay", "{dir}/stray"], "never opened"),
    ("replay of a client of no number", ["replay", "{dir}/numbers"], "{dir}/numbers: "),
    ("none among guards", ["matrix", "--guard", "none+ping-timeout"], "none is a set of its own"),
    ("a key without a name", ["show", "stop-reading", "--set", '""=1'], "unknown key"),
    ("certificates without TLS", ["probe", "ws://127.0.0.1:1/", "--ca", "/x"], "--ca needs TLS"),
    ("a message without an end", ["probe", "ws://127.0.0.1:1/", "--hello", "@/dev/zero"], "16,777,216"),
    ("bytes without an end", ["probe", "ws://127.0.0.1:1/", "--hello-hex", "@/dev/zero"], "16,777,216"),
    ("a scheduler without its scheme", [*FLEET, "--scheduler", "host:1"], "--scheduler: expected tcp://"),
    ("a scheduler without its port", [*FLEET, "--scheduler", "tcp://host"], "HOST:PORT, got 'tcp://host'"),
    ("a fleet over a unix socket", ["fleet", "ws+unix:/run/x:/"], "ws:// or wss:// over TCP"),
    ("more clients at least than at most", [*FLEET, "--clients", "90", "--min-clients", "5000"],
     "--min-clients: 5,000 clients are never open if --clients is 90; allowed: 1 to 90"),
    ("more at least than is usual", [*FLEET, "--min-clients", "1001"], "--clients is 1,000; allowed: 1 to"),
    ("no client at least", [*FLEET, "--min-clients", "0"], "--min-clients"),
    ("a receive buffer that no socket has", [*FLEET, "--rcvbuf", "2147483648"],
     "--rcvbuf: expected `default`, or a size from 1 B to 1.1 GB, got '2147483648'"),
    ("a receive buffer of nothing", [*FLEET, "--rcvbuf", "0"], "--rcvbuf: expected `default`, or a size"),
    ("a rate that never opens one", [*FLEET, "--rate", "1e-300"], "such as 5000/s, at least 0.01/s, got"),
    ("memory without its limit", [*FLEET, "--fail-on", "refused,memory"],
     "--fail-on: memory needs a limit of the server's memory (--memory); allowed without one: witnesses,"),
    ("a cost of one size", [*FLEET, "--steps", "1", "--max-memory-per-client", "1MiB"],
     "--clients 1,000 with --steps 1 makes one; allowed: at least 2 of each"),
    ("a cost of one client", [*FLEET, "--clients", "1", "--max-memory-per-client", "1MiB"],
     "--clients 1 with --steps 5 makes one; allowed"),
    ("a mix and a kind", [*FLEET, "--profile", "vanishing", "--mix", "no-pong"], "it replaces --profile"),
    ("diff of nothing", ["diff", "{dir}/none", "{dir}/none"], "{dir}/none: cannot be read"),
    ("diff of garbage", ["diff", "{dir}/garbage", "{dir}/garbage"], "{dir}/garbage: not a recording"),
    ("diff of a broken result", ["diff", "{dir}/result", "{dir}/result"], "{dir}/result: not a result"),
]  # fmt: skip
PHASE = b'{"type":"phase","tick":0,"phase":"flowing","sample":%s}\n'
SAMPLE = msgspec.json.encode(sample())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files that are not what the command wants."""
    files = {
        "empty": b"",
        "garbage": b"what is this?\n",
        "binary": bytes(range(256)) + b"\n",
        "json": b'{"type":"package","version":1}\n',
        "half": HEADER[:100],
        "version": HEADER.replace(b'"version":%d,' % FORMAT_VERSION, b'"version":99,'),
        "headless": b'{"type":"end","tick":1,"attempts":1,"wall_s":1.0}\n',
        "damaged": HEADER + b'{"type":"event"}\n',
        "orphan": HEADER + SAMPLE + b"\n",
        "stray": HEADER + PHASE % SAMPLE,
        "numbers": HEADER + INFO.replace(b'"connection":0', b'"connection":7') + PHASE % SAMPLE,
        "ceiling": HEADER + b'{"type":"event","tick":0,"kind":"memory-ceiling"}\n',
        "result": b'{"schema":"stallsim.result/1"}\n',
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.mark.usefixtures("no_run")
@pytest.mark.parametrize(
    ("argv", "saying"), [(argv, saying) for _, argv, *saying in COMMANDS], ids=[c[0] for c in COMMANDS]
)
def test_is_refused(argv: list[str], saying: list[str], folder: Path, command_line: CommandLine) -> None:
    def fill(words: str) -> str:
        return words.replace("{dir}", str(folder))

    command_line.refuses(*map(fill, argv), code=2, saying=("stallsim: ", *map(fill, saying)))


@pytest.mark.usefixtures("no_run")
@pytest.mark.skipif("os.getuid() == 0", reason="root reads every file")
def test_an_unreadable_profile(tmp_path: Path, command_line: CommandLine) -> None:
    path = tmp_path / "secret.toml"
    path.touch(mode=0)
    command_line.refuses("run", str(path), code=2, saying=(f"{path}: cannot be read: Permission denied",))


def test_a_refused_recording_leaves_the_file_as_it_was(folder: Path, command_line: CommandLine) -> None:
    path = folder / "garbage"
    command_line.refuses("run", "stop-reading", "--record", str(path), code=2, saying=("exists",))
    assert path.read_bytes() == b"what is this?\n"
