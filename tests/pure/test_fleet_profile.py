"""Profiles of fleets: what comes along is valid, and what is wrong is named by file and key."""

import json
from pathlib import Path

import jsonschema
import pytest

from stallsim.errors import ProfileError
from stallsim.fleet.profile import fleet_profile_schema, load_fleet_profile
from stallsim.profile.folder import fleet_names, folder
from stallsim.timeline.fleet.asked import sizes

from .command_line import CommandLine

GOOD = 'title = "t"\ndescription = "d"\n'


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD + text)
    return str(path)


@pytest.mark.parametrize("name", fleet_names())
def test_what_comes_along_is_valid_and_shown(name: str, command_line: CommandLine) -> None:
    profile = load_fleet_profile(name)
    assert sum(profile.spec_fields()["mix"].values()) == pytest.approx(1)
    shown = command_line("show", name)
    assert shown.code == 0
    assert profile.title in shown.out
    assert json.loads(command_line("show", name, "--json").out)["title"] == profile.title
    assert name in command_line("list").out


def test_each_key_becomes_what_the_fleet_is_asked(tmp_path: Path) -> None:
    profile = load_fleet_profile(
        written(
            tmp_path,
            'clients = 20\nrate = "500/s"\nsteps = 2\nwitnesses = 1\nlook = "250ms"\nhold = "1s"\n'
            'wake = "all"\nrcvbuf = "4KiB"\nmemory = "1MiB"\ngo-on = true\n'
            "[mix]\nstop-reading = 3\nflapping = 1\n"
            '[limits]\nmax-memory-per-client = "2MiB"\nmin-clients = 7\nfail-on = ["refused"]\n',
        )
    )
    assert profile.spec_fields() == {
        "clients": 20, "mix": {"stop-reading": 0.75, "flapping": 0.25}, "rate_per_s": 500.0, "steps": 2,
        "witnesses": 1, "look_s": 0.25, "hold_s": 1.0, "wake_share": 1.0, "rcvbuf": 4096,
        "memory_bytes": 2**20, "goes_on": True,
    }  # fmt: skip
    assert profile.limit_fields() == {
        "memory_each": 2 * 2**20,
        "clients_min": 7,
        "fail_on": frozenset({"refused"}),
    }
    assert load_fleet_profile(written(tmp_path, "")).spec_fields() == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("clinets = 5", r"clinets: unknown key; did you mean 'clients'"),
        ("clients = 0", r"clients: expected at least 1"),
        ('clients = "many"', r"clients: expected int, got str"),
        (
            'rate = "0/s"',
            r"rate: expected a number of clients a second such as 5000/s, at least 0\.01/s, got '0/s'",
        ),
        ('wake = "110%"', r"wake: expected all, or a share from 0% to 100%"),
        ('look = "soon"', r"look: expected"),
        (
            "[mix]\nstop-reeding = 1",
            r"mix\.stop-reeding: unknown parked client.*did you mean 'stop-reading'",
        ),
        ("[mix]\nstop-reading = 0", r"mix\.stop-reading: expected a number above 0 and at most 1,000,000"),
        ("[mix]\nstop-reading = nan", r"mix\.stop-reading: expected a number above 0"),
        ('[mix]\nstop-reading = "many"', r"mix\.stop-reading: expected a number.* got 'many'"),
        ("[mix]", r"mix: expected at least one kind"),
        (
            '[limits]\nfail-on = ["descriptors"]',
            r"limits\.fail-on: 'descriptors' is only calculated and cannot",
        ),
        ('[limits]\nfail-on = ["walls"]', r"limits\.fail-on.*unknown value 'walls'"),
        ("[limits]\nmin-client = 4", r"limits\.min-client: unknown key; did you mean 'min-clients'"),
        ("= 4", r"not valid TOML"),
    ],
)
def test_what_is_wrong_is_named(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=rf"mine\.toml: {says}"):
        load_fleet_profile(written(tmp_path, text))


def test_a_file_that_is_not_there_and_a_name_that_nobody_knows(command_line: CommandLine) -> None:
    command_line.refuses(
        "fleet",
        "ws://127.0.0.1:1/",
        "--profile",
        "none.toml",
        code=2,
        saying=("none.toml: cannot be read",),
    )
    command_line.refuses(
        "fleet", "ws://127.0.0.1:1/", "--profile", "small-pot", code=2, saying=("small-pot", "stop-reading")
    )
    command_line.refuses(
        "fleet",
        "ws://127.0.0.1:1/",
        "--rate",
        "0",
        code=2,
        saying=("--rate: expected a number of clients",),
    )
    command_line.refuses("show", "small-pod", "--set", "steps=1", code=2, saying=("--set is for a run",))


@pytest.mark.parametrize(
    ("text", "typed", "says"),
    [
        ("clients = 9\n[limits]\nmin-clients = 10", (), "limits.min-clients: 10 clients are never open"),
        ("clients = 9\n[limits]\nmin-clients = 9", ("--clients", "8"), "limits.min-clients: 9 clients are"),
        ("clients = 9", ("--min-clients", "10"), "--min-clients: 10 clients are never open"),
        ('[limits]\nfail-on = ["memory"]', (), "limits.fail-on: memory needs a limit"),
        (
            'steps = 1\n[limits]\nmax-memory-per-client = "1MiB"',
            (),
            "limits.max-memory-per-client: the cost",
        ),
    ],
)
def test_a_limit_that_this_fleet_cannot_keep_or_test_is_refused_before_it_starts(
    text: str, typed: tuple[str, ...], says: str, tmp_path: Path, command_line: CommandLine
) -> None:
    words = ("fleet", "ws://127.0.0.1:1/", "--profile", written(tmp_path, text), *typed)
    command_line.refuses(*words, code=2, saying=(says,))


def test_the_schema_describes_every_key_and_fits_what_comes_along(command_line: CommandLine) -> None:
    tomllib = pytest.importorskip("tomllib")
    schema = json.loads(command_line("schema", "--fleet").out)
    assert schema == fleet_profile_schema()
    assert all(one.get("description") for one in schema["$defs"]["FleetProfile"]["properties"].values())
    for name in fleet_names():
        table = tomllib.loads((folder() / "fleet" / f"{name}.toml").read_text())
        jsonschema.validate(table, schema, cls=jsonschema.Draft202012Validator)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"title": "", "description": "", "wake": 3}, schema)


def test_a_few_clients_have_fewer_steps() -> None:
    assert sizes(1000, 4) == (250, 500, 750, 1000)
    assert sizes(3, 5) == (1, 2, 3)


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ('clients = 500\nmix = { "stop-reading" = 1 }', "clients    500: stop-reading 100.0%"),
        ("steps = 3", "opened     in 3 steps"),
        ("clients = 500", "clients    500: "),
    ],
)
def test_show_takes_a_fleet_s_own_file(
    keys: str, shown: str, command_line: CommandLine, tmp_path: Path
) -> None:
    path = written(tmp_path, keys)
    ended = command_line("show", path)
    assert ended.code == 0, ended
    assert shown in ended.out
    assert json.loads(command_line("show", path, "--json").out)["title"]


def test_show_takes_the_other_files_for_a_run_s(command_line: CommandLine, tmp_path: Path) -> None:
    command_line.refuses("show", written(tmp_path, "clients = []"), code=2, saying=("mine.toml: ",))
    command_line.refuses("show", str(tmp_path / "no.toml"), code=2, saying=("no.toml: cannot be read",))
