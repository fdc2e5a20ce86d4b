"""``stallsim schema``: prints the JSON Schema of a profile, for editors, or of a result."""

from typing import Annotated

import typer

EXAMPLES = (
    "stallsim schema",
    "stallsim schema --probe",
)


def schema(
    result: Annotated[
        bool, typer.Option("--result", help="Print the schema of the output of run --json.")
    ] = False,
    probe: Annotated[
        bool, typer.Option("--probe", help="Print the schema of the output of probe --json.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Print the schema of the output of watch --json.")
    ] = False,
    matrix: Annotated[
        bool, typer.Option("--matrix", help="Print the schema of the output of matrix --json.")
    ] = False,
    fleet: Annotated[bool, typer.Option("--fleet", help="Print the schema of a fleet's profile.")] = False,
    fleet_result: Annotated[
        bool, typer.Option("--fleet-result", help="Print the schema of the output of fleet --json.")
    ] = False,
) -> None:
    """Print the JSON Schema of a profile or of a result.

    Without an option, it is the schema of a profile for run, and with --fleet, of a profile for fleet. The
    other options are for what a command prints with --json: run (--result), probe (--probe), matrix
    (--matrix), watch (--watch), fleet (--fleet-result).
    """
    import json

    from ..clients import CLIENTS
    from ..matrix.report import Matrix
    from ..profile.schema import profile_schema, struct_schema
    from ..server.guards import GUARDS
    from ..server.policies import POLICIES
    from ..verdict.result import Result

    if probe:
        from ..timeline.probed.result import ProbeResult

        made = struct_schema(ProbeResult)
    elif watch:
        from ..timeline.watched import Snapshot

        made = struct_schema(Snapshot)
    elif fleet:
        from ..fleet.profile import fleet_profile_schema

        made = fleet_profile_schema()
    elif fleet_result:
        from ..fleet.result import FleetResult

        made = struct_schema(FleetResult)
    elif matrix:
        made = struct_schema(Matrix)
    elif result:
        made = struct_schema(Result)
    else:
        clients = {name: CLIENTS.find(name) for name in CLIENTS.names()}
        policies = {name: POLICIES.find(name) for name in POLICIES.names()}
        guards = {name: GUARDS.find(name) for name in GUARDS.names()}
        made = profile_schema(clients, policies, guards)
    print(json.dumps(made, indent=2))
