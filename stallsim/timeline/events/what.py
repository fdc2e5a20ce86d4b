"""Any event: the union of all kinds."""

from collections.abc import Callable

from .client import ClientEvent
from .fleet import FleetEvent
from .kernel import KernelEvent
from .probe import ProbeEvent
from .server import ServerEvent
from .watch import Word

What = ClientEvent | KernelEvent | ServerEvent | ProbeEvent | Word | FleetEvent
"""All kinds of events; a test compares them with ``EventKind``."""
Report = Callable[[What], None]
"""Called with an event of one connection that happens now."""
