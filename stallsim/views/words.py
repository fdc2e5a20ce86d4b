"""Describes every happening in plain words, with the numbers of its moment.

The word "stalled" appears only for the event ``Stalled``, which the kernel has confirmed. All words are
ASCII; a peer's own words are made safe.
"""

from typing import assert_never

from ..timeline.events.client import ClientEvent
from ..timeline.events.fleet import FleetEvent
from ..timeline.events.kernel import KernelEvent
from ..timeline.events.probe import ProbeEvent
from ..timeline.events.server import ServerEvent
from ..timeline.events.watch import Word
from ..timeline.events.what import What
from ..timeline.records import Happening, PhaseEvent
from ..timeline.timeline import Timeline
from .clean import clean
from .fleet.events import fleet_event_words
from .happenings.client import client_event_words
from .happenings.kernel import kernel_event_words
from .happenings.phase import phase_words
from .happenings.probe import probe_event_words
from .happenings.server import server_event_words
from .happenings.wording import safe
from .outside import is_outside, outside_phase


def client_name(timeline: Timeline, connection: int) -> str:
    """The client's name, with the connection's number if several clients have that name."""
    info = timeline.connections.get(connection)
    if info is None:
        return f"connection {connection}"
    name = info.client
    groups = timeline.header.scenario.clients if timeline.header else []
    alone = any(group.name == name and group.count == 1 for group in groups)
    return clean(name, 32) if alone else f"{clean(name, 32)} #{connection}"


def describe_happening(happening: Happening, timeline: Timeline) -> str:
    """``sleeper: zero-window: ...``; without a client's name if the happening concerns no single client."""
    if isinstance(happening, PhaseEvent):
        info = timeline.connections.get(happening.connection)
        phase, now = happening.phase, happening.sample
        seen = outside_phase(phase, now, info) if info is not None and is_outside(info) else None
        words = f"{phase.value}: {seen or phase_words(phase, now)}"
    else:
        words = f"{happening.kind.value}: {_event_words(happening.what)}"
    if happening.connection is None:
        return words
    return f"{client_name(timeline, happening.connection)}: {words}"


def _event_words(what: What) -> str:
    if isinstance(what, ClientEvent):
        return client_event_words(what)
    if isinstance(what, KernelEvent):
        return kernel_event_words(what)
    if isinstance(what, ServerEvent):
        return server_event_words(what)
    if isinstance(what, ProbeEvent):
        return probe_event_words(what)
    if isinstance(what, FleetEvent):
        return fleet_event_words(what)
    if isinstance(what, Word):
        before = f" (before: {safe(what.was)})" if what.was else ""
        return f"the connection with {safe(what.peer)} is {safe(what.word)}{before}: {safe(what.why)}"
    assert_never(what)
