"""What a test asks of a stall, and how its answer is told: options in, a report out."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import pytest
from msgspec.structs import replace

from ..api.options import ProbeOptions, TargetOptions, probe_spec
from ..api.written import Amount, Time, to_bytes, to_seconds
from ..errors import EnvironmentUnfit, StallsimError, suggest
from ..probing.address import parse_url
from ..probing.report.paragraph import paragraph
from ..probing.report.thresholds import Thresholds
from ..probing.result import ProbeResult, StallReport
from ..probing.spec import ProbeSpec
from ..probing.stalls import find_stall
from .evidence import Evidence
from .serving import Server

PROFILE = "sleeping-tab"


class StallOptions(TargetOptions, total=False):
    """With units as on the command line: ``for_="2MiB"``, ``watch="30s"``."""

    profile: str
    """Which stall (``stallsim probe --profile``)."""
    for_: Amount
    """Until so much was refused (8 MiB)."""
    watch: Time
    """How long at most, once the kernels take no more: 2 s, or 30 s with ``for_``."""
    max_queue: Amount
    """The test fails if the server holds more for the client, or if that could not be tested."""
    must_close_within: Time
    """The test fails unless the client is disconnected by then, or if that could not be tested."""
    allow_untested: bool
    """The test goes on where a limit could not be tested."""
    stop_at: Amount
    """As much memory as the server may take (512 MiB)."""
    keepalive: Time
    """Afterwards also: is a client that answers no Ping disconnected within this? See the findings."""
    pid: int
    """Whose memory is watched; absent: the server's, or found by the socket."""


_LIMITS = ("max_queue", "must_close_within", "allow_untested")
_OF_THE_API = {"for_": "refused", "profile": "stalls"}


def merge(marks: Sequence[pytest.Mark], options: StallOptions) -> StallOptions:
    """What the test says, over what its closest marker says, over the others. Raises StallsimError."""
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
    """One stall that a test has asked for."""

    spec: ProbeSpec
    recording: Path
    limits: Thresholds

    @classmethod
    def of(cls, server: Server | str, options: StallOptions, evidence: Evidence) -> "Wanted":
        """Raises StallsimError for what was written wrongly."""
        url = server if isinstance(server, str) else server.url
        parse_url(url)
        profile = find_stall(options.get("profile", PROFILE)).name
        limits = _limits(options)
        spec = _spec(url, {**options, "profile": profile})
        if spec.watch is None:
            spec = replace(spec, watch=limits.watch(spec.short))
        if isinstance(server, Server):
            spec = replace(spec, pid=spec.pid or server.pid, fresh=server.fresh())
        recording = evidence.recording(profile)
        spec = replace(spec, record=str(recording))
        return cls(spec, recording, limits)

    def tell(self, evidence: Evidence, result: ProbeResult) -> StallReport:
        """The named stall's report, with the findings of all (``keepalive`` adds two).

        Fails the test where a limit is broken, or could not be tested.
        """
        __tracebackhide__ = True
        if result.failure:
            raise EnvironmentUnfit(result.failure)
        judged = self.limits.apply(result)
        report = replace(result.stalls[0], findings=result.findings)
        evidence.note(paragraph(report, result.url), self.recording)
        if judged.unmet:
            untested = [f"not tested: {words}" for words in judged.untested]
            pytest.fail("\n".join([*judged.violations, *untested]))
        return report


def _limits(options: StallOptions) -> Thresholds:
    queue, close = options.get("max_queue"), options.get("must_close_within")
    return Thresholds(
        max_queue_bytes=None if queue is None else to_bytes("max_queue", queue),
        must_close_within_s=None if close is None else to_seconds("must_close_within", close),
        allow_untested=options.get("allow_untested", False),
    )


def _spec(url: str, options: Mapping[str, Any]) -> ProbeSpec:
    named = {_OF_THE_API.get(name, name): value for name, value in options.items() if name not in _LIMITS}
    try:
        return probe_spec(url, cast("ProbeOptions", named))
    except StallsimError as error:
        raise StallsimError(str(error).replace("refused:", "for_:", 1)) from None
    except (TypeError, AttributeError) as error:
        raise StallsimError(f"stalled: an option is of a wrong kind ({error})") from None
