"""``--set``: what it changes; and any invalid one is refused with a message of stallsim."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stallsim.errors import ProfileError
from stallsim.profile.load import load_profile
from stallsim.profile.overrides import apply
from stallsim.runner.resolve import resolve_scenario

KEYS = [
    "ticks", "pace", "stream.frame", "stream.interval", "server.policy", "server.sndbuf",
    "server.disconnect", "server.disconnect.limit-bytes", "clients.0.kind", "clients.hung.rcvbuf",
    "clients.stop-reading.count", "clients", "clients.0", "expect.0.phases", "expect",
    "stack.sysctl", "server", "stream",
]  # fmt: skip
VALUES = st.one_of(
    st.text(),
    st.from_regex(r"-?[0-9_.]{1,30}[A-Za-z/]{0,4}", fullmatch=True),
    st.sampled_from(
        ["{}", "[]", "[{}]", "[1]", "true", "nan", "inf", "1979-05-27", "''", "{a=1}", '[["x"]]']
    ),
)


@given(st.one_of(st.text(), st.builds("{}={}".format, st.sampled_from(KEYS), VALUES),
                 st.builds("{}={}".format, st.text(), VALUES)))  # fmt: skip
@example("# = 4")
@example('clients."\u00b2".kind=x')
@example(f'clients."{"9" * 5000}".kind=x')
@example(f"stream.frame={'9' * 400}B")
@example(f"stream.frame={'9' * 5000}")
@example(f"stream.frame={'[' * 5000}")
@example(f"{'.'.join('a' * 5000)}=1")
def test_any_text_is_a_profile_or_a_profile_error(override: str) -> None:
    refused: ProfileError | None = None
    try:
        resolve_scenario(load_profile("stop-reading", [override]))
    except ProfileError as error:
        refused = error
    assert refused is None or (refused.source == f"`overrides=` {override}" and refused.problem)


def table() -> dict[str, Any]:
    return {
        "ticks": 1,
        "server": {"policy": "unbounded"},
        "clients": [{"name": "a", "kind": "x"}, {"name": "b", "kind": "y"}, {"kind": "y"}],
    }


@pytest.mark.parametrize(
    ("override", "path", "value"),
    [
        ("ticks=2", "ticks", 2),
        (" ticks = 2", "ticks", 2),
        ("server.policy=disconnect", "server.policy", "disconnect"),
        ('server.policy="disconnect"', "server.policy", "disconnect"),
        ("server.sndbuf=4KiB", "server.sndbuf", "4KiB"),
        ("server.disconnect.limit=1=2", "server.disconnect.limit", "1=2"),
        ("server.x=", "server.x", ""),
        ("server.x=[1, 2]", "server.x", [1, 2]),
        ("server.x=true", "server.x", True),
        ('"server"."a.b"=1', "server.a.b", 1),
        ("clients.0.n=1", "clients.0.n", 1),
        ("clients.b.n=1", "clients.1.n", 1),
        ("clients.x.n=1", "clients.0.n", 1),
        ("clients.2.n=1", "clients.2.n", 1),
    ],
)
def test_what_it_changes(override: str, path: str, value: object) -> None:
    changed = table()
    assert apply(changed, override) == path
    place: Any = changed
    for part in ["server", "a.b"] if "a.b" in path else path.split("."):
        place = place[int(part)] if isinstance(place, list) else place[part]
    assert place == value


def test_a_name_goes_before_a_kind() -> None:
    changed: dict[str, Any] = {"clients": [{"name": "a", "kind": "b"}, {"name": "b", "kind": "c"}]}
    assert apply(changed, "clients.b.n=1") == "clients.1.n"


def test_the_last_override_wins() -> None:
    loaded = load_profile("stop-reading", ["ticks=7", "ticks=9", "title=x"])
    assert (loaded.scenario.ticks, loaded.scenario.title) == (9, "x")
    assert loaded.origin.overrides["ticks"] == "ticks=9"
