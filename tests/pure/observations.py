"""Observations made by hand, as a probe would have made them of a server."""

from typing import Any

from msgspec.structs import replace

from stallsim.probing.observe.observation import Observation
from stallsim.timeline.outside import Look
from stallsim.timeline.probed.comparison import ComparedBy, Comparison
from stallsim.timeline.probed.stall_record import Baseline, ServerEnding, StallRecord

MB = 1_000_000
RATE = 3 * MB
MESSAGE = 1000
KERNEL = 700_000
USUAL_MEMORY = 30 * MB


def sample(at_s: float, **fields: Any) -> Look:
    return replace(
        Look(
            at_s=at_s,
            witness_bytes=round(at_s * RATE),
            witness_idle_s=0.004,
            received_bytes=6000,
            rcvq_bytes=6000,
            outq_bytes=KERNEL - 6000,
            memory_bytes=USUAL_MEMORY,
        ),
        **fields,
    )


def samples(
    seconds: float = 4.0, *, share: float = 1.0, growth: float = 0.0, idle_s: float = 0.004
) -> tuple[Look, ...]:
    """A stall that fills the kernels at once; then the witness is given ``share`` of the stream."""
    first = sample(0.0, received_bytes=0, rcvq_bytes=0, outq_bytes=0)
    steps = [seconds * step / 100 for step in range(1, 101)]
    return (
        first,
        *(
            sample(
                at_s,
                witness_bytes=KERNEL + round(at_s * RATE * share),
                witness_idle_s=idle_s,
                memory_bytes=USUAL_MEMORY + round(growth * at_s * RATE * share),
            )
            for at_s in steps
        ),
    )


def comparison(kind: ComparedBy = ComparedBy.SHARED, **fields: Any) -> Comparison:
    """Everything was held, unless told otherwise."""
    return replace(
        Comparison(
            kind=kind,
            distinct=True,
            own=False,
            draining=False,
            lag_wake=12_000,
            lag_end=0,
            missing=None if kind is ComparedBy.COUNTED else 0,
            missing_usual=0.0,
            dropped=None,
            notices=0,
            message_bytes=float(MESSAGE),
        ),
        **fields,
    )


def observation(stall: str = "stop-reading", **fields: Any) -> Observation:
    """Of a server that keeps 12 MB and gives them all after the wake, unless told otherwise."""
    record = StallRecord(
        kind=stall,
        server="",
        stalled_s=4.0,
        baseline=Baseline(seconds=0.6, bytes_per_s=RATE, messages=1800, worst_gap_s=0.01, pace=1.0),
        apart=False,
        has_ping=True,
        ended_before=False,
        full_after_s=0.0,
        stopped_by="enough",
        comparison=comparison(),
        end=None,
        witness_ended=False,
        server_gone=False,
        witness_after_per_s=float(RATE),
        resumed_after_s=0.02,
        beyond_bytes=12 * MB,
        forgotten=False,
        drain_s=0.5,
        drain_gap_s=0.01,
        own_lag_s=0.001,
        gone_s=0.0,
        growth_after_close_per_s=None,
        pings=0,
        ping_interval_s=None,
        visible=True,
        available_bytes=24 * 2**30,
        memory_remedy="",
        fresh=False,
    )
    seen = Observation(
        record=record,
        samples=samples(growth=1.0),
        refused_bytes=12 * MB,
        kernel_bytes=KERNEL,
        verified=True,
    )
    seen = changed(seen, **fields)
    if "beyond_bytes" in fields:
        return seen
    if seen.record.end is not None and seen.record.end.decided_after_s is not None:
        return changed(seen, beyond_bytes=0)  # after the end nothing comes but what the kernels held
    came = seen.refused_bytes - seen.record.comparison.lag_end * MESSAGE
    return changed(seen, beyond_bytes=max(0, came))


def changed(seen: Observation, **fields: Any) -> Observation:
    """The same with other fields, of the observation or of its record."""
    own = {name: value for name, value in fields.items() if name in Observation.__struct_fields__}
    rest = {name: value for name, value in fields.items() if name not in own}
    return replace(seen, **{"record": replace(seen.record, **rest), **own})


def blocked(**fields: Any) -> Observation:
    """The witness was given nothing for the whole stall, and everything after it."""
    quiet: dict[str, Any] = {
        "samples": samples(share=0.0, idle_s=2.0),
        "full_after_s": None,
        "refused_bytes": 0,
        "comparison": comparison(lag_wake=0),
    }
    return observation(**(quiet | fields))


def closed(after_s: float | None = 2.0, how: str = "close", code: int | None = 1008) -> ServerEnding:
    return ServerEnding(decided_after_s=after_s, how=how, code=code)
