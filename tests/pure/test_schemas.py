"""The JSON Schemas accept a profile exactly if the program accepts it."""

import json
import tomllib
from typing import Any

import jsonschema
import pytest

from stallsim.clients import CLIENTS
from stallsim.kinds import EventKind, Stalls
from stallsim.profile.folder import folder, names
from stallsim.profile.schema import profile_schema, struct_schema
from stallsim.server.guards import GUARDS
from stallsim.server.policies import POLICIES
from stallsim.verdict.result import Result, encode, nothing, summarize_run
from stallsim.verdict.verdict import judge_run, unsupported

from .builders import event, sample, scenario, timeline
from .test_bad_input_profiles import GOOD

PROFILE = profile_schema(
    {name: CLIENTS.find(name) for name in CLIENTS.names()},
    {name: POLICIES.find(name) for name in POLICIES.names()},
    {name: GUARDS.find(name) for name in GUARDS.names()},
)
RESULT = struct_schema(Result)


def complaints(instance: object, schema: dict[str, Any]) -> set[str]:
    return {error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(instance)}


@pytest.mark.parametrize("schema", [PROFILE, RESULT], ids=["profile", "result"])
def test_a_schema_is_one_and_has_no_loose_ends(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    text = json.dumps(schema)
    for name in text.split("#/$defs/")[1:]:
        assert name.split('"')[0] in schema["$defs"]


def undescribed(schema: Any, place: str = "") -> list[str]:
    match schema:
        case dict():
            own = [
                f"{place}.{key}"
                for key, value in schema.get("properties", {}).items()
                if "description" not in value
            ]
            return own + [
                one for key, value in schema.items() for one in undescribed(value, f"{place}/{key}")
            ]
        case list():
            return [one for value in schema for one in undescribed(value, place)]
        case _:
            return []


def test_every_key_of_a_profile_is_described_in_the_words_of_its_docstring() -> None:
    assert undescribed(PROFILE) == []
    sndbuf = PROFILE["$defs"]["ServerSpec"]["properties"]["sndbuf"]["description"]
    assert sndbuf.startswith("SO_SNDBUF asked for (the kernel doubles it)")


@pytest.mark.parametrize("name", names())
def test_every_profile_names_the_schema_for_editors(name: str) -> None:
    first = (folder() / f"{name}.toml").read_text().splitlines()[0]
    assert first == f"#:schema {PROFILE['$id']}"


@pytest.mark.parametrize("name", names())
def test_every_profile_is_valid(name: str) -> None:
    table = tomllib.loads((folder() / f"{name}.toml").read_text())
    assert complaints(table, PROFILE) == set()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ticks = 10", "ticks = 0"),
        ("ticks = 10", 'ticks = "10"'),
        ("ticks = 10", "tiks = 10"),
        ("ticks = 10", 'profile = "x"\nticks = 10'),
        ('"5ms"', "5"),
        ('"5ms"', '"5 fortnights"'),
        ('"64KiB"', '"64KB"'),
        ("6680", "-1"),
        ("6680", "16777217"),
        ('"disconnect"', '"disconect"'),
        ("limit-bytes", "limit-byte"),
        ("sndbuf", "options = {}\nsndbuf"),
        ("stop-reading", "stop-readin"),
        ("rcvbuf", "wake-tick"),
        ('kind = "stop-reading"', ""),
        ('"hung"\nkind', '"a b"\nkind'),
        ('phases = ["flowing"]', 'metric = "x"\nmin = 1'),
        ("private = false", 'private = "no"'),
        ("[[clients]]", "[clients]"),
    ],
)
def test_a_wrong_profile_is_not(old: str, new: str) -> None:
    assert old in GOOD
    wrong = tomllib.loads(GOOD.replace(old, new, 1))
    assert complaints(wrong, PROFILE) - complaints(tomllib.loads(GOOD), PROFILE)


def test_a_result_is_valid() -> None:
    stalled = event(EventKind.STALLED, evidence="window shut")
    made = timeline([sample(), sample(1, rcvq_bytes=9, received_bytes=9)], stalled, stalls=Stalls.MUST)
    printed = json.loads(encode(summarize_run(made, judge_run(made))))
    assert complaints(printed, RESULT) == set()
    assert printed["schema"] == "stallsim.result/1"
    assert [entry["phase"] for entry in printed["ledger"]["entries"]] == ["flowing", "receiver-filling"]


def test_the_result_of_a_run_that_could_not_begin_is_valid() -> None:
    printed = json.loads(encode(nothing(scenario(), unsupported("no namespaces"))))
    assert complaints(printed, RESULT) == set()
    assert printed["verdict"] == "unsupported"


@pytest.mark.parametrize("change", [{"verdict": 1}, {"ledger": None}, {"memory_bounded": "no"}])
def test_a_wrong_result_is_not(change: dict[str, Any]) -> None:
    printed = json.loads(encode(nothing(scenario(), unsupported(""))))
    assert complaints(printed, RESULT) == set()
    assert complaints(printed | change, RESULT)
