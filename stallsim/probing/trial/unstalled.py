"""Watches the stream when no client is stalled, to find the pauses that the server makes by itself, and its
usual rate.

A checkpoint or the collection of a heap silences the stream for everybody, also in a stall.
"""

from collections.abc import Callable
from typing import NamedTuple

import trio

from ...errors import EnvironmentUnfit
from ...interruption import innermost
from ...timeline.probed.stall_record import Unstalled
from ..observe.observer import LOOK_S
from ..observe.silence import Silence, longest_silence, silent_s
from .joined_witness import JoinedWitness, OpenView, join_witness
from .joining import Joining
from .settling import settle_witness

_REST_S = 1.0
"""Seconds for which the server may be busy with the end of the stalled client."""


class Doubt(NamedTuple):
    """What is to be found out when no client is stalled."""

    pause_s: float
    """A pause of this many seconds explains what the stall has shown; infinite if only the rate would."""
    watch_s: float
    """Seconds for which such a pause is looked for."""


async def watch_unstalled(
    joining: Joining, open_view: OpenView, doubt: Doubt, time_is_up: Callable[[], bool]
) -> Unstalled | None:
    """Join a client that reads everything, and watch it until the doubt is decided. None if the server does
    not accept the client, or sends it nothing.
    """
    seen: Unstalled | None = None
    try:
        async with (
            trio.open_nursery() as nursery,
            join_witness(joining, nursery, open_view, sends_pings=False) as witness,
        ):
            seen = await _watch(witness, doubt, time_is_up)
            nursery.cancel_scope.cancel()
    except BaseExceptionGroup as group:
        if not isinstance(innermost(group), EnvironmentUnfit):
            raise
    return seen


async def _watch(witness: JoinedWitness, doubt: Doubt, time_is_up: Callable[[], bool]) -> Unstalled | None:
    """What was seen until bytes came last: a silence that has not ended may be the end of the stream. None
    if no bytes came.
    """
    observer = witness.observe_alone()
    await settle_witness(observer, witness.client)
    await trio.sleep(_REST_S)
    observer.begin()
    looks, came = [observer.look()], 0
    while observer.at_s < doubt.watch_s and witness.client.ended is None and not time_is_up():
        await trio.sleep(LOOK_S)
        looks.append(observer.look())
        if looks[-1].witness_bytes == looks[-2].witness_bytes:
            continue
        paused, came = silent_s(looks[-2]) >= doubt.pause_s, len(looks)
        if paused and _seconds(longest_silence(looks)) >= doubt.pause_s:
            break
    if not came:
        return None
    last, longest = looks[came - 1], longest_silence(looks[:came])
    flowed_s = last.at_s - looks[0].at_s - longest.seconds
    given = last.witness_bytes - looks[0].witness_bytes
    return Unstalled(
        seconds=round(last.at_s, 3),
        gap_s=longest.seconds,
        net_gap_s=longest.net_s,
        bytes_per_s=given / flowed_s if flowed_s > 0 else None,
    )


def _seconds(silence: Silence) -> float:
    return silence.seconds if silence.net_s is None else silence.net_s
