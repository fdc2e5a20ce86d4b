"""The protocols that a server may stream in: one module is one, named as its URLs' scheme is.

``ws.py`` serves ``ws://``, ``wss://`` (over TLS) and ``ws+unix:`` (over a socket of the file system).
"""

from ...family import Family
from ...stream_protocol import Protocol

PROTOCOLS: Family[Protocol] = Family("scheme", __package__, Protocol)
