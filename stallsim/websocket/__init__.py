"""The WebSocket protocol (RFC 6455) without a socket: bytes in, events out; wsproto has what is rare.

``client.py`` is the client's side, of the lab's clients as of the probe's; the others are the parts of a
server's side, which ``server/dialogue.py`` puts together.
"""
