"""Where a Dask scheduler listens, as it says itself when it starts: ``tcp://HOST:PORT``."""

from urllib.parse import urlsplit

_SCHEMES = ("tcp", "tls", "ws", "wss")


def parse_scheduler(text: str) -> str:
    """The same address. Raises ValueError with what is allowed: Dask itself says it late, and at length."""
    try:
        parts = urlsplit(text)
        complete = parts.scheme in _SCHEMES and parts.hostname and parts.port and not parts.path.strip("/")
    except ValueError:  # no number of a port
        complete = False
    if not complete:
        allowed = ", ".join(f"{scheme}://" for scheme in _SCHEMES)
        raise ValueError(f"expected {allowed} and then HOST:PORT, got {text!r}")
    return text
