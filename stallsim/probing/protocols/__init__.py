"""The protocols in which a server may send its stream: one module each, named as the scheme of its URLs.

``ws.py`` serves ``ws://``, ``wss://`` (over TLS) and ``ws+unix:`` (over a unix socket).
"""

from ...family import Family
from ...stream_protocol import Protocol

PROTOCOLS: Family[Protocol] = Family("scheme", __package__, Protocol)
