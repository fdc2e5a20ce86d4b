"""A bare epoll loop, as one would write it in C: a frame to everybody now and then, and what the kernel
does not take is kept for ever. ``MAX_CLIENTS``: who comes later is answered 503;
``DIE_AT``: with so many it ends without a word; ``ACCEPT_EACH_S``: it accepts no faster;
``KEEPS_BYTES_MAX``: who has more to come is closed."""

import base64
import hashlib
import os
import select
import socket
import time
from contextlib import suppress

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
EVERY_S = float(os.environ.get("EVERY_S", "0.2"))
PAYLOAD = b"x" * int(os.environ.get("PAYLOAD", "1000"))
MAX_CLIENTS = int(os.environ.get("MAX_CLIENTS", "1000000"))
DIE_AT = int(os.environ.get("DIE_AT", "1000000"))
ACCEPT_EACH_S = float(os.environ.get("ACCEPT_EACH_S", "0"))
KEEPS_BYTES_MAX = int(os.environ.get("KEEPS_BYTES_MAX", "1000000000000"))
FRAME = b"\x82\x7e" + len(PAYLOAD).to_bytes(2, "big") + PAYLOAD
PING, PONG = 9, 0x8A

HOST = os.environ.get("HOST", "127.0.0.1")
listener = socket.create_server((HOST, int(os.environ["PORT"])), backlog=4096)
listener.setblocking(False)
epoll = select.epoll()
epoll.register(listener, select.EPOLLIN)
clients: dict[int, socket.socket] = {}
queues: dict[int, bytearray] = {}


def accept() -> None:
    with suppress(OSError):  # nobody waits, or no descriptor is left for who does
        while True:
            client, _ = listener.accept()
            time.sleep(ACCEPT_EACH_S)
            client.setblocking(False)
            clients[client.fileno()] = client
            if len(clients) >= DIE_AT:
                os._exit(1)
            epoll.register(client, select.EPOLLIN)


def receive(fd: int) -> None:
    try:
        data = clients[fd].recv(4096)
    except BlockingIOError:
        return
    except OSError:
        data = b""
    if not data:
        queues.pop(fd, None)
        clients.pop(fd).close()
    elif fd not in queues:
        answer(fd, data)
    elif data[0] & 15 == PING:
        size, mask = data[1] & 127, data[2:6]
        payload = bytes(byte ^ mask[place % 4] for place, byte in enumerate(data[6 : 6 + size]))
        with suppress(OSError):
            clients[fd].send(bytes([PONG, size]) + payload)


def answer(fd: int, request: bytes) -> None:
    if len(queues) >= MAX_CLIENTS:
        clients[fd].send(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
        return
    lines = [line.split(b": ", 1) for line in request.split(b"\r\n") if b": " in line]
    key = {name.lower(): value for name, value in lines}[b"sec-websocket-key"]
    accepted = base64.b64encode(hashlib.sha1(key + GUID).digest())
    head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    clients[fd].send(head + b"Sec-WebSocket-Accept: " + accepted + b"\r\n\r\n")
    queues[fd] = bytearray()


def broadcast() -> None:
    for fd, queue in queues.items():
        sent = 0
        if not queue:
            with suppress(OSError):
                sent = clients[fd].send(FRAME)
        queue.extend(FRAME[sent:])
        if queue and sent == 0:
            with suppress(OSError):
                del queue[: clients[fd].send(queue)]
    for fd in [fd for fd, queue in queues.items() if len(queue) > KEEPS_BYTES_MAX]:
        del queues[fd]
        clients.pop(fd).close()  # its FIN waits behind what the kernel has taken


due_s = time.monotonic() + EVERY_S
while True:
    for fd, _ in epoll.poll(max(0.0, due_s - time.monotonic()), 1024):
        if fd == listener.fileno():
            accept()
        elif fd in clients:
            receive(fd)
    if time.monotonic() >= due_s:
        due_s += EVERY_S
        broadcast()
