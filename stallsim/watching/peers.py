"""How a peer is shown: its address and port, or a name from which nobody can find these out."""

import secrets
from hashlib import blake2s

from ..kernel.diag_socket import SocketId

_MAPPED = "::ffff:"


class PeerNames:
    """``anonymous``: one address always has one name, which is another one in the next watch."""

    def __init__(self, anonymous: bool) -> None:
        self.anonymous = anonymous
        self._salt = secrets.token_bytes(16)

    def host(self, which: SocketId) -> str:
        """The peer's address alone; IPv4 also where IPv6 carries it (RFC 4291 2.5.5.2)."""
        host = which.peer_host.removeprefix(_MAPPED) if "." in which.peer_host else which.peer_host
        return f"peer-{self._hashed(host)}" if self.anonymous else host

    def name(self, which: SocketId) -> str:
        """Address and port."""
        host, port = self.host(which), str(which.peer_port)
        if self.anonymous:
            return f"{host}:{self._hashed(host + port)[:4]}"
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def _hashed(self, text: str) -> str:
        return blake2s(text.encode(), key=self._salt, digest_size=4).hexdigest()
