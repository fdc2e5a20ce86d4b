"""Protocols that applications use over a WebSocket: one module each, under the protocol's usual name.

``mqtt.py`` is ``--speak mqtt``: how a client joins until it receives the stream, and its heartbeats.
"""

from ...errors import StallsimError
from ...family import Family
from ...option_values import to_text
from ._base import ApplicationProtocol, JoinRefused, SpokenAnswer

__all__ = [
    "SPEAK",
    "ApplicationProtocol",
    "JoinRefused",
    "SpokenAnswer",
    "find_application_protocol",
    "split_spoken",
]

SPEAK: Family[ApplicationProtocol] = Family("application protocol", __package__, ApplicationProtocol)


def split_spoken(spoken: str) -> tuple[type[ApplicationProtocol], str]:
    """Split ``mqtt TOPIC`` into the protocol and its argument. ``socket.io`` may keep its dot.

    Raises UnknownVariant, and StallsimError if a required argument is missing or an argument is not
    allowed.
    """
    name, _, argument = to_text("speak", spoken).strip().partition(" ")
    kind, argument = SPEAK.find(name.replace(".", "-")), argument.strip()
    if kind.argument and kind.argument_needed and not argument:
        raise StallsimError(f"speak {name}: expected {name} {kind.argument}, got {spoken!r}")
    if argument and not kind.argument:
        raise StallsimError(f"speak {name}: nothing follows the name, got {spoken!r}")
    return kind, argument


def find_application_protocol(spoken: str, client: str) -> ApplicationProtocol:
    """The protocol for one client, ready to join. Raises as ``split_spoken`` does."""
    kind, argument = split_spoken(spoken)
    return kind(argument, client)
