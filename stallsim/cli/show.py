"""``stallsim show``: describes what a profile will do."""

from typing import Annotated

import typer

from ..errors import StallsimError
from ..profile.folder import fleet_names
from ._names import completes, profiles

EXAMPLES = (
    "stallsim show sleeping-tab",
    "stallsim show sleeping-tab --set server.policy=disconnect",
    "stallsim show small-pod",
)


def show(
    profile: Annotated[
        str, typer.Argument(help="A profile's name, or a TOML file.", autocompletion=completes(profiles))
    ],
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", "-s", metavar="KEY=VALUE", help="Override any key of the profile."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the resolved scenario as JSON.")] = False,
) -> None:
    """Describe what a profile of a run or of a fleet does.

    The output has the description, the settings, the requested and the effective sizes of the buffers, and
    the expectations.
    """
    if _is_of_a_fleet(profile):
        if overrides:
            raise StallsimError(
                "--set is for a run's profile; the options of fleet replace keys of a fleet's"
            )
        _show_fleet(profile, json=json)
        return
    from ..profile.load import load_profile
    from ..runner.resolve import resolve_scenario
    from ..views.scenario import as_json, scenario_text

    loaded = load_profile(profile, overrides or ())
    participants = resolve_scenario(loaded)
    guards = {guard.name: guard for guard in participants.defence.guards}
    text_of = as_json if json else scenario_text
    print(text_of(loaded.scenario, participants.defence.policy, guards, participants.clients))


def _is_of_a_fleet(profile: str) -> bool:
    if profile in fleet_names():
        return True
    from ..profile.load import names_a_file

    if not names_a_file(profile):
        return False
    from ..fleet.profile import file_is_of_a_fleet

    return file_is_of_a_fleet(profile)


def _show_fleet(name: str, *, json: bool) -> None:
    """Show a fleet's profile as it is, since none of its settings follows from others."""
    from ..fleet.profile import load_fleet_profile

    profile = load_fleet_profile(name)
    if json:
        from ..json_text import json_text

        print(json_text(profile))
        return
    from ..fleet.profile_words import profile_lines

    for line in profile_lines(name, profile):
        print(line)
