"""Makes JSON Schemas of the texts that users write and read, from the structs themselves."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from ..described import field_descriptions, structs_below
from .scenario import ClientGroup, Scenario, ServerSpec

PROFILE_SCHEMA_URL = "https://stallsim.readthedocs.io/profile.schema.json"
"""The address at which the profile's schema is published; stallsim's own profiles name it for editors."""
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def struct_schema(struct: type[Struct]) -> dict[str, Any]:
    """The schema of one struct."""
    (top,), definitions = msgspec.json.schema_components([struct], ref_template="#/$defs/{name}")
    _describe(definitions, [struct])
    return {"$schema": _DIALECT, **top, "$defs": definitions}


def profile_schema(
    clients: Mapping[str, type[Struct]],
    policies: Mapping[str, type[Struct]],
    guards: Mapping[str, type[Struct]],
) -> dict[str, Any]:
    """The schema of a profile, which includes every variant's own options."""
    roots: list[type[Struct]] = [Scenario, *clients.values(), *policies.values(), *guards.values()]
    _, definitions = msgspec.json.schema_components(roots, ref_template="#/$defs/{name}")
    _describe(definitions, roots)
    scenario, server = definitions[Scenario.__name__], definitions[ServerSpec.__name__]
    _drop(scenario, "profile")
    _drop(server, "options")
    for name, struct in policies.items():
        server["properties"][name] = _table(struct, "The options of the policy")
    server["properties"]["guards"] |= {
        "type": "object",
        "properties": {name: _table(struct, "Turns this guard on") for name, struct in guards.items()},
        "additionalProperties": False,
    }
    server["properties"]["policy"] |= {"enum": sorted(policies), "default": "unbounded"}
    group = definitions.pop(ClientGroup.__name__)
    _drop(group, "options")
    scenario["properties"]["clients"]["items"] = {
        "oneOf": [_client(name, group, definitions[struct.__name__]) for name, struct in clients.items()]
    }
    for struct in clients.values():
        definitions.pop(struct.__name__)
    made = {
        "$schema": _DIALECT,
        "$id": PROFILE_SCHEMA_URL,
        **definitions.pop(Scenario.__name__),
        "$defs": definitions,
    }
    written: dict[str, Any] = as_written(made)
    return written


def _table(struct: type[Struct], role: str) -> dict[str, str]:
    """The schema of a variant's own table, described by the first sentence of the variant's docstring."""
    first = " ".join((struct.__doc__ or "").split("\n\n")[0].split())
    return {"$ref": f"#/$defs/{struct.__name__}", "description": f"{role}. {first}"}


def _client(name: str, group: Mapping[str, Any], spec: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a [[clients]] table of one kind: the keys of every group, and the
    kind's own options.
    """
    own = {key: value for key, value in spec.items() if key != "properties"}
    properties = {
        **group["properties"],
        **spec["properties"],
        "kind": {**group["properties"]["kind"], "const": name},
    }
    return {**own, "title": name, "properties": properties, "required": ["kind"]}


def _describe(definitions: Mapping[str, dict[str, Any]], roots: Sequence[type[Struct]]) -> None:
    """Give every property the docstring of its field."""
    for struct in set[type[Struct]]().union(*(structs_below(root) for root in roots)):
        for key, words in field_descriptions(struct).items():
            definitions[struct.__name__]["properties"][key]["description"] = words


def as_written(schema: Any) -> Any:
    """The schema with sizes and durations as people write them, not as msgspec reads them."""
    match schema:
        case {"x-written": written, **parsed}:
            return {**written, **{key: parsed[key] for key in ("default", "description") if key in parsed}}
        case dict():
            return {key: as_written(value) for key, value in schema.items()}
        case list():
            return [as_written(value) for value in schema]
        case _:
            return schema


def _drop(schema: dict[str, Any], key: str) -> None:
    """Take out a key that no profile may have."""
    schema["properties"].pop(key)
    schema["required"] = [name for name in schema.get("required", []) if name != key]
