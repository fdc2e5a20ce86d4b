"""``stallsim watch`` on the command line: table, lines, JSON, dashboard, files, and its end."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from stallsim.cli._watch_shown import _draw
from stallsim.errors import EnvironmentUnfit
from stallsim.kernel import sock_diag
from stallsim.profile.schema import struct_schema
from stallsim.timeline.watched import Snapshot
from stallsim.watching.servers import find_servers
from stallsim.watching.session import WatchSession
from stallsim.watching.watch import Watch
from tests.pure.command_line import CommandLine

from .connections import Connection, connected, listen, write_until_refused
from .running import COMMAND, ENVIRONMENT
from .terminal import on_terminal

pytestmark = pytest.mark.loopback
LISTENS = """
import socket, sys
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
sys.stdin.read()
"""
SERVER = (COMMAND[0], "-c", LISTENS)
QUICKLY = ("--interval", "200ms", "--after", "100ms")


@pytest.fixture
def stalled() -> Iterator[Connection]:
    with listen("127.0.0.1") as listener, connected(listener, "127.0.0.1") as ends:
        write_until_refused(ends.server)
        yield ends


def target(ends: Connection) -> str:
    return f":{ends.server_at[1]}"


def test_once_is_one_table_with_the_verdict_on_top(stalled: Connection, command_line: CommandLine) -> None:
    ended = command_line("watch", target(stalled), "--once", "--interval", "500ms", "--after", "100ms")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("VERDICT  1 of 1 client has stopped reading, for ")
    assert f"127.0.0.1:{stalled.client_at[1]}" in ended.out
    assert "ss -tK" in ended.out


def test_json_is_what_its_schema_says(stalled: Connection, command_line: CommandLine) -> None:
    ended = command_line("watch", target(stalled), "--json", "--duration", "1s", *QUICKLY)
    assert ended.code == 0
    lines = [json.loads(line) for line in ended.out.splitlines()]
    schema = json.loads(command_line("schema", "--watch").out)
    assert schema == struct_schema(Snapshot)
    for line in lines:
        jsonschema.validate(line, schema)
    assert [line["look"] for line in lines] == list(range(1, len(lines) + 1))
    assert len(lines) > 1


def test_a_threshold_ends_it_with_1(stalled: Connection, command_line: CommandLine) -> None:
    ended = command_line("watch", target(stalled), "--plain", "--fail-on", "stalled:300ms", *QUICKLY)
    assert ended.code == 1
    assert "word=stalled" in ended.out
    assert "FAIL     1 stalled for 300 ms or longer" in ended.out
    ended = command_line("watch", target(stalled), "--once", "--interval", "100ms", "--fail-on", "orphan")
    assert ended.code == 0


def test_anonymous_shows_no_address(stalled: Connection, command_line: CommandLine) -> None:
    ended = command_line("watch", target(stalled), "--once", "--interval", "100ms", "--anonymous", "--json")
    assert "127.0.0.1" not in ended.out
    assert str(stalled.client_at[1]) not in ended.out


def test_a_recording_is_replayed_and_reported(
    stalled: Connection, command_line: CommandLine, tmp_path: Path
) -> None:
    path, ring = tmp_path / "watch.jsonl", tmp_path / "incident.jsonl"
    files = ("--record", str(path), "--on-stall", str(ring))
    assert command_line("watch", target(stalled), "--plain", "--duration", "1s", *files, *QUICKLY).code == 0
    for recording in (path, ring):
        replayed = command_line("replay", str(recording))
        assert replayed.code == 0
        assert f"watch={target(stalled)}" in replayed.out
        assert "event=word" in replayed.out
        assert "VERDICT  1 of 1 client has stopped reading" in replayed.out
        shown = json.loads(command_line("replay", str(recording), "--json").out)
        assert shown["totals"]["words"]["stalled"] == 1
        reported = command_line("report", str(recording))
        assert "### stallsim watch" in reported.out
        assert "1 stalled" in reported.out
    command_line.refuses(
        "watch", target(stalled), "--record", str(path), code=2, saying=("exists", "--force")
    )


@pytest.mark.parametrize(
    ("words", "saying"),
    [
        (("--interval", "2"), ("--interval", "expected a duration")),
        (("--fail-on", "dead"), ("--fail-on", "unknown word 'dead'", "stalled")),
        (("--once", "--record", "x.jsonl"), ("--once prints one table",)),
        (("--metrics", "here"), ("--metrics here", "127.0.0.1:9464")),
        (("--metrics-file", "/nowhere/x.prom"), ("there is no folder",)),
        (("--on-stall", "/nowhere/x.jsonl"), ("there is no folder",)),
        (("--on-stall", "x.json"), ("no such command exists", ".jsonl")),
    ],
)
def test_a_wrong_option_is_refused_before_the_first_look(
    words: tuple[str, ...], saying: tuple[str, ...], stalled: Connection, command_line: CommandLine
) -> None:
    command_line.refuses("watch", target(stalled), *words, code=2, saying=saying)


def test_a_process_that_ends_is_a_note_and_no_error() -> None:
    with subprocess.Popen(SERVER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        watch = Watch(find_servers(f":{port}"))
        assert watch.look().notes == ()
        server.kill()
    ended, after = watch.look(), watch.look()
    watch.close()
    gone = f"process {server.pid} has ended, and no process is seen to listen on :{port}"
    assert after.notes == (gone,)
    assert ended.verdict == "no client is connected"


def test_without_a_window_of_the_kernel_no_stall_is_confirmed(
    stalled: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def before_linux_5_4() -> None:
        raise EnvironmentUnfit("this kernel does not report a peer's window; Linux 5.4 or newer reports it")

    monkeypatch.setattr(sock_diag, "require_tcp_info", before_linux_5_4)
    watch = Watch(find_servers(target(stalled)))
    snapshot = watch.look()
    watch.close()
    assert snapshot.source == f"/proc/{os.getpid()}/net/tcp"
    assert "a stall cannot be confirmed (this kernel does not report a peer's window)" in snapshot.notes[0]
    assert snapshot.totals.words["stalled"] == 0


@pytest.mark.realtime
def test_the_dashboard_leaves_the_terminal_as_it_was(stalled: Connection) -> None:
    for keys, code in ((b"dq", 0), (signal.SIGINT, 130)):
        ended, screen = on_terminal("watch", target(stalled), keys=keys, once=b"keys")
        assert ended == code, screen
        assert screen.count("\x1b[?1049h") == screen.count("\x1b[?1049l") == 1
        assert "VERDICT  " in screen.rpartition("\x1b[?1049l")[2]


def test_what_goes_wrong_behind_the_dashboard_is_one_line(stalled: Connection) -> None:
    def full(*_: object) -> None:
        raise EnvironmentUnfit("the disk is full")

    session = WatchSession(target(stalled))
    session.listeners.append(full)
    with pytest.raises(EnvironmentUnfit, match="the disk is full"):
        _draw(session, "none")
    session.close()


def test_an_interrupted_watch_prints_its_verdict(stalled: Connection) -> None:
    words = [*COMMAND, "watch", target(stalled), "--plain", "--interval", "100ms"]
    with subprocess.Popen(words, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("watch=:")
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
    assert process.returncode == 130
    assert rest.splitlines()[-1].startswith("t=")
    assert "verdict=" in rest
