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


async def probe(url: str, **options: Unpack[ProbeOptions]) -> ProbeResult:
    """Put the server at ``url`` through the stalls (trio); what ``stallsim probe --json`` prints.

    It runs in a process of its own, so the server may be in this one, and its memory is still seen.
    Cancelling ends it. Raises StallsimError for what was asked wrongly (a URL, a stall, a machine that is
    not this one without ``allow_remote``), EnvironmentUnfit where the server cannot be started or reached.
    """
    answer = await ask("stallsim.probing.worker", msgspec.json.encode(_checked(url, options)))
    return msgspec.json.decode(answer, type=ProbeResult)


def probe_blocking(
    url: str, *, timeout: Time | None = None, **options: Unpack[ProbeOptions]
) -> ProbeResult:
    """The same for any thread. Raises OutOfTime, too."""
    timeout_s = None if timeout is None else to_seconds("timeout", timeout)
    return probe_spec_blocking(_checked(url, options), timeout_s)


def _checked(url: str, options: ProbeOptions) -> ProbeSpec:
    """Here, where an error is the caller's own, before a process is started."""
    known = ProbeOptions.__optional_keys__
    for name in options:
        if name not in known:
            raise TypeError(f"probe(): unknown option {name!r}{suggest(name, known)}")
    spec = probe_spec(url, options)
    stalls = [find_stall(name) for name in spec.stalls]
    check_possible(spec.target, parse_url(url).protocol, stalls)
    if spec.private_stack and spec.command is None:
        raise OptionError("private_stack", "only a server that a command starts can be in it")
    return spec
