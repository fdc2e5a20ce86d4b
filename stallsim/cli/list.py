"""``stallsim list``: the profiles, clients, policies and guards that there are."""

EXAMPLES = ("stallsim list",)


def list_() -> None:
    """List profiles, clients, policies and guards."""
    from ..clients import CLIENTS
    from ..profile.load import load, names
    from ..server.guards import GUARDS
    from ..server.policies import POLICIES

    profiles = {name: load(name).scenario for name in names()}
    families = (("clients", CLIENTS), ("policies", POLICIES), ("guards", GUARDS))
    rows = [("profiles", [(name, scenario.title) for name, scenario in profiles.items()])]
    for heading, family in families:
        rows.append((heading, [(name, family.summary(name)) for name in family.names()]))
    width = max(len(name) for _, entries in rows for name, _ in entries)
    for heading, entries in rows:
        print(heading)
        for name, words in entries:
            print(f"  {name:<{width}}  {words}")
