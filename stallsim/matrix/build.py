"""Makes a cell's scenario: the client as in its own profile, with the schedule that all cells share."""

from typing import Any, NamedTuple

import msgspec

from ..clients import CLIENTS, Client
from ..kernel.sysctl import RTO_MIN, sysctl_path
from ..measured import MAXSEG_BYTES
from ..profile import load as profile
from ..profile.folder import names
from ..profile.habits import Fin
from ..profile.load import Loaded, Origin
from ..profile.scenario import ClientGroup, Pace, Scenario, ServerSpec, Stack, Stream
from ..profile.validation import keys_of
from ..server.policies import POLICIES
from . import guard_sets, scaled, schedule
from .cell import Cell, Rate

TESTED, WITNESS = "tested", "witness"
_REALTIME_TIMERS = {RTO_MIN: schedule.RTO_MIN_US}
"""The least retransmission timeout (Linux 6.11), scaled down like every other time; otherwise a lossy
network would look worse than it is.
"""
_PINNED = {"rcvbuf": schedule.RCVBUF_BYTES, "maxseg": MAXSEG_BYTES}


def build(cell: Cell, *, private_stack: bool = True) -> Loaded:
    """The scenario of a cell: the client under test, and beside it a witness that keeps up.

    ``private_stack``: in a network stack of its own. Raises UnknownVariant.
    """
    spec = CLIENTS.find(cell.client)
    own = _from_profile(cell.client)
    tested = ClientGroup(kind=cell.client, name=TESTED, options=_at_the_schedule(spec, own.options))
    witness = ClientGroup(kind="well-behaved", name=WITNESS, options=dict(_PINNED))
    policy = scaled.options(POLICIES.find(cell.policy))
    scenario = Scenario(
        profile="matrix",
        title=str(cell),
        description="A cell of the matrix.",
        expectation="None: whatever happens is the outcome.",
        ticks=schedule.TICKS,
        pace=Pace.REALTIME if cell.realtime else Pace.LOCKSTEP,
        seed=own.seed,
        stream=Stream(
            frame=schedule.FRAME_BYTES,
            interval=schedule.TICK_S,
            every=schedule.TRICKLE_EVERY if cell.rate is Rate.TRICKLE else 1,
            keys=schedule.KEYS,
        ),
        server=ServerSpec(
            policy=cell.policy,
            options={cell.policy: policy} if policy else {},
            guards=guard_sets.guard_set_of(cell.guards),
            sndbuf=schedule.SNDBUF_BYTES,
            congestion="reno",
            fin=own.fin,
            close_tick=schedule.CLOSE_TICK,
        ),
        clients=[tested, witness],
        stack=_stack(cell) if private_stack else Stack(),
    )
    return Loaded(scenario, Origin(f"matrix ({cell})", {}))


def name_cell(policy: str, guards: str, client: str, rate: Rate = Rate.FLOOD) -> Cell:
    """The cell with these names; in realtime if a timer of the kernel decides anything in it."""
    realtime = guard_sets.on_the_kernels_clock(guards) or by_the_kernels_clock(client)
    return Cell(policy, guards, client, rate, realtime)


def by_the_kernels_clock(client: str) -> bool:
    """Whether only a kernel timer shows the effect of this client's behaviour."""
    return CLIENTS.find(client).needs_realtime


def _stack(cell: Cell) -> Stack:
    """The network stack: in realtime a private one whose kernel timers are scaled down like the cell's
    times.
    """
    if not cell.realtime:
        return Stack()
    there: dict[str, str | int] = {
        key: value for key, value in _REALTIME_TIMERS.items() if sysctl_path(key).exists()
    }
    return Stack(private=True, sysctl=there)


class _Own(NamedTuple):
    """What a client's own profile sets for it, and for the server."""

    options: dict[str, Any]
    seed: int
    fin: Fin


def _from_profile(client: str) -> _Own:
    """The settings from the profile with the client's name; defaults if there is none."""
    if client in names():
        scenario = profile.load_profile(client).scenario
        for group in scenario.clients:
            if group.kind == client:
                return _Own(dict(group.options), scenario.seed, scenario.server.fin)
    return _Own({}, 0, Fin.ENDS)


def _at_the_schedule(spec: type[Client], options: dict[str, Any]) -> dict[str, Any]:
    """Move the client's first tick option to the start of the stall and the second one to its end.

    An option of tick 0 stays, since such a client never reads well; an absent one stays absent.
    """
    defaults: dict[str, Any] = {one.encode_name: one.default for one in msgspec.structs.fields(spec)}
    given = defaults | options
    moments = [key for key in keys_of(spec) if key.endswith("-tick") and given[key]]
    moments.sort(key=lambda key: int(given[key]))
    moved = dict(zip(moments, (schedule.STALL_TICK, schedule.WAKE_TICK), strict=False))
    pinned = {key: value for key, value in _PINNED.items() if given[key] is None}
    return options | moved | pinned
