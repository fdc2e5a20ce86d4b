"""A started server is ready when its handshake works; the next one starts when nothing of it is left."""

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import trio

from stallsim.probing.address import parse_url
from stallsim.probing.client.join import join
from stallsim.probing.resolving import resolve
from stallsim.probing.spec import Target
from tests.peers.launch import free_port

from .running import ENVIRONMENT, command

pytestmark = [pytest.mark.loopback, pytest.mark.realtime]
SHORT = ("--for", "1MiB", "--json")


def server(*words: object) -> str:
    """By way of a shell that stays, as one does whose command is not its last."""
    return f"{sys.executable} -m tests.loopback.starting {' '.join(map(str, words))}; true"


def probed(url: str, *words: str) -> tuple[dict[str, Any], str, int]:
    ended = command("probe", url, *words, *SHORT)
    assert ended.stdout, ended.stderr
    return json.loads(ended.stdout), ended.stderr, ended.returncode


@pytest.mark.parametrize(("what", "waits_for"), [("refuses", "503"), ("drops", "the connection ended")])
def test_a_server_that_listens_before_it_can_serve_is_waited_for(what: str, waits_for: str) -> None:
    result, printed, code = probed("ws://127.0.0.1:0/", "--exec", server(what), "--profile", "stop-reading")
    assert (code, result["failure"]) == (0, "")
    assert result["outcome"] == "backpressure-isolated"
    assert result["listens_everywhere"] == (what == "refuses")
    assert any("listens on every interface" in note for note in result["notes"]) == (what == "refuses")
    assert "stallsim: waiting for the server" in printed
    assert waits_for in printed


def test_a_server_that_does_not_become_ready_in_time_is_one_line() -> None:
    ended = command("probe", "ws://127.0.0.1:0/", "--exec", server("never"), "--start-timeout", "3s")
    assert ended.returncode == 3
    assert "the started server is not ready" in ended.stderr
    assert "the server answered 503" in ended.stderr


@pytest.mark.parametrize("scheme", ["ws", "http", "wss"])
def test_a_server_of_another_protocol_is_not_waited_for(scheme: str) -> None:
    """Its answer will not become one: three tries, and not the minute that a server has to start."""
    ended = command("probe", f"{scheme}://127.0.0.1:0/", "--exec", server("mail"))
    assert ended.returncode == 3
    came = "WRONG_VERSION_NUMBER" if scheme == "wss" else r"its answer begins with b'220 mail\x1b[31m'"
    assert came in ended.stderr.replace("\n", " ")
    if scheme != "wss":  # which sends no line that it would read
        assert ended.stderr.count("asked") == 3


def test_a_port_that_is_named_serves_one_server_after_the_other() -> None:
    url = f"ws://127.0.0.1:{free_port()}/"
    stalls = ("--profile", "stop-reading", "--profile", "zero-window", "--profile", "stop-reading")
    result, _, code = probed(url, "--exec", server("ends_slowly"), *stalls)
    assert (code, result["failure"]) == (0, "")
    assert [one["outcome"] for one in result["stalls"]] == ["backpressure-isolated"] * 3


def test_what_was_judged_is_not_lost_when_the_next_server_does_not_start(tmp_path: Path) -> None:
    stalls = ("--profile", "stop-reading", "--profile", "zero-window")
    junit = tmp_path / "junit.xml"
    once = ("--exec", server("once", tmp_path / "m"), "--junit", str(junit))
    result, printed, code = probed("ws://127.0.0.1:0/", *once, *stalls)
    assert code == 3
    assert [one["stall"] for one in result["stalls"]] == ["stop-reading"]
    assert "started once already" in result["failure"]
    assert "before every stall was tried" in printed
    assert 'errors="1"' in junit.read_text(), "what was not tried has not passed"


def test_a_server_of_ipv6_alone_is_probed() -> None:
    result, _, code = probed("ws://[::1]:0/", "--exec", server("six"), "--profile", "stop-reading")
    assert (code, result["outcome"]) == (0, "backpressure-isolated")


async def test_all_the_addresses_of_a_name_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:
        address = parse_url(f"http://localhost:{listener.getsockname()[1]}/")

        async def both(_: str, port: int, **__: object) -> list[tuple[object, ...]]:
            return [(0, 0, 0, "", (one, port)) for one in ("::1", "127.0.0.1", "::1")]

        monkeypatch.setattr(trio.socket, "getaddrinfo", both)
        assert await resolve(address, allow_remote=False) == ("127.0.0.1", "::1")

        def answer() -> None:
            connection, _ = listener.accept()
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nready\n")
            connection.close()

        async with trio.open_nursery() as nursery:
            nursery.start_soon(trio.to_thread.run_sync, answer)
            client = await join(Target(url=address.url), address)
        assert client.connection.remote[0] == "::1"
        client.abort()


def test_a_server_on_a_unix_socket_is_probed(tmp_path: Path) -> None:
    url = f"ws+unix:{tmp_path}/s:/stream"
    stalls = ("--profile", "stop-reading", "--profile", "zero-window")
    result, _, code = probed(url, "--exec", server("unix"), *stalls)
    assert (code, result["failure"], result["url"]) == (0, "", url)
    assert [one["outcome"] for one in result["stalls"]] == ["backpressure-isolated"] * 2
    assert all(one["verified"] for one in result["stalls"])
    figures = {one["name"]: one["value"] for one in result["stalls"][0]["figures"]}
    assert figures["memory_peak_bytes"] > 1_000_000, "its processes were found by the socket"
    assert list(tmp_path.iterdir()) == []


def test_a_unix_socket_whose_server_runs_already_is_probed(tmp_path: Path) -> None:
    path = tmp_path / "s"
    words = (sys.executable, "-m", "tests.loopback.starting", "unix")
    environment = {**ENVIRONMENT, "SOCKET": str(path)}
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "listens\n"
            result, _, code = probed(f"ws+unix:{path}:/stream", "--profile", "stop-reading")
        finally:
            process.kill()
    assert (code, result["outcome"]) == (0, "backpressure-isolated")


def test_a_file_that_is_no_socket_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "s"
    file.write_text("mine")
    ended = command("probe", f"ws+unix:{file}", "--exec", server("unix"), "--start-timeout", "2s")
    assert ended.returncode == 3
    assert file.read_text() == "mine"
