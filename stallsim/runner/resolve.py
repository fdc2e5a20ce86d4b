"""Resolves the names in a profile to variants; the only place that connects profiles with the families."""

from typing import NamedTuple

from ..clients import CLIENTS, Client
from ..errors import UnknownVariant, suggest
from ..profile.load import Loaded, Origin
from ..profile.scenario import ClientGroup, Pace, Scenario, ServerSpec
from ..profile.validation import Invalid, convert, keys_of
from ..server.defence import Defence
from ..server.frames import payload_bytes
from ..server.guards import GUARDS, Guard
from ..server.policies import POLICIES, Policy


class Participants(NamedTuple):
    """The participants of a run: the server's defence, and every group with its client's spec."""

    defence: Defence
    clients: list[tuple[ClientGroup, Client]]

    @property
    def needs_black_hole(self) -> bool:
        """Whether the network of any client must vanish."""
        return any(client.needs_black_hole for _, client in self.clients)


def resolve_scenario(loaded: Loaded) -> Participants:
    """Create all variants before the first socket opens. Raises ProfileError."""
    scenario, origin = loaded
    try:
        payload_bytes(scenario.stream.frame)
    except ValueError as error:
        raise origin.error("stream.frame", str(error)) from None
    clients = [
        (group, _client(group, f"clients.{index}", scenario.pace, origin))
        for index, group in enumerate(scenario.clients)
    ]
    return Participants(Defence(_policy(scenario.server, origin), _guards(scenario, origin)), clients)


def _client(group: ClientGroup, at: str, pace: Pace, origin: Origin) -> Client:
    try:
        client = convert(group.options, CLIENTS.find(group.kind), at)
    except UnknownVariant as unknown:
        raise origin.error(f"{at}.kind", unknown.problem) from None
    except Invalid as invalid:
        raise origin.error(invalid.key, invalid.problem) from None
    if client.needs_realtime and pace is not Pace.REALTIME:
        problem = f'only the kernel\'s timers react to {group.kind}; it needs pace = "realtime"'
        raise origin.error(f"{at}.kind", problem)
    ticks = [key for key in keys_of(type(client)) if key.endswith(("-tick", "-ticks"))]
    for key in group.draw:
        if key not in ticks:
            problem = f"{group.kind} has no such option that counts ticks{suggest(key, ticks)}"
            raise origin.error(f"{at}.draw.{key}", problem)
    return client


def _guards(scenario: Scenario, origin: Origin) -> list[Guard]:
    guards = []
    for name, options in scenario.server.guards.items():
        at = f"server.guards.{name}"
        try:
            guard = convert(options, GUARDS.find(name), at)
        except UnknownVariant as unknown:
            raise origin.error(at, unknown.problem) from None
        except Invalid as invalid:
            raise origin.error(invalid.key, invalid.problem) from None
        if guard.kernel_timer and scenario.pace is not Pace.REALTIME:
            problem = "is the kernel's own timer, and runs on the wall clock: it needs pace = 'realtime'"
            raise origin.error(at, problem)
        if guard.ping_interval_s is not None and scenario.server.ping_interval is not None:
            raise origin.error(
                "server.ping-interval", f"{at} has an interval of its own; leave out one of the two"
            )
        guards.append(guard)
    return guards


def _policy(server: ServerSpec, origin: Origin) -> Policy:
    specs: dict[str, Policy] = {}
    for name, options in server.options.items():
        if name not in POLICIES.names():
            known = keys_of(ServerSpec) + POLICIES.names()
            raise origin.error(f"server.{name}", f"unknown key{suggest(name, known)}")
        try:
            specs[name] = convert(options, POLICIES.find(name), f"server.{name}")
        except Invalid as invalid:
            raise origin.error(invalid.key, invalid.problem) from None
    try:
        return specs.get(server.policy) or POLICIES.find(server.policy)()
    except UnknownVariant as unknown:
        raise origin.error("server.policy", unknown.problem) from None
