"""Checks the contract of a client with the real kernel."""

from collections.abc import Callable
from functools import partial

import trio
from msgspec.structs import replace

from ..clients import Client
from ..kinds import EventKind, Stalls
from ..measured import MAXSEG_BYTES
from ..timeline.ledger import Ledger, make_ledger
from ..timeline.records import Event
from ..timeline.sample import Sample
from ..timeline.timeline import Timeline
from ..verdict.verdict import VerdictKind, judge_run
from ._child import in_child
from ._client_run import FRAME_BYTES, ClientRun
from ._contract import check_documented, check_frozen, require_that

_RCVBUF, _MAXSEG = 65536, MAXSEG_BYTES


async def check_client(make_client: Callable[[], Client], *, ticks: int = 60) -> None:
    """Run a client through its contract, in two runs of ``ticks``, in lockstep if possible.

    The runs are in a child of this process, on a loopback of their own if the system allows it, so that
    other activity of the machine does not change them. State that the client stores in a class or a module
    stays in the child.

    The client must open; its bytes must be conserved at every tick; the messages in what it reads must be
    counted; it must have returned or sleep when the run ends; the kernel must confirm every stall that it
    announces, and none in a kind that never stalls; a kind that must stall must begin to within ``ticks``;
    two runs must have the same ledger; and its class and module need docstrings. Buffers that the client
    leaves to the kernel are pinned. Raises ContractBroken with what was expected, Unavailable if the client
    needs a missing capability, ClientCrashed with the traceback of an error in the client.
    """
    client = make_client()
    require_that(isinstance(client, Client), f"{client!r} is no Client")
    check_frozen(client)
    await trio.to_thread.run_sync(in_child, partial(_run_twice, make_client, ticks))
    check_documented(client)


def _run_twice(make_client: Callable[[], Client], ticks: int) -> None:
    first, second = [_run_once(make_client(), ticks) for _ in range(2)]
    require_that(
        first.digest == second.digest or not first.pinned,
        "two pinned runs of a client must have the same ledger",
    )


def _run_once(client: Client, ticks: int) -> Ledger:
    pinned = replace(client, rcvbuf=client.rcvbuf or _RCVBUF, maxseg=client.maxseg or _MAXSEG)
    client_run = ClientRun(pinned, ticks)
    timeline = client_run.run()
    _check_run(timeline, client.stalls)
    require_that(client_run.endings == [True], "when the run is over, a client returns or is asleep")
    return make_ledger(timeline)


def _check_run(timeline: Timeline, stalls: Stalls) -> None:
    """Check one run: it is sound, sampled throughout, and stalled as the kind must, may or never does."""
    verdict = judge_run(timeline)
    require_that(verdict.outcome is VerdictKind.PASS, "; ".join(verdict.reasons))
    samples = timeline.samples[0]
    require_that(any(sample.settled for sample in samples), "a client must be sampled while it is open")
    _check_messages(samples[-1])
    confirmed = any(
        isinstance(happening, Event) and happening.kind is EventKind.STALLED
        for happening in timeline.happenings
    )
    require_that(not confirmed or stalls is not Stalls.NEVER, "a kind with Stalls.NEVER must never stall")


def _check_messages(last: Sample) -> None:
    """Check that the messages in the bytes that the application has are counted, except for a message of
    which it has a part.

    One more may be missing, since Pings and a Close are bytes, too.
    """
    had_bytes = last.read_bytes - last.held_bytes
    counted = last.read_messages >= had_bytes // FRAME_BYTES - 1
    require_that(
        counted,
        "a client passes what it reads to `await websocket.feed(data)`, which counts messages and answers "
        f"Pings: in {had_bytes:,} bytes it counted {last.read_messages} messages of {FRAME_BYTES:,} bytes",
    )
