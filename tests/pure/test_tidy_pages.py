"""The pages that list a family by hand name every member of it."""

import re
from collections.abc import Iterable
from typing import NamedTuple

import pytest

from stallsim.api.stalled import KNOWN
from stallsim.clients import CLIENTS
from stallsim.fleet.parked import PARKED
from stallsim.probing.protocols import PROTOCOLS
from stallsim.probing.speak import SPEAK
from stallsim.probing.stalls import KINDS
from stallsim.profile.folder import names
from stallsim.reports.formats import FORMATS
from stallsim.server.guards import GUARDS
from stallsim.server.policies import POLICIES

from .source import ROOT, expect_none


class Listed(NamedTuple):
    """A family, and where it is listed: a page and one of its headings (of the README: none)."""

    what: str
    names: Iterable[str]
    page: str
    heading: str


HEALTHY = [name for name in CLIENTS.names() if CLIENTS.find(name).healthy]
LISTED = (
    Listed("profile", names(), "docs/running.md", "Profiles"),
    Listed("policy", POLICIES.names(), "docs/running.md", "Defences"),
    Listed("guard", GUARDS.names(), "docs/running.md", "Defences"),
    Listed("client that keeps up", HEALTHY, "docs/matrix.md", "What a cell says"),
    Listed("stall of a probe", KINDS.names(), "docs/pytest.md", "A stall: `stalled`"),
    Listed("stall that open_stalled takes", KNOWN, "docs/api.md", "A stalled client"),
    Listed("parked client", PARKED.names(), "docs/fleet.md", "Kinds of parked clients"),
    Listed("scheme", [f"{one}://" for one in PROTOCOLS.names()], "docs/joining.md", "What is a stream"),
    Listed("application's protocol", SPEAK.names(), "docs/joining.md", "Applications' protocols"),
    Listed("suffix", [FORMATS.find(one).suffixes()[0] for one in FORMATS.names()], "docs/reports.md", ""),
)


@pytest.mark.parametrize("listed", LISTED, ids=lambda it: f"{it.page}: {it.what}")
def test_a_page_names_every_member(listed: Listed) -> None:
    section = section_of((ROOT / listed.page).read_text(), listed.heading)
    assert section, f"{listed.page} has no heading '{listed.heading}'"
    where = f"{listed.page}, '{listed.heading}'" if listed.heading else listed.page
    absent = (f"the {listed.what} `{one}`" for one in missing(listed.names, section))
    expect_none(absent, f"{where} does not name")


def section_of(text: str, heading: str) -> str:
    """From the heading to the next of its rank; without a heading all of the page."""
    if not heading:
        return text
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def missing(names: Iterable[str], section: str) -> list[str]:
    """Those that begin no code and no string: options may follow, and ``socket.io`` may keep its dot."""
    return [one for one in names if not re.search(rf'[`"]{_pattern(one)}(?![\w-])', section)]


def _pattern(name: str) -> str:
    return "[-.]".join(map(re.escape, name.split("-")))


def test_a_name_within_another_is_not_named() -> None:
    section = '`drop-oldest`, no-ping, `keepping`, "x", `socket.io [NAMESPACE]`'
    assert missing(["drop", "ping", "x", "socket-io"], section) == ["drop", "ping"]
