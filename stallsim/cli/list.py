"""``stallsim list``: the profiles, clients and policies that there are."""


def list_() -> None:
    """List profiles, clients and policies."""
    from ..clients import CLIENTS
    from ..profile import load, names
    from ..server.policies import POLICIES

    profiles = {name: load(name).scenario for name in names()}
    rows = [
        ("profiles", [(name, scenario.title) for name, scenario in profiles.items()]),
        ("clients", [(name, CLIENTS.summary(name)) for name in CLIENTS.names()]),
        ("policies", [(name, POLICIES.summary(name)) for name in POLICIES.names()]),
    ]
    width = max(len(name) for _, entries in rows for name, _ in entries)
    for heading, entries in rows:
        print(heading)
        for name, words in entries:
            print(f"  {name:<{width}}  {words}")
