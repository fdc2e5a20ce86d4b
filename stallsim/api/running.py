"""``stallsim.run`` and ``stallsim.run_blocking``: execute a profile in a process of its own."""

import json
from collections.abc import Mapping, Sequence
from os import PathLike

import msgspec

from ..errors import OptionError
from ..helper import ask, ask_blocking
from ..option_values import Time, to_path, to_seconds, to_text
from ..runner.execute import Execution
from ..runner.worker import RunSpec
from ..verdict.result import Result
from .in_trio import require_trio

Override = str | bool | int | float | Sequence[str] | Sequence[int] | Sequence[float]
"""A profile's value: as with ``--set``, text needs no quotes and may have a unit."""
_WORKER = "stallsim.runner.worker"


async def run(
    profile: str | PathLike[str],
    overrides: Mapping[str, Override] | None = None,
    *,
    private_stack: bool | None = None,
    duration: Time | None = None,
    record: str | PathLike[str] | None = None,
    force: bool = False,
) -> Result:
    """Execute a profile and judge it (trio); the result is what ``stallsim run --json`` prints.

    ``profile`` is a name or the path of a TOML file; ``overrides`` are as with ``--set``, for example
    ``{"server.policy": "disconnect"}``. The run has a process of its own, so that this process is never
    moved into a private stack. ``private_stack`` decides whether the run has one; by default a lockstep run
    has one if the system allows it. Cancellation ends the run. A missing capability gives the verdict
    ``unsupported``.

    Raises ProfileError, UnknownVariant, RecordingError, EnvironmentUnfit.
    """
    require_trio("run")
    spec = _spec(profile, overrides, private_stack, duration, record, force)
    return _result(await ask(_WORKER, msgspec.json.encode(spec)))


def run_blocking(
    profile: str | PathLike[str],
    overrides: Mapping[str, Override] | None = None,
    *,
    private_stack: bool | None = None,
    duration: Time | None = None,
    record: str | PathLike[str] | None = None,
    force: bool = False,
    timeout: Time | None = None,
) -> Result:
    """``run`` for any thread. Raises OutOfTime, too."""
    spec = _spec(profile, overrides, private_stack, duration, record, force)
    timeout_s = None if timeout is None else to_seconds("timeout", timeout)
    return _result(ask_blocking(_WORKER, msgspec.json.encode(spec), timeout_s))


def _spec(
    profile: str | PathLike[str],
    overrides: Mapping[str, Override] | None,
    private_stack: bool | None,
    duration: Time | None,
    record: str | PathLike[str] | None,
    force: bool,
) -> RunSpec:
    """The checked spec, so that invalid options are an error before a process is started."""
    stack = [] if private_stack is None else [f"stack.private={str(private_stack).lower()}"]
    spec = RunSpec(
        profile=to_path("profile", profile),
        overrides=(*settings_of(overrides or {}), *stack),
        duration_s=None if duration is None else to_seconds("duration", duration),
        record=None if record is None else to_path("record", record),
        force=force,
    )
    Execution(spec.load())
    return spec


def _result(answer: bytes) -> Result:
    return msgspec.json.decode(answer, type=Result)


def settings_of(overrides: Mapping[str, Override]) -> tuple[str, ...]:
    """``KEY=VALUE`` for each, as ``--set`` takes it. Raises OptionError."""
    given: object = overrides
    if not isinstance(given, Mapping):
        raise OptionError("overrides", f"expected a mapping from keys to values, got {given!r}")
    return tuple(f"{to_text('overrides', key)}={_written(value)}" for key, value in overrides.items())


def _written(value: Override) -> str:
    try:
        return value if isinstance(value, str) else json.dumps(value, default=list)
    except (TypeError, ValueError):
        raise OptionError("overrides", f"expected a text, a number or a list, got {value!r}") from None
