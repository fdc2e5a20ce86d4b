"""A client joins as the server wants it: messages in their turn, a name of its own, a fresh token."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

import stallsim

from .running import command

pytestmark = [pytest.mark.loopback, pytest.mark.realtime]
STREAMS = "backpressure-isolated"
NODE = Path(__file__).parents[1] / "peers" / "node"


def server(*words: object) -> str:
    return f"exec {sys.executable} -m tests.loopback.joinable {' '.join(map(str, words))}"


def probed(path: str, *words: str | Path, exec_: str | None = None) -> dict[str, Any]:
    ended = command(
        "probe", f"ws://127.0.0.1:0{path}", "--exec", exec_ or server(), "--profile", "stop-reading",
        "--quick", "--for", "1MiB", "--json", *words,
    )  # fmt: skip
    assert ended.stdout, ended.stderr
    result: dict[str, Any] = json.loads(ended.stdout)
    return result


def test_messages_are_sent_in_their_turn_with_a_name_of_each_clients_own(tmp_path: Path) -> None:
    subscribe = tmp_path / "subscribe"
    subscribe.write_text("subscribe {client}")
    result = probed(
        "/?name={client}", "--header", "X-Name: {client}", "--hello", "init",
        "--after", "ack {client}", "--hello", f"@{subscribe}", "--hello-hex", "00 10 ff",
    )  # fmt: skip
    assert result["outcome"] == STREAMS, result


def test_the_api_sends_the_same_messages() -> None:
    result = stallsim.probe_blocking(
        "ws://127.0.0.1:0/?name={client}",
        command=server(),
        stalls=["stop-reading"],
        refused="1MiB",
        headers={"X-Name": "{client}"},
        hello=["init", ("ack*", "subscribe {client}"), b"\x00\x10\xff"],
    )
    assert result.outcome == STREAMS, result.summary


def test_who_sends_too_early_is_told_the_servers_own_reason() -> None:
    ended = command(
        "probe", "ws://127.0.0.1:0/?name={client}", "--exec", server(), "--header", "X-Name: {client}",
        "--hello", "subscribe {client}", "--after", "ack*", "--hello", "init", "--start-timeout", "5s",
    )  # fmt: skip
    assert ended.returncode == 3
    assert "closed with 4401: not 'subscribe" in ended.stderr


def test_a_command_prints_the_token_of_this_start(tmp_path: Path) -> None:
    token = tmp_path / "token"
    result = probed("/secret", "--before", f"cat {token}", exec_=server(token))
    assert result["outcome"] == STREAMS, result


def test_a_command_prints_a_url_and_a_field(tmp_path: Path) -> None:
    token = tmp_path / "token"
    printed = f'echo "ws://127.0.0.1:$PORT/secret"; echo "Authorization: Bearer $(cat {token})"'
    result = probed("/no-such-place?name=x", "--before", printed, exec_=server(token))
    assert result["outcome"] == STREAMS, result


def test_deflate_is_offered_as_browsers_do() -> None:
    result = probed("/deflate", "--deflate", exec_=f"DEFLATE=1 {server()}")
    assert result["outcome"] == STREAMS, result


def test_a_server_that_only_answers_is_asked_again_and_again() -> None:
    result = probed("/echo", "--send", "once more {client}", "--every", "1ms")
    assert result["stalls"][0]["verified"], result
    assert result["outcome"] != "inconclusive", result


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--after", "ack"), "--after: no --hello follows"),
        (("--hello-hex", "0x1"), "--hello-hex: expected pairs of hexadecimal digits"),
        (("--hello", "@/no/such/file"), "--hello: @/no/such/file: No such file"),
        (("--hello", "@/bin/true"), "--hello-hex @/bin/true sends it as a binary message"),
        (("--every", "1ms"), "--every: there is no message to send"),
        (("--speak", "mqqt", "a"), "did you mean 'mqtt'"),
        (("--speak", "engine.io x"), "speak engine.io: nothing follows the name"),
    ],
)
def test_what_is_written_wrongly_is_one_line(words: tuple[str, ...], line: str) -> None:
    ended = command("probe", "ws://127.0.0.1:1/", *words)
    assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1), ended.stderr
    assert line in ended.stderr


def test_a_command_that_fails_says_why() -> None:
    ended = command("probe", "ws://127.0.0.1:1/", "--before", "echo no kernel >&2; exit 3")
    assert ended.returncode == 3
    assert "--before ended with 3: 'no kernel" in ended.stderr


def test_a_socket_io_server_is_joined_by_its_name() -> None:
    if shutil.which("node") is None or not (NODE / "node_modules" / "socket.io").exists():
        pytest.skip("not installed: socket.io (make peers)")
    result = probed("/", "--speak", "socket.io", exec_=f"exec node {NODE / 'socketio_emit.js'}")
    assert result["stalls"][0]["verified"], result


def test_a_topic_of_a_broker_is_subscribed_to(tmp_path: Path) -> None:
    broker, publish = shutil.which("mosquitto"), shutil.which("mosquitto_pub")
    if broker is None or publish is None:
        pytest.skip("not installed: mosquitto, mosquitto-clients")
    configuration, socket = tmp_path / "mosquitto.conf", tmp_path / "socket"
    lines = (f"listener 0 {socket}", "allow_anonymous true", "user root", "listener $PORT 127.0.0.1")
    configuration.write_text("\n".join([*lines, "protocol websockets", ""]))
    start = f"sed -i s/\\$PORT/$PORT/ {configuration}; {broker} -c {configuration} &"
    ready = f"until {publish} --unix {socket} -t x -m x; do sleep 0.02; done"
    feed = f"yes {'x' * 4000} | {publish} --unix {socket} -t prices -l"
    script = f"{start} {ready}; {feed}"
    result = probed("/", "--speak", "mqtt", "prices", exec_=script)
    assert result["stalls"][0]["verified"], result
