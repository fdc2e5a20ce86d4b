"""Arbitrary records, for Hypothesis."""

from typing import Any, get_type_hints

from hypothesis import strategies as st

from stallsim.kinds import ParkedEnding, Phase, Stalls
from stallsim.profile.spec import TICKS_MAX
from stallsim.timeline.records import ConnectionInfo, Event, PhaseEvent, Record
from stallsim.timeline.sample import Refusal, Sample

from .builders import info
from .events import CLASSES

COUNT = st.integers(0, 2**53)
TICK = st.integers(0, 2 * TICKS_MAX)
TEXT = st.text(max_size=20)
BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: COUNT,
    Refusal: st.sampled_from(Refusal),
}


ONLY = st.just(0)


def samples(connection: st.SearchStrategy[int] = ONLY) -> st.SearchStrategy[Sample]:
    """A sample in which any number may stand anywhere."""
    fields = {name: BY_TYPE[kind] for name, kind in get_type_hints(Sample).items()}
    return st.builds(Sample, **(fields | {"tick": TICK, "connection": connection}))


BY_HINT: dict[Any, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: COUNT,
    float: st.floats(-1e9, 1e9),
    str: TEXT,
    int | None: st.none() | COUNT,
    float | None: st.none() | st.floats(-1e9, 1e9),
    str | None: st.none() | TEXT,
    ParkedEnding: st.sampled_from(ParkedEnding),
}
WHATS = st.one_of(
    [
        st.builds(
            one, **{name: BY_HINT[hint] for name, hint in get_type_hints(one).items() if name != "kind"}
        )
        for one in CLASSES.values()
    ]
)
EVENTS = st.builds(Event, tick=TICK, connection=st.sampled_from([None, 0, 1]), what=WHATS)


def phase_events(connection: st.SearchStrategy[int]) -> st.SearchStrategy[PhaseEvent]:
    return st.builds(PhaseEvent, tick=TICK, phase=st.sampled_from(Phase), sample=samples(connection))


TWO: list[ConnectionInfo] = [info(0, "one"), info(1, "two", stalls=Stalls.MUST)]
EITHER = st.sampled_from([0, 1])
HAPPENINGS: st.SearchStrategy[list[Record]] = st.lists(
    st.one_of(samples(EITHER), EVENTS, phase_events(EITHER)), max_size=8
)
"""What a run of two connections appends after their opening."""
