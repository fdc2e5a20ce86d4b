"""stallsim: WebSocket clients that stop reading, on purpose, byte for byte the same each time.

The Python API (docs/api.md) is here by name, and imported when a name is first used.
"""

from .version import __version__ as __version__

TYPE_CHECKING = False
"""Not imported from ``typing``, which would be most of the cost of importing this module."""
if TYPE_CHECKING:
    from .api.blocking import BlockingClient, open_stalled_blocking
    from .api.client import StalledClient
    from .api.probing import probe, probe_blocking
    from .api.queues import Queues
    from .api.running import run, run_blocking
    from .api.stalled import open_stalled
    from .api.watching import watch, watch_blocking
    from .errors import (
        EnvironmentUnfit,
        OutOfTime,
        ProfileError,
        RecordingError,
        StallsimError,
        Unavailable,
        UnknownVariant,
    )
    from .probing.client.ended import Ended
    from .timeline.probed.outcomes import Confidence, Finding, Outcome
    from .timeline.probed.result import ProbeResult, StallReport
    from .timeline.watched import Snapshot, WatchedConnection
    from .verdict.result import Result

__all__ = [
    "BlockingClient",
    "Confidence",
    "Ended",
    "EnvironmentUnfit",
    "Finding",
    "OutOfTime",
    "Outcome",
    "ProbeResult",
    "ProfileError",
    "Queues",
    "RecordingError",
    "Result",
    "Snapshot",
    "StallReport",
    "StalledClient",
    "StallsimError",
    "Unavailable",
    "UnknownVariant",
    "WatchedConnection",
    "open_stalled",
    "open_stalled_blocking",
    "probe",
    "probe_blocking",
    "run",
    "run_blocking",
    "watch",
    "watch_blocking",
]
_HOMES = {
    "api.blocking": ("BlockingClient", "open_stalled_blocking"),
    "api.client": ("StalledClient",),
    "api.probing": ("probe", "probe_blocking"),
    "api.queues": ("Queues",),
    "api.running": ("run", "run_blocking"),
    "api.stalled": ("open_stalled",),
    "api.watching": ("watch", "watch_blocking"),
    "timeline.watched": ("Snapshot", "WatchedConnection"),
    "errors": (
        "EnvironmentUnfit",
        "OutOfTime",
        "ProfileError",
        "RecordingError",
        "StallsimError",
        "Unavailable",
        "UnknownVariant",
    ),
    "verdict.result": ("Result",),
    "probing.client.ended": ("Ended",),
    "timeline.probed.outcomes": ("Confidence", "Finding", "Outcome"),
    "timeline.probed.result": ("ProbeResult", "StallReport"),
}


if not TYPE_CHECKING:  # so that a type checker reports names that do not exist

    def __getattr__(name: str) -> object:
        for home, names in _HOMES.items():
            if name in names:
                from importlib import import_module  # noqa: PLC0415 - only users of the API need it

                value = getattr(import_module(f"{__name__}.{home}"), name)
                globals()[name] = value
                return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
