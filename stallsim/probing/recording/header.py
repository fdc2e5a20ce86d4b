"""How the timeline of a probe begins: what is probed, on what machine, by which names."""

import platform
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version

from ... import __version__
from ...kernel.sysctl import read_sysctls
from ...profile.scenario import ClientGroup, Pace, Scenario, Stream
from ...profile.spec import TICKS_MAX
from ...timeline.outside import Probe
from ...timeline.records import FORMAT_VERSION, Header
from ..observe.observer import LOOK_S
from ..spec import ProbeSpec
from ..stalls import Stall

_LIBRARIES = ("trio", "wsproto", "msgspec")
WITNESS = "well-behaved"
"""The kind of the witnesses."""


def make_header(spec: ProbeSpec, url: str, stalls: Sequence[Stall], names: Sequence[str]) -> Header:
    """The first record. What the command line was is not in it: credentials may be."""
    groups = [
        group
        for number, (stall, name) in enumerate(zip(stalls, names, strict=True), start=1)
        for group in (
            ClientGroup(kind=WITNESS, name=witness_name(number)),
            ClientGroup(kind=stall.name, name=name),
        )
    ]
    return Header(
        version=FORMAT_VERSION,
        stallsim=__version__,
        argv=[sys.argv[0]],
        scenario=Scenario(
            profile="probe",
            title=url,
            description="somebody's server, put through the stalls from outside",
            expectation="",
            ticks=TICKS_MAX,  # nobody knows how long it will take
            pace=Pace.REALTIME,
            stream=Stream(interval=LOOK_S),
            clients=groups,
        ),
        kernel=platform.release(),
        python=platform.python_version(),
        libraries={name: version(name) for name in _LIBRARIES},
        sysctl=read_sysctls(),
        private_stack=spec.private_stack,
        policy_limits=False,
        started_unix_s=time.time(),
        probe=Probe(url=url, stalls=list(names), limits=spec.limits),
    )


def names_of(stalls: Sequence[Stall]) -> list[str]:
    """One name for each stalled client: its stall's, with a number where that comes again."""
    names: list[str] = []
    for place, stall in enumerate(stalls):
        again = sum(one.name == stall.name for one in stalls[:place])
        names.append(f"{stall.name}-{again + 1}" if again else stall.name)
    return names


def witness_name(number: int) -> str:
    """The name of the client that reads beside the stall of that number."""
    return f"witness-{number}"
