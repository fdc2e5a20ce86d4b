"""Makes the header of a recording of a server that is not stallsim's own: the machine, and
when it began.
"""

import platform
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version

from ...kernel.sysctl import read_sysctls
from ...profile.scenario import ClientGroup, Pace, Scenario, Stream
from ...profile.spec import TICKS_MAX
from ...timeline.records import FORMAT_VERSION, Header
from ...version import __version__

_LIBRARIES = ("trio", "wsproto", "msgspec")


def outside_header(
    command: str,
    title: str,
    description: str,
    tick_s: float,
    *,
    clients: Sequence[ClientGroup] = (),
    private_stack: bool = False,
) -> Header:
    """A header without its subject. It leaves out the command line, which may contain credentials."""
    return Header(
        version=FORMAT_VERSION,
        stallsim=__version__,
        argv=[sys.argv[0]],
        scenario=Scenario(
            profile=command,
            title=title,
            description=description,
            expectation="",
            ticks=TICKS_MAX,  # the duration is not known in advance
            pace=Pace.REALTIME,
            stream=Stream(interval=tick_s),
            clients=list(clients),
        ),
        kernel=platform.release(),
        python=platform.python_version(),
        libraries={name: version(name) for name in _LIBRARIES},
        sysctl=read_sysctls(),
        private_stack=private_stack,
        policy_limits=False,
        started_unix_s=time.time(),
    )
