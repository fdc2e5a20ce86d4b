"""``stallsim.probe`` and ``stallsim.probe_blocking``: a server put through the stalls, and judged."""

from typing import Unpack

import msgspec

from ..errors import OptionError, suggest
from ..helper import ask
from ..option_values import Time, to_seconds
from ..probing.address import parse_url
from ..probing.options.probe import ProbeOptions, probe_spec
from ..probing.possible import check_possible
from ..probing.probe import probe_blocking as probe_spec_blocking
from ..probing.spec import ProbeSpec
from ..probing.stalls import find_stall
from ..timeline.probed.result import ProbeResult
from .in_trio import require_trio


async def probe(url: str, **options: Unpack[ProbeOptions]) -> ProbeResult:
    """Probe the server at ``url`` with the stalls (trio); the result is what ``stallsim probe --json``
    prints.

    The probe runs in a process of its own. So the server may be in this one, and its memory can still be
    measured. Cancelling ends the probe. Raises StallsimError for an invalid request (a URL, a stall,
    another machine without ``allow_remote``), EnvironmentUnfit if the server cannot be started or reached.
    """
    require_trio("probe")
    answer = await ask("stallsim.probing.worker", msgspec.json.encode(_checked(url, options)))
    return msgspec.json.decode(answer, type=ProbeResult)


def probe_blocking(
    url: str, *, timeout: Time | None = None, **options: Unpack[ProbeOptions]
) -> ProbeResult:
    """``probe`` for any thread. Raises OutOfTime, too."""
    timeout_s = None if timeout is None else to_seconds("timeout", timeout)
    return probe_spec_blocking(_checked(url, options), timeout_s)


def _checked(url: str, options: ProbeOptions) -> ProbeSpec:
    """The checked spec, so that invalid options are an error before a process is started."""
    known = ProbeOptions.__optional_keys__
    for name in options:
        if name not in known:
            raise TypeError(f"probe(): unknown option {name!r}{suggest(name, known)}")
    spec = probe_spec(url, options)
    stalls = [find_stall(name) for name in spec.stalls]
    check_possible(spec.target, parse_url(url).protocol, stalls)
    if spec.private_stack and spec.command is None:
        raise OptionError("private_stack", "a private stack needs a server that a command starts")
    return spec
