"""The WebSocket protocol (RFC 6455) without a socket: bytes in, events out; wsproto handles rare frames.

``client.py`` is the client's end, for a run's clients and a probe's; ``server.py`` is that of a run's
server. ``keepalive.py`` and ``closing_handshake.py`` hold a server's state between events.
"""
