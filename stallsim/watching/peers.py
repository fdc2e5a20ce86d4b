"""The names of peers: address and port, or an anonymous name that reveals neither."""

import secrets
from hashlib import blake2s

from ..kernel.diag_socket import SocketId

_MAPPED = "::ffff:"


class PeerNames:
    """Names peers. With ``anonymous``, an address has the same name throughout a watch, and another in the
    next.
    """

    def __init__(self, anonymous: bool) -> None:
        self.anonymous = anonymous
        self._salt = secrets.token_bytes(16)

    def host(self, which: SocketId) -> str:
        """The peer's address without the port; an IPv4 address carried by IPv6 as IPv4 (RFC 4291
        2.5.5.2).
        """
        host = which.peer_host.removeprefix(_MAPPED) if "." in which.peer_host else which.peer_host
        return f"peer-{self._hashed(host)}" if self.anonymous else host

    def name(self, which: SocketId) -> str:
        """The peer's address and port."""
        host, port = self.host(which), str(which.peer_port)
        if self.anonymous:
            return f"{host}:{self._hashed(host + port)[:4]}"
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def _hashed(self, text: str) -> str:
        return blake2s(text.encode(), key=self._salt, digest_size=4).hexdigest()
