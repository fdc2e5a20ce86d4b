"""A fleet as a TOML file: its clients, its steps and its limits, checked key by key.

What a key leaves out is as ``FleetSpec`` has it; options of the command line replace what a key says.
"""

from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta

from ..errors import ProfileError, UnknownVariant, suggest
from ..profile.folder import fleet_names, folder
from ..profile.load import read_toml
from ..profile.scenario import Scenario
from ..profile.schema import as_written, struct_schema
from ..profile.spec import Spec
from ..profile.validation import Invalid, convert, keys_of
from ..units import BufferSize, Seconds, Size
from .limits import SEEN_WALLS
from .mix import shares
from .parked import PARKED
from .result import Wall
from .written import OpeningRate, WakeShare

SCHEMA_URL = "https://stallsim.readthedocs.io/fleet-profile.schema.json"


_WEIGHT_MAX = 1_000_000
Weight = Annotated[float, Meta(gt=0, le=_WEIGHT_MAX)]


class FleetProfileLimits(Spec, frozen=True, kw_only=True):
    """What must hold: a limit that is broken, or could not be tested, is exit code 1."""

    max_memory_per_client: Size | None = None
    """What one more parked client may cost the server's processes."""
    min_clients: Annotated[int, Meta(ge=1)] | None = None
    """The server must take so many clients while the witnesses keep their bounds."""
    fail_on: list[Wall] | None = None
    """Walls that must not be seen: witnesses, refused, unanswered, memory, tcp_mem, server-ended."""


class FleetProfile(Spec, frozen=True, kw_only=True):
    """The keys of a fleet's profile; all but the first two may be left out."""

    title: str
    """One line: what it asks."""
    description: str
    """Which situation it stands for."""
    clients: Annotated[int, Meta(ge=1, le=10_000_000)] | None = None
    """How many parked clients there are to be in the end."""
    mix: dict[str, Weight] | None = None
    """Kinds of parked clients and their weights."""
    rate: OpeningRate | None = None
    """Opening handshakes a second, at most."""
    steps: Annotated[int, Meta(ge=1, le=100)] | None = None
    """How often the fleet stops growing for a look at the witnesses."""
    witnesses: Annotated[int, Meta(ge=1, le=100)] | None = None
    """Clients that read everything."""
    look: Seconds | None = None
    """How long the witnesses are watched at each size."""
    hold: Seconds | None = None
    """How long the whole fleet is held after the last step."""
    wake: WakeShare | None = None
    """How many of them read again in the end."""
    rcvbuf: BufferSize | None = None
    """SO_RCVBUF of the parked clients."""
    memory: Size | None = None
    """The server's memory limit, of its pod, say."""
    go_on: bool | None = None
    """Whether the fleet grows on though the witnesses suffer."""
    limits: FleetProfileLimits = FleetProfileLimits()
    """What must hold."""

    def spec_fields(self) -> dict[str, Any]:
        """What it says, by the fields of ``FleetSpec``; its limits are apart."""
        fields = {
            "clients": self.clients,
            "mix": None if self.mix is None else shares(self.mix),
            "rate_per_s": self.rate,
            "steps": self.steps,
            "witnesses": self.witnesses,
            "look_s": self.look,
            "hold_s": self.hold,
            "wake_share": self.wake,
            "rcvbuf": self.rcvbuf,
            "memory_bytes": self.memory,
            "goes_on": self.go_on,
        }
        return {name: value for name, value in fields.items() if value is not None}

    def limit_fields(self) -> dict[str, Any]:
        """The same of its limits, by the fields of ``FleetLimits``."""
        limits = self.limits
        fields = {
            "memory_each": limits.max_memory_per_client,
            "clients_min": limits.min_clients,
            "fail_on": None if limits.fail_on is None else frozenset(one.value for one in limits.fail_on),
        }
        return {name: value for name, value in fields.items() if value is not None}


def fleet_profile_schema() -> dict[str, Any]:
    """For an editor's completion and checks."""
    made: dict[str, Any] = as_written({**struct_schema(FleetProfile), "$id": SCHEMA_URL})
    return made


def is_fleet_profile(name: str) -> bool:
    """Whether a name means one of them, or a file."""
    return name in fleet_names() or name.endswith(".toml") or "/" in name


def file_is_of_a_fleet(name: str) -> bool:
    """Whether the TOML file at that path is a fleet's profile, and not a run's: it has keys that only a
    fleet's has. Raises ProfileError where it cannot be read.
    """
    keys = read_toml(Path(name), name)
    of_a_fleet = set(keys_of(FleetProfile)) - set(keys_of(Scenario))
    return isinstance(keys.get("clients"), int) or not of_a_fleet.isdisjoint(keys)


def load_fleet_profile(name: str) -> FleetProfile:
    """The one of that name, or the TOML file at that path. Raises ProfileError, which names the key."""
    named = name in fleet_names()
    path = folder() / "fleet" / f"{name}.toml" if named else Path(name)
    source = name if named else str(path)
    table = read_toml(path, source)
    try:
        _check_weights(table.get("mix"))
        profile = convert(table, FleetProfile)
        for kind in profile.mix or {}:
            _check_kind(kind)
        for wall in profile.limits.fail_on or ():
            _check_wall(wall)
    except Invalid as invalid:
        raise ProfileError(source, invalid.key, invalid.problem) from None
    if profile.mix == {}:
        raise ProfileError(source, "mix", "expected at least one kind, such as stop-reading = 1")
    return profile


def _check_weights(mix: object) -> None:
    """Before all is converted, since an error of a dict's value does not name its key."""
    for kind, weight in mix.items() if isinstance(mix, dict) else ():
        number = isinstance(weight, int | float) and not isinstance(weight, bool)
        if not (number and 0 < weight <= _WEIGHT_MAX):
            allowed = f"expected a number above 0 and at most {_WEIGHT_MAX:,}"
            raise Invalid(f"mix.{kind}", f"{allowed}, got {weight!r}")


def _check_kind(kind: str) -> None:
    try:
        PARKED.find(kind)
    except UnknownVariant as unknown:
        raise Invalid(f"mix.{kind}", unknown.problem) from None


def _check_wall(wall: Wall) -> None:
    if wall not in SEEN_WALLS:
        known = [one.value for one in SEEN_WALLS]
        problem = f"{wall.value!r} is only calculated and cannot be seen{suggest(wall.value, known)}"
        raise Invalid("limits.fail-on", problem)
