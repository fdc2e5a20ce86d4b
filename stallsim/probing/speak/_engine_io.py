"""What Engine.IO 4 and Socket.IO have in common: the query of their URL, and Engine.IO's own packets."""

OPEN, PING, PONG, MESSAGE = b"0", b"2", b"3", b"4"
_QUERY = "EIO=4&transport=websocket"


def engine_resource(resource: str, usual_path: str) -> str:
    """With the query that asks for a WebSocket, and the usual path where the URL has none."""
    path, _, query = resource.partition("?")
    if "EIO=" in query:
        return resource
    return f"{usual_path if path == '/' else path}?{'&'.join(filter(None, (query, _QUERY)))}"


def is_open(content: bytes) -> bool:
    """Whether it is the packet with which the server begins."""
    return content.startswith(OPEN + b"{")
