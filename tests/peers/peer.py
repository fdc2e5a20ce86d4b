"""A server that we did not write, and what is known of it before anybody probes it.

The outcome's words are the probe's own (`Outcome`, `Finding`), written out here so that
nothing depends on what is judged.
"""

from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent

FOLDERS = {"python": ("servers", ".py"), "node": ("node", ".js"), "java": ("java", ".java")}

UNBOUNDED = "unbounded-growth"
GROWTH = "growth"
"""What is unbounded, where the probe has looked for less than 64 MiB."""
DROPS = "bounded-drops"
ISOLATED = "backpressure-isolated"
BLOCKS = "blocks-everyone"
DISCONNECTS = "disconnects"

STARVES = "starves-others"
WAITS = "close-waits"
FREEZES = "freezes-on-resume"
LEAKS = "leaks-after-close"
SILENT = "drops-silently"
BLIND = "keepalive-blind"
CUTS = "cuts-healthy-clients"


@dataclass(frozen=True)
class Keepalive:
    """A library's default, and after how many seconds of sleep it has closed; None: not within 150."""

    default: str
    trickle_s: float | None = None
    """One message a second: the buffers are never full."""
    flood_s: float | None = None
    """The buffers are full before the first ping."""


NO_KEEPALIVE = Keepalive("none")
PING_20_20 = Keepalive("ping each 20 s, answer within 20 s", trickle_s=40)
"""Not under a flood: the ping waits for room in the buffers like everything else."""


@dataclass(frozen=True, kw_only=True)
class Peer:
    name: str
    """The file's, where the table has one row for it."""
    packages: tuple[str, ...] = ()
    """What must be installed, the library under test first: names of PyPI, or of npm for node. None: the
    language's own library is under test."""
    language: str = "python"
    """Or ``node``, or ``java``."""
    scheme: str = "ws"
    """Of its URL."""
    outcome: str
    reason: str
    source: str
    """The documentation or the code that the reason rests on."""
    drops: str | None = None
    """With bounded-drops: ``newest``, ``oldest`` or ``conflated``."""
    findings: frozenset[str] = frozenset()
    """Seen as soon as some 2 MB have been refused."""
    slow_reader: str = ""
    """The outcome for a client that reads a tenth of the stream; empty: as for one that reads nothing."""
    findings_possible: frozenset[str] = frozenset()
    """Seen only when the backlog was much longer than that."""
    keepalive: Keepalive = NO_KEEPALIVE
    script: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    path: str = "/"
    hello: tuple[str, ...] = ()
    """Messages that the client must send before it is given the stream."""
    replies: dict[str, str] = field(default_factory=dict)
    """What the client must answer to a message of the application's own keepalive."""
    words: tuple[str, ...] = ()
    """What else the probe's command line has."""
    refused_bytes_min: int = 0
    """How much must be refused before the outcome is what it is."""
    stalled_s_min: float = 0.0
    """Or how long its client must have been stalled."""
    until_then: str = GROWTH
    """What it does before that."""

    @property
    def acts_late(self) -> bool:
        """A short stall does not show what it does in the end."""
        return bool(self.refused_bytes_min or self.stalled_s_min)

    @property
    def command(self) -> list[str]:
        """How it is started; empty: it is a file of ours, run by its language."""
        return []

    @property
    def absent(self) -> list[str]:
        """What must be there beside packages, and is not."""
        return []

    @property
    def file(self) -> Path:
        name = self.script or self.name
        folder, suffix = FOLDERS[self.language]
        return HERE / folder / f"{name}{suffix}"
