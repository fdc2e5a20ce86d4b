"""The WebSocket protocol (RFC 6455) without a socket: bytes in, events out; wsproto has what is rare.

``client.py`` is the client's side, of the lab's clients as of the probe's; ``server.py`` is that of the
lab's server. ``keepalive.py`` and ``closing_handshake.py`` hold what a server remembers between events.
"""
