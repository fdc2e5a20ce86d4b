"""Makes the first record of a probe's timeline: the server, the machine, and the names of the clients."""

from collections.abc import Sequence

from msgspec.structs import replace

from ...profile.scenario import ClientGroup
from ...timeline.outside import Probe, witness_name
from ...timeline.records import Header
from ..observe.observer import LOOK_S
from ..spec import ProbeSpec
from ..stalls import Stall
from .outside_header import outside_header

WITNESS = "well-behaved"
"""The kind of client that a witness is."""


def probe_header(spec: ProbeSpec, url: str, stalls: Sequence[Stall], names: Sequence[str]) -> Header:
    """The first record of a probe's timeline."""
    groups = [
        group
        for number, (stall, name) in enumerate(zip(stalls, names, strict=True), start=1)
        for group in (
            ClientGroup(kind=WITNESS, name=witness_name(number)),
            ClientGroup(kind=stall.name, name=name),
        )
    ]
    header = outside_header(
        "probe",
        url,
        "somebody's server, put through the stalls from outside",
        LOOK_S,
        clients=groups,
        private_stack=spec.private_stack,
    )
    return replace(header, probe=Probe(url=url, stalls=list(names), limits=spec.limits))


def names_of(stalls: Sequence[Stall]) -> list[str]:
    """One name for each stalled client: that of its stall, with a number if it occurs again."""
    names: list[str] = []
    for place, stall in enumerate(stalls):
        again = sum(one.name == stall.name for one in stalls[:place])
        names.append(f"{stall.name}-{again + 1}" if again else stall.name)
    return names
