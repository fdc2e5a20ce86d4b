"""``stallsim list``: the profiles, and the members of every family that a user can name."""

from ..errors import ExitCode
from ..family import summaries
from ._names import PACKAGE

EXAMPLES = ("stallsim list",)
FAMILIES = {
    "clients": "clients",
    "policies": "server/policies",
    "guards": "server/guards",
    "parked clients of a fleet": "fleet/parked",
    "stalls of a probe": "probing/stalls",
    "a stream's protocols, by scheme": "probing/protocols",
    "applications' protocols (--speak)": "probing/speak",
    "formats of a report (--format)": "reports/formats",
}


def list_() -> int:
    """List profiles, clients, policies, guards, the stalls and protocols of a probe, and report formats."""
    from ..profile.folder import fleet_names, names, title

    rows = [("profiles", [(name, title(name)) for name in names()])]
    rows.append(("profiles of fleets", [(name, title(f"fleet/{name}")) for name in fleet_names()]))
    for heading, room in FAMILIES.items():
        rows.append((heading, list(summaries(PACKAGE / room))))
    width = max(len(name) for _, entries in rows for name, _ in entries)
    for heading, entries in rows:
        print(heading)
        for name, words in entries:
            print(f"  {name:<{width}}  {words}")
    return ExitCode.PASS
