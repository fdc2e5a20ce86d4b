"""The parts that Engine.IO 4 and Socket.IO share: the query of their URL, and Engine.IO's packets."""

OPEN, PING, PONG, MESSAGE = b"0", b"2", b"3", b"4"
_QUERY = "EIO=4&transport=websocket"


def engine_resource(resource: str, usual_path: str) -> str:
    """The resource with the query that asks for a WebSocket, and with the usual path if
    the URL has none.
    """
    path, _, query = resource.partition("?")
    if "EIO=" in query:
        return resource
    return f"{usual_path if path == '/' else path}?{'&'.join(filter(None, (query, _QUERY)))}"


def is_open(content: bytes) -> bool:
    """Whether ``content`` is the packet that the server sends first."""
    return content.startswith(OPEN + b"{")
