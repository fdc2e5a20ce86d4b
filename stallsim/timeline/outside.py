"""What only the timeline of a probe or a watch holds, which sees somebody's server from outside."""

from typing import Any

from msgspec import Struct

from .watched import Snapshot


class Probe(Struct, frozen=True, kw_only=True):
    """What was probed: somebody's server, seen from outside."""

    url: str
    stalls: list[str]
    """Those that were to be tried, in order."""


class Memory(Struct, frozen=True, tag="memory", kw_only=True):
    """What the processes of a server that is probed held."""

    tick: int
    rss_bytes: int
    """Read: their resident sets together."""


class Probed(Struct, frozen=True, tag="probed", kw_only=True):
    """What a probe has come to, as its ``--json`` prints it (thresholds aside)."""

    tick: int
    result: dict[str, Any]


class Looked(Struct, frozen=True, tag="look", kw_only=True):
    """One look of a watch, with fewer of its connections than were seen where there are many."""

    tick: int
    snapshot: Snapshot
