"""The contract of a client, held against the real kernel."""

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
    """Run a client through its contract, in two runs of ``ticks``, in lockstep if it can.

    The runs are in a child of this process, over a loopback of their own where the system allows it: there
    they are the same, whatever else the machine does. What the client keeps in a class or a module stays
    there.

    It opens, its bytes are conserved at every tick, the messages in what it reads are counted, it leaves
    or sleeps when the run is over, the kernel confirms every stall that it announces and sees none in a
    kind that never stalls, and two runs have the same ledger. A kind that must stall begins to within
    ``ticks``. Last, its class and its module say what it is. Buffers that it leaves to the kernel are
    pinned. Raises ContractBroken with what was expected, Unavailable where the client needs a capability
    that is missing, ClientCrashed with the traceback of an error of its own.
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
