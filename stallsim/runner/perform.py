"""One execution of a scenario: open the connections in order, run the pace, let go of everything."""

from contextlib import ExitStack

import trio
from trio.testing import MockClock

from ..server import listener
from ..timeline import Timeline
from .lockstep import LockstepTurns, run_lockstep
from .opening import Opening
from .realtime import RealtimeTurns, run_realtime
from .resolve import Cast
from .stage import Stage


async def perform(cast: Cast, timeline: Timeline, clock: MockClock | None) -> None:
    """Execute the timeline's scenario. In lockstep ``clock`` is the clock that trio runs under.

    Raises TimerFired where a lockstep run has to be redone, Unavailable, EnvironmentUnfit.
    """
    scenario = timeline.scenario
    turns = LockstepTurns(scenario.tick_s) if clock else RealtimeTurns(scenario.tick_s)
    with ExitStack() as sockets:
        listening = sockets.enter_context(listener.listen(scenario.server))
        async with trio.open_nursery() as nursery:
            accepted_in, accepted = trio.open_memory_channel[listener.Accepted](0)
            address = listening.getsockname()
            opening = Opening(timeline, turns, cast.policy, address, accepted, sockets)
            async with trio.open_nursery() as door:
                door.start_soon(listener.serve, listening, accepted_in)
                connections = [
                    await opening.open(group, client, nursery)
                    for group, client in cast.clients
                    for _ in range(group.count)
                ]
                door.cancel_scope.cancel()
            listening.close()  # everybody is in, and a stranger must not disturb the run
            stage = Stage(scenario, timeline, connections)
            if isinstance(turns, LockstepTurns):
                assert clock is not None, "lockstep turns were made because there is a clock"
                await run_lockstep(stage, turns, clock)
            else:
                await run_realtime(stage, turns)
            nursery.cancel_scope.cancel()
