"""Executes a scenario once: opens the connections in order, runs the pace, and releases everything."""

from contextlib import closing

import trio

from ..profile.scenario import Pace
from ..server.listener import LOOPBACK, listen
from ..timeline.timeline import Timeline
from ..tls import make_contexts
from .guests import Guests
from .lockstep import run_lockstep
from .lockstep_turns import LockstepTurns
from .opening import ClientOpener
from .realtime import run_realtime
from .realtime_turns import RealtimeTurns
from .resolve import Participants
from .run_state import RunState


async def attempt(participants: Participants, timeline: Timeline, guests: Guests | None = None) -> int:
    """Execute the timeline's scenario; return how often it was held up (``Settling.held_up``).

    ``guests``: in realtime, the guests and the listener to which they connect.

    Raises NotSettled if a lockstep run must be repeated, Unavailable, EnvironmentUnfit.
    """
    scenario = timeline.scenario
    lockstep = scenario.pace is Pace.LOCKSTEP
    turns = (LockstepTurns if lockstep else RealtimeTurns)(scenario.tick_s)
    with closing(guests.listening if guests else listen(scenario.server)) as listening:
        async with trio.open_nursery() as nursery:
            contexts = make_contexts(LOOPBACK) if scenario.server.tls else None
            opening = ClientOpener(timeline, turns, participants.defence, listening, nursery, contexts)
            run = RunState(scenario, timeline, participants, opening, guests)
            if guests is not None:
                nursery.start_soon(guests.receive)
            try:
                await run.admit(0)
                if isinstance(turns, LockstepTurns):
                    await run_lockstep(run, turns)
                else:
                    await run_realtime(run, turns)
            finally:
                run.release()
            nursery.cancel_scope.cancel()
    return run.held_up
