"""How the recording of a watch begins, and the one of its files that is opened before anything else."""

import platform
import sys
import time
from importlib.metadata import version

from ... import __version__
from ...kernel.sysctl import read_sysctls
from ...profile.scenario import Pace, Scenario, Stream
from ...profile.spec import TICKS_MAX
from ...timeline.records import FORMAT_VERSION, Header
from ...timeline.watched import WatchedServers

TICK_S = 0.1
"""The times of looks are recorded in such steps."""
_LIBRARIES = ("trio", "msgspec")


def make_header(watched: WatchedServers) -> Header:
    """The first record."""
    return Header(
        version=FORMAT_VERSION,
        stallsim=__version__,
        argv=[sys.argv[0]],
        scenario=Scenario(
            profile="watch",
            title=watched.target,
            description="the connections of a live server, read from outside",
            expectation="",
            ticks=TICKS_MAX,  # nobody knows how long it will take
            pace=Pace.REALTIME,
            stream=Stream(interval=TICK_S),
            clients=[],
        ),
        kernel=platform.release(),
        python=platform.python_version(),
        libraries={name: version(name) for name in _LIBRARIES},
        sysctl=read_sysctls(),
        private_stack=False,
        policy_limits=False,
        started_unix_s=time.time(),
        watch=watched,
    )
