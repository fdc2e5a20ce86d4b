"""What ``stallsim fleet`` was asked for: a profile's values, and the options that replace them."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

from ..errors import OptionError, ProfileError, UnknownVariant
from ..fleet.limits import parse_fail_on
from ..fleet.limits_possible import check_limits
from ..fleet.mix import parse_mix
from ..fleet.profile import is_fleet_profile, load_fleet_profile
from ..fleet.scheduler_address import parse_scheduler
from ..fleet.spec import FleetSpec, OfWorkers
from ..fleet.written import parse_buffer, parse_opening_rate, parse_share
from ..option_values import to_bytes, to_seconds, to_value
from ..probing.options.target import target_of
from ..probing.spec import Command
from ..timeline.fleet.asked import FleetLimits
from ._fleet_options import KINDS, PROFILES, OnLostWorker

if TYPE_CHECKING:
    from ..probing.options.target import TargetOptions

_JOINING = (
    *("headers", "cookies", "token", "subprotocols", "speak", "hello"),
    *("allow_remote", "verify_tls", "ca_file"),
)
_LIMITS = {"memory_each": "max_memory_per_client", "clients_min": "min_clients", "fail_on": "fail_on"}
"""The options of limits, and their names in a profile."""


def fleet_spec(url: str, given: Mapping[str, Any]) -> FleetSpec:
    """The fleet of these parameters of the command; what is None was not given.

    Raises OptionError, ProfileError, UnknownVariant.
    """
    workers = _workers(given)
    profile = given["profile"] or "stop-reading"
    if given["mix"] is not None and given["profile"] in KINDS:
        raise OptionError("mix", f"it replaces `profile=` {profile}: use one of the two")
    if profile not in KINDS and not is_fleet_profile(profile):
        raise UnknownVariant("profile of a fleet", profile, [*KINDS, *PROFILES])
    planned = load_fleet_profile(profile) if is_fleet_profile(profile) else None
    values = planned.spec_fields() if planned else {"mix": parse_mix("profile", profile)}
    limits = planned.limit_fields() if planned else {}
    joining = {name: given[name] for name in _JOINING if given[name] is not None}
    command = given["exec_"]
    spec = FleetSpec(
        target=target_of(url, cast("TargetOptions", joining)),
        command=None if command is None else Command(words=("/bin/sh", "-c", command)),
        pid=given["pid"],
        workers=workers,
        limits=FleetLimits(**limits | _limits(given)),
        record=given["record"],
        force=given["force"],
        **values | _values(given),
    )
    try:
        check_limits(spec)
    except OptionError as error:
        if any(given[option] is not None for option, name in _LIMITS.items() if name == error.option):
            raise
        raise ProfileError(profile, f"limits.{error.option.replace('_', '-')}", error.problem) from None
    return spec


def _workers(given: Mapping[str, Any]) -> OfWorkers | None:
    count, scheduler = given["workers"], given["scheduler"]
    if count is None and scheduler is None:
        return None
    if scheduler is not None:
        if count is not None:
            raise OptionError(
                "scheduler", "a scheduler has workers already, and `workers=` would start others"
            )
        to_value("scheduler", scheduler, parse_scheduler)
    reopens = given["on_lost_worker"] is OnLostWorker.REOPEN
    return OfWorkers(scheduler=scheduler, count=count, reopens=reopens)


def _limits(given: Mapping[str, Any]) -> dict[str, Any]:
    each, fail_on = given["memory_each"], given["fail_on"]
    return _those_given(
        memory_each=None if each is None else to_bytes("max_memory_per_client", each),
        clients_min=given["clients_min"],
        fail_on=None if fail_on is None else parse_fail_on(fail_on),
    )


def _values(given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of ``FleetSpec`` that options give."""
    read: dict[str, tuple[str, Callable[[str], object]]] = {
        "mix": ("mix", lambda text: parse_mix("mix", text)),
        "rate": ("rate_per_s", lambda text: to_value("rate", text, parse_opening_rate)),
        "look": ("look_s", lambda text: to_seconds("look", text)),
        "hold": ("hold_s", lambda text: to_seconds("hold", text)),
        "wake": ("wake_share", lambda text: to_value("wake", text, parse_share)),
        "memory": ("memory_bytes", lambda text: to_bytes("memory", text)),
        "rcvbuf": ("rcvbuf", lambda text: to_value("rcvbuf", text, parse_buffer)),
    }
    texts = {field: parse(given[name]) for name, (field, parse) in read.items() if given[name] is not None}
    return texts | _those_given(
        clients=given["clients"],
        steps=given["steps"],
        witnesses=given["witnesses"],
        goes_on=given["go_on"] or None,
    )


def _those_given(**values: object) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
