"""The opening handshake of very many clients: the same bytes for each, and an answer compared by bytes.

wsproto makes the request once, and reads the first answer, all of it. One key serves everybody (RFC 6455
4.1 asks for a random one so that caches on the way can be told from servers), so every other answer must be
a 101 with the same Sec-WebSocket-Accept.
"""

import re

from wsproto import ConnectionType, WSConnection
from wsproto.connection import ConnectionState
from wsproto.events import Request
from wsproto.utilities import RemoteProtocolError, generate_accept_token

from ..probing.address import Address
from ..probing.client.client_name import named
from ..probing.client.conversation import Conversation
from ..probing.messages import CLIENT
from ..probing.spec import Target
from .joining import ClientJoining, joins

ANSWER_MAX_BYTES = 4096
"""A longer answer is taken for none."""
_KEY = re.compile(rb"Sec-WebSocket-Key: *(\S+)", re.IGNORECASE)


class Handshake:
    """One request for all clients of one process."""

    def __init__(self, address: Address, target: Target) -> None:
        self._first: WSConnection | None = WSConnection(ConnectionType.CLIENT)
        self._target, self._address = target, address
        conversation = Conversation(target, CLIENT)
        self._request = self._first.send(
            Request(
                host=address.host_header,
                target=conversation.resource(address.resource),
                subprotocols=list(conversation.subprotocols),
                extra_headers=[(name.encode(), value.encode()) for name, value in target.headers],
            )
        )
        key = _KEY.search(self._request)
        assert key is not None, "wsproto sends a key"
        self._accept = generate_accept_token(key.group(1))
        self._joins = joins(target)
        self._named = CLIENT.encode() in self._request

    @property
    def personal(self) -> bool:
        """Whether each client needs a name."""
        return self._named or self._joins

    def request(self, client: str) -> bytes:
        """The same for all, but for what stands in the place of ``{client}``."""
        return self._request.replace(CLIENT.encode(), client.encode()) if self._named else self._request

    def joining(self, client: str) -> ClientJoining | None:
        """What that client still has to say once it is open; None: nothing."""
        if not self._joins:
            return None
        own, _ = named(self._target, self._address, client)
        return ClientJoining(own, client)

    def refusal(self, answer: bytes) -> str:
        """Why this answer does not open a WebSocket; empty where it does."""
        if not answer.startswith(b"HTTP/1.1 101"):
            return _status_of(answer)
        if self._accept not in answer:
            return "answered 101 without the Sec-WebSocket-Accept of the client's key"
        first, self._first = self._first, None
        if first is None:
            return ""
        try:
            first.receive_data(answer)
            list(first.events())
        except RemoteProtocolError as error:
            return f"protocol error: {error}"
        return "" if first.state is ConnectionState.OPEN else "no 101 that wsproto accepts"


def _status_of(answer: bytes) -> str:
    words = answer[:64].split()
    is_http = len(words) > 1 and words[0].startswith(b"HTTP/") and words[1].isdigit()
    return f"answered {words[1].decode()}" if is_http else "answered no HTTP"
