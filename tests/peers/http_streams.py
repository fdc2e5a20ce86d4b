"""Servers that stream over HTTP: events, chunks, lines. There is no Ping in it, so none has a keepalive."""

from .peer import BLOCKS, DISCONNECTS, ISOLATED, UNBOUNDED, Peer

HTTP_STREAMS = (
    Peer(
        name="sse_starlette_generators",
        scheme="http",
        packages=("sse-starlette", "starlette", "uvicorn"),
        outcome=ISOLATED,
        reason="the generator goes on when uvicorn's send has waited for the transport to be writable",
        source="sse-starlette, README; uvicorn/protocols/http/flow_control.py",
    ),
    Peer(
        name="sse_starlette_queues",
        scheme="http",
        packages=("sse-starlette", "starlette", "uvicorn"),
        outcome=UNBOUNDED,
        reason="each request has an asyncio.Queue without a bound, and put_nowait() waits for nobody",
        source="sse-starlette, examples: broadcasts by queues; docs.python.org, asyncio.Queue",
    ),
    Peer(
        name="aiohttp_stream_loop",
        scheme="http",
        packages=("aiohttp",),
        outcome=BLOCKS,
        reason="the background task waits in the sleeper's write(), and nobody after it is served",
        source="docs.aiohttp.org, StreamResponse.write: a coroutine since 3.0, it drains",
    ),
    Peer(
        name="http_write",
        scheme="http",
        language="node",
        outcome=UNBOUNDED,
        reason="write() returns false and buffers all the same",
        source="nodejs.org, http: response.write; stream: writable.write",
    ),
    Peer(
        name="http_destroy",
        scheme="http",
        language="node",
        outcome=DISCONNECTS,
        reason="beyond 1 MiB in the response's and the socket's buffers it is destroyed",
        source="nodejs.org, http: outgoingMessage.writableLength, response.destroy",
    ),
    Peer(
        name="HttpServerThreads",
        scheme="http",
        language="java",
        outcome=ISOLATED,
        reason="the exchange's own thread blocks in write(): no other subscriber shares it",
        source="docs.oracle.com, jdk.httpserver: HttpServer.setExecutor",
    ),
)
