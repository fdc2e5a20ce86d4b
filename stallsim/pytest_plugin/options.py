"""Turns a test's options of a stall into a probe, and the result into a report."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import pytest
from msgspec.structs import replace

from ..errors import EnvironmentUnfit, OptionError, StallsimError, suggest
from ..option_values import Amount, Time
from ..probing.address import parse_url
from ..probing.options.limits import LimitOptions
from ..probing.options.probe import ProbeOptions, probe_spec
from ..probing.options.target import TargetOptions
from ..probing.report.paragraph import paragraph
from ..probing.report.thresholds import Thresholds
from ..probing.secrets import Secrets
from ..probing.spec import ProbeSpec
from ..probing.stalls import find_stall
from ..timeline.probed.result import ProbeResult, StallReport
from .evidence import EvidenceFolder
from .serving import Server

PROFILE = "sleeping-tab"


class StallOptions(TargetOptions, LimitOptions, total=False):
    """The options of a stall, with units as on the command line: ``for_="2MiB"``, ``watch="30s"``. A
    broken limit fails the test, and so does one that could not be tested, unless ``allow_untested``.
    """

    profile: str
    """The name of the stall (``stallsim probe --profile``)."""
    for_: Amount
    """The refused bytes after which the stall ends (8 MiB)."""
    watch: Time
    """The most time, once the kernels accept no more: 2 s, or 30 s with ``for_``."""
    stop_at: Amount
    """The memory that the server may take before the stall ends (512 MiB)."""
    keepalive: Time
    """Afterwards also: is a client that answers no Ping disconnected within this? See the findings."""
    pid: int
    """The process whose memory is watched; absent: the server's, or the one found by the socket."""


_OF_A_PROBE = {"for_": "refused", "profile": "stalls"}
_HERE = {name: here for here, name in _OF_A_PROBE.items()}
"""The options that have another name in a test, both ways."""


def merge(marks: Sequence[pytest.Mark], options: StallOptions) -> StallOptions:
    """The options of the call, which override those of the closest marker, and so on. Raises
    StallsimError.
    """
    merged: dict[str, Any] = {}
    for mark in reversed(marks):
        if mark.args:
            raise StallsimError("pytest.mark.stalled takes options by name: stalled(for_='2MiB')")
        merged |= mark.kwargs
    merged |= options
    known = StallOptions.__optional_keys__
    for name in merged:
        if name not in known:
            raise StallsimError(f"stalled: unknown option {name!r}{suggest(name, known)}")
    return cast("StallOptions", merged)


class Wanted(NamedTuple):
    """One stall that a test has requested."""

    spec: ProbeSpec
    recording: Path

    @classmethod
    def of(cls, server: Server | str, options: StallOptions, evidence: EvidenceFolder) -> "Wanted":
        """The stall that these options describe. Raises StallsimError for invalid options."""
        url = server if isinstance(server, str) else server.url
        address = parse_url(url)
        profile = find_stall(options.get("profile", PROFILE)).name
        spec = _spec(url, {**options, "profile": profile})
        evidence.hide(Secrets(spec.target, address))
        if spec.watch is None:
            spec = replace(spec, watch=Thresholds.of(spec.limits).watch(spec.short))
        if isinstance(server, Server):
            spec = replace(spec, pid=spec.pid or server.pid, fresh=server.fresh())
        recording = evidence.recording(profile)
        return cls(replace(spec, record=str(recording)), recording)

    def conclude(self, evidence: EvidenceFolder, result: ProbeResult) -> StallReport:
        """The named stall's report, with the findings of all stalls (``keepalive`` adds two).

        Fails the test if a limit is broken, or could not be tested.
        """
        __tracebackhide__ = True
        if result.failure:
            raise EnvironmentUnfit(result.failure)
        report = replace(result.stalls[0], findings=result.findings)
        evidence.note(paragraph(report, result.url), self.recording)
        if result.unmet:
            untested = [f"not tested: {words}" for words in result.untested]
            pytest.fail("\n".join([*result.violations, *untested]))
        return report


def _spec(url: str, options: Mapping[str, Any]) -> ProbeSpec:
    """Raises StallsimError, and names an option as the test has it."""
    named = {_OF_A_PROBE.get(name, name): value for name, value in options.items()}
    try:
        return probe_spec(url, cast("ProbeOptions", named))
    except OptionError as error:
        raise OptionError(_HERE.get(error.option, error.option), error.problem) from None
    except (TypeError, AttributeError) as error:
        raise StallsimError(f"stalled: an option has a wrong type ({error})") from None
