"""``stomp``: STOMP 1.2 over WebSocket (stomp.github.io/stomp-specification-1.2)."""

from collections.abc import Iterator

from ..messages import ClientMessage
from ._base import ApplicationProtocol, JoinRefused, SpokenAnswer

_HEARTBEAT_MS = 10_000
_ESCAPES = {"\\": "\\\\", "\r": "\\r", "\n": "\\n", ":": "\\c"}


class Stomp(ApplicationProtocol):
    """STOMP 1.2: connects, subscribes to a destination, and sends the heart-beats that were agreed on."""

    argument = "DESTINATION [LOGIN PASSCODE]"
    subprotocols = ("v12.stomp", "v11.stomp")

    def begin(self) -> Iterator[ClientMessage]:
        _, *credentials = self.given.split()
        heart_beat = f"{_HEARTBEAT_MS},{_HEARTBEAT_MS}"
        fields = {"accept-version": "1.1,1.2", "host": "/", "heart-beat": heart_beat}
        fields |= zip(("login", "passcode"), credentials, strict=False)
        yield _frame("CONNECT", fields)

    def receive(self, content: bytes) -> Iterator[SpokenAnswer]:
        if self.joined:
            return
        command, _, rest = content.lstrip(b"\r\n").partition(b"\n")
        match command.strip():
            case b"CONNECTED":
                self._agree_on_heart_beats(rest)
                self.joined = True
                destination = self.given.split()[0]
                yield SpokenAnswer(
                    _frame("SUBSCRIBE", {"id": "0", "destination": destination, "ack": "auto"})
                )
            case b"ERROR":
                raise JoinRefused(rest.strip(b"\0\n").decode(errors="replace"))

    def _agree_on_heart_beats(self, fields: bytes) -> None:
        """Set the heart-beat's interval: as often as the server asks, but not more often than this client
        announced.
        """
        for line in fields.splitlines():
            name, _, value = line.partition(b":")
            if name == b"heart-beat":
                wanted = value.partition(b",")[2].strip()
                wanted_ms = int(wanted) if wanted.isdigit() else 0
                self.heartbeat_s = max(wanted_ms, _HEARTBEAT_MS) / 2000 if wanted_ms else None

    def heartbeat(self) -> ClientMessage:
        return ClientMessage(b"\n")


def _frame(command: str, fields: dict[str, str]) -> ClientMessage:
    """A frame. Its fields are escaped, except in CONNECT, for compatibility with STOMP 1.0."""
    table = {} if command == "CONNECT" else str.maketrans(_ESCAPES)
    lines = [f"{name}:{value.translate(table)}" for name, value in fields.items()]
    return ClientMessage("\n".join([command, *lines, "", "\0"]).encode())
