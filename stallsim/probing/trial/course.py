"""Runs a stall after its baseline: the stall, its end or the wake, and the record of all observations."""

from functools import partial

import trio

from ...timeline.probed.stall_record import StallRecord
from ..compare.alignment import LogPositions
from ..compare.comparing import compare_streams
from ..observe.step import Step
from .after_close import watch_close
from .after_vanish import AfterVanish, watch_vanished
from .context import TrialContext
from .control import cuts_of
from .drain import Drain, drain
from .ending import counts_of, end_of, has_ended, joining_bytes_of, waited_on_joining
from .leak_watch import leak_watch
from .stall import hold


async def stall_and_wake(context: TrialContext) -> StallRecord:
    """Run the stall, from the moment when the client stalls to the end of the watch, and return its
    record.
    """
    witness, stalled = context.witness.stream_client, context.stalled.stream_client
    observer = context.observer
    stall = (counts_of(witness.log), counts_of(stalled.log))
    pings = len(witness.pings)
    baseline = context.meter.turn()
    if context.baseline.has_stream or context.keepalive_s is not None:
        # without a stream no other stall is tried
        context.begins(baseline, context.baseline.withheld_share or 0.0)
    observer.begin()
    ended_before = has_ended(stalled, observer)
    context.record_look(Step.STALLS, observer.looks.first, 0.0)
    held = await hold(context)
    lag_s = observer.own_lag_s
    closed_after = held.last.at_s if has_ended(stalled, observer) else None
    goes_on = closed_after is None or ended_before or context.server_gone()
    ending = None if goes_on else await watch_close(context, held)
    context.meter.turn()
    wake = (counts_of(witness.log), counts_of(stalled.log))
    marks, chunks = (
        LogPositions(*moments, settled=context.witness_settled)
        for moments in zip(*stall, *wake, context.witness_joined, strict=True)
    )
    drained, left = Drain(), AfterVanish()
    if context.stall.vanishes:
        left = await watch_vanished(stalled.connection, observer, context.record_look, leak_watch(context))
    else:
        drained = await drain(context)
    context.meter.turn()
    await context.witness.stop()
    await context.stalled.stop()
    # up to a second of CPU time, while another stall may be watched by this program
    compared = await trio.to_thread.run_sync(
        partial(compare_streams, witness.log, stalled.log, marks, chunks, draining=drained.draining)
    )
    joining_bytes, full_after_s = joining_bytes_of(compared, observer.looks.first), held.full_after_s
    if full_after_s is None:
        joining_bytes = joining_bytes or waited_on_joining(drained.surplus_bytes)
        if joining_bytes:
            full_after_s = 0.0  # the kernels were full from the beginning, even if little came in the stall
    return StallRecord(
        kind=context.stall.name,
        server=context.server,
        baseline=context.baseline,
        stalled_s=held.last.at_s,
        apart=context.apart,
        ended_before=ended_before,
        full_after_s=full_after_s,
        stopped_by=held.stopped_by,
        comparison=compared,
        joining_bytes=joining_bytes,
        still_joining=context.still_joining,
        end=end_of(stalled, closed_after),
        witness_ended=witness.ended is not None,
        server_gone=context.server_gone(),
        witness_after_per_s=left.witness_per_s if context.stall.vanishes else drained.witness_per_s,
        resumed_after_s=drained.resumed_after_s,
        beyond_bytes=drained.beyond_bytes,
        forgotten=drained.forgotten,
        drain_s=drained.seconds,
        drain_gap_s=drained.silence.seconds,
        drain_net_gap_s=None if context.stall.vanishes else drained.silence.net_s,
        after_withheld_s=left.withheld_s if context.stall.vanishes else drained.withheld_s,
        own_lag_s=drained.own_lag_s,
        gone_s=left.seconds,
        growth_after_close_per_s=left.growth_per_s,
        pings=len(witness.pings) - pings,
        ping_interval_s=witness.pings.interval_s,
        has_ping=stalled.protocol.has_ping,
        visible=context.view.visible,
        horizon_bytes=context.spec.horizon_bytes,
        available_bytes=context.view.available_bytes(),
        memory_remedy=context.view.remedy,
        fresh=context.spec.fresh or context.spec.command is not None,
        ending=ending,
        rate_per_s=context.stall.rate_per_s or None,
        cuts=(
            *cuts_of(witness, context.silent, context.others_joined_s, context.own_lag),
            *context.cut_before,
        ),
        controlled=context.silent is not None,
        keepalive_s=context.keepalive_s,
        stall_lag_s=lag_s,
        periods=context.meter.periods,
        memory_after=context.meter.memory_after(),
    )
