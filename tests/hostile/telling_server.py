"""A server that tells everything that it was given: it prints it, is named by it, and closes with it."""

import base64
import hashlib
import os
import socket
import sys

_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def main() -> None:
    """Serve one client after the other; the argument says what the answer to a request is."""
    with socket.create_server(("127.0.0.1", int(os.environ["PORT"]))) as listener:
        while True:
            client, _ = listener.accept()
            with client:
                serve(client, sys.argv[1])


def serve(client: socket.socket, what: str) -> None:
    """Answer a request; a connection without one was a look whether this server listens."""
    head = client.recv(65536).decode("latin-1")
    if not head:
        return
    print(head, flush=True)
    if what == "die":
        sys.exit(3)
    if what == "echo":
        client.sendall(head.encode("latin-1"))
        return
    fields = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    key = base64.b64encode(hashlib.sha1((fields["Sec-WebSocket-Key"] + _GUID).encode()).digest()).decode()
    told = f"{head.splitlines()[0]} {fields.get('Authorization', '')} {fields.get('Cookie', '')}"
    answer = (
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {key}\r\nServer: {told}\r\n\r\n"
    )
    reason = (4401).to_bytes(2) + told.encode()[:120]
    client.sendall(answer.encode() + bytes([0x88, len(reason)]) + reason)


if __name__ == "__main__":
    main()
