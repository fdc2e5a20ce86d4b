"""One execution of a scenario: open the connections in order, run the pace, let go of everything."""

from contextlib import closing

import trio
from trio.testing import MockClock

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


async def attempt(
    participants: Participants, timeline: Timeline, clock: MockClock | None, guests: Guests | None = None
) -> int:
    """Execute the timeline's scenario; answers with how often it was held up (``Settling.held_up``).

    In lockstep ``clock`` is the clock that trio runs under. ``guests``: in realtime, with the listener to
    which they come.

    Raises NotSettled where a lockstep run has to be redone, Unavailable, EnvironmentUnfit.
    """
    scenario = timeline.scenario
    turns = LockstepTurns(scenario.tick_s) if clock else RealtimeTurns(scenario.tick_s)
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
                    assert clock is not None, "lockstep turns were made because there is a clock"
                    await run_lockstep(run, turns, clock)
                else:
                    await run_realtime(run, turns)
            finally:
                run.release()
            nursery.cancel_scope.cancel()
    return run.held_up
