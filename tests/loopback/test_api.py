"""The API on real sockets: a stalled client, a probe and a run."""

import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import partial

import psutil
import pytest
import trio

import stallsim

from .streaming_server import streaming

pytestmark = [pytest.mark.loopback, pytest.mark.realtime]


@pytest.fixture
def url() -> Iterator[str]:
    with streaming("keeps_everything") as address:
        yield address


@pytest.mark.parametrize("stall", ["stop-reading", "sleeping-tab", "zero-window"])
async def test_a_client_stalls_and_wakes(url: str, stall: str) -> None:
    async with stallsim.open_stalled(url, stall=stall) as client:
        with trio.fail_after(20):
            queues = await client.wait_stalled()
            read = client.messages
            assert queues.window_shut
            assert queues.server_state == "ESTABLISHED"
            assert queues.received_bytes > client.read_bytes
            assert (client.read_bytes > 100_000) is (stall == "sleeping-tab")
            client.wake()
            assert await client.wait_messages(read + 1000) >= read + 1000
            client.stall()
            again = await client.wait_stalled()
            assert again.received_bytes > queues.received_bytes
        assert client.ended is None
        client.abort()
        assert client.queues().received_bytes >= again.received_bytes
        for _ in range(2):  # at once, and when the client's tasks have ended
            with trio.fail_after(20), pytest.raises(stallsim.StallsimError, match=r"has ended \(rst\)"):
                await client.send("too late")


async def test_a_client_of_an_http_stream_stalls_and_wakes() -> None:
    async def serve(stream: trio.SocketStream) -> None:
        await stream.receive_some()
        await stream.send_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        number = 0
        with suppress(trio.BrokenResourceError):
            while True:
                await stream.send_all(b"id: %d\ndata: %b\n\n" % (number, b"x" * 5000))
                number += 1

    async with trio.open_nursery() as nursery:
        listeners = await nursery.start(partial(trio.serve_tcp, serve, 0, host="127.0.0.1"))
        port = listeners[0].socket.getsockname()[1]
        async with stallsim.open_stalled(f"http://127.0.0.1:{port}/") as client:
            with trio.fail_after(20):
                assert (await client.wait_stalled()).window_shut
                client.wake()
                assert await client.wait_messages(1000) >= 1000
                with pytest.raises(stallsim.StallsimError, match="sends nothing"):
                    await client.send("x")
        nursery.cancel_scope.cancel()


async def test_who_reads_at_first_has_read_that_much(url: str) -> None:
    async with stallsim.open_stalled(url, after="100kB") as client:
        with trio.fail_after(20):
            await client.wait_stalled()
        assert client.read_bytes == 100_000


async def test_a_slow_reader_goes_on_reading(url: str) -> None:
    async with stallsim.open_stalled(url, stall="slow-reader", rate="200kB/s") as client:
        with trio.fail_after(20):
            assert await client.wait_messages(10) >= 10


async def test_who_reads_everything_never_stalls(url: str) -> None:
    async with stallsim.open_stalled(url, stall="no-pong") as client:
        with trio.fail_after(20):
            await client.wait_messages(10)
        with pytest.raises(stallsim.StallsimError, match="answers no Ping does not stall"):
            await client.wait_stalled()


async def test_an_end_is_data() -> None:
    with streaming("disconnects") as url:
        async with stallsim.open_stalled(url) as client:
            with trio.fail_after(20):
                await client.wait_stalled()
                while client.queues().server_state == "ESTABLISHED":  # noqa: ASYNC110 - the kernel's
                    await trio.sleep(0.01)
                client.wake()
                ended = await client.wait_ended()
            assert ended.how in {"fin", "rst"}
            assert client.ended == ended


async def test_a_server_that_waits_for_a_text_gets_it() -> None:
    with streaming("keeps_everything") as url:
        async with stallsim.open_stalled(f"{url}subscribed") as client:
            await client.send("subscribe \x1b[31m")
            with trio.fail_after(20):
                await client.wait_stalled()


async def test_the_callers_own_error_comes_out_as_it_was(url: str) -> None:
    error = LookupError("mine")
    with pytest.raises(LookupError) as caught:
        async with stallsim.open_stalled(url):
            raise error
    assert caught.value is error


@pytest.mark.parametrize(
    ("address", "kind", "line"),
    [
        ("ws://192.0.2.1/", stallsim.StallsimError, "only loopback may be stalled"),
        ("ws://127.0.0.1:1/", stallsim.EnvironmentUnfit, "no connection"),
        ("ws://127.0.0.1:0/", stallsim.StallsimError, "port 0"),
        ("ftp://127.0.0.1/", stallsim.StallsimError, "not the URL of a stream"),
    ],
)
def test_both_forms_refuse_where_nothing_can_be_stalled(
    address: str, kind: type[Exception], line: str
) -> None:
    async def enter() -> None:
        async with stallsim.open_stalled(address):
            pass

    with pytest.raises(kind, match=line):
        trio.run(enter)
    with pytest.raises(kind, match=line), stallsim.open_stalled_blocking(address):
        pass


def test_a_blocking_client_does_the_same(url: str) -> None:
    with stallsim.open_stalled_blocking(url) as client:
        assert client.wait_stalled("20s").window_shut
        with pytest.raises(stallsim.OutOfTime, match="not 100000 messages within 50 ms"):
            client.wait_messages(100_000, timeout=0.05)
        client.wake()
        assert client.wait_messages(100, timeout=20) >= 100
        client.stall()
        client.send("anything")
        assert client.read_bytes > 0
        assert client.ended is None
        client.abort()
        assert client.wait_ended("20s").how == "rst"
        assert client.queues().server_state == "ESTABLISHED", "the last reading stays"


def test_an_error_in_a_blocking_block_is_raised(url: str) -> None:
    with pytest.raises(LookupError, match="mine"), stallsim.open_stalled_blocking(url):
        raise LookupError("mine")


async def test_a_probe_that_is_cancelled_leaves_nothing_behind() -> None:
    words = [sys.executable, "-m", "tests.loopback.streaming", "keeps_everything"]
    before = set(psutil.Process().children(recursive=True))
    family: list[psutil.Process] = []
    async with trio.open_nursery() as nursery:

        async def probe() -> None:
            await stallsim.probe("ws://127.0.0.1:0/", command=words, watch="60s")

        nursery.start_soon(probe)
        with trio.fail_after(20):
            while len(family) < 2:
                await trio.sleep(0.01)
                family = [one for one in psutil.Process().children(recursive=True) if one not in before]
        nursery.cancel_scope.cancel()
    gone, alive = psutil.wait_procs(family, timeout=10)
    assert (len(gone), alive) == (len(family), [])


async def test_a_probe_and_a_run_give_what_the_command_line_prints(url: str) -> None:
    result = await stallsim.probe(url, stalls="stop-reading", refused="2MB")
    assert result.outcome is stallsim.Outcome.GROWTH
    assert isinstance(result.stalls[0], stallsim.StallReport)
    run = await stallsim.run("stop-reading", {"ticks": 100})
    assert run.profile == "stop-reading"
    assert run.ticks <= 100


def test_a_recording_is_written_where_it_is_wanted(tmp_path: object) -> None:
    path = f"{tmp_path}/run.jsonl"
    assert stallsim.run_blocking("stop-reading", record=path).verdict == "pass"
    with pytest.raises(stallsim.StallsimError, match="exists"):
        stallsim.run_blocking("stop-reading", record=path)
