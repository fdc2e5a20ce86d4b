"""A WebSocket server without a line of the lab's: writes until refused, polls only then, notes what it saw.

One client, one thread; what it notes is a trace in the form that ``real_trace.py`` reads.
"""

import base64
import hashlib
import random
import select
import socket
import struct
import time
import zlib
from typing import Any

from stallsim.kernel.queues import send_queue, socket_memory
from stallsim.kernel.sock_diag import SockDiag
from stallsim.kernel.tcp_info import read_tcp_info

COLUMNS = ("t", "app", "k", "ub", "blk", "oq", "oqn", "sw", "ack", "brq", "brd", "brb")
_EMPTY_BLOCK = b"\0\0\xff\xff"
"""What a compressed message leaves out at its end (RFC 7692 7.2.1)."""
Row = dict[str, Any]


class PlainServer:
    """Serves the page, then streams to whoever opens a WebSocket, until told to stop or left alone."""

    def __init__(
        self, page: str, frame_bytes: int, interval_s: float, deflate: bool, congestion: str
    ) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        if congestion:
            self._listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, congestion.encode())
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/"
        self._page, self._frame_bytes, self._interval_s = page.encode(), frame_bytes, interval_s
        self._compressor = zlib.compressobj(wbits=-15) if deflate else None
        self._words = random.Random(0)
        self.notes: list[Row | list[Any]] = []
        self.first_tcp: Row = {}
        self.ends: list[str] = []
        self.stop = False
        self.messages = self.bytes_made = self._taken = 0
        self._rest = bytearray()
        self._heard = bytearray()
        self._began_s = 0.0

    def mark(self, name: str) -> None:
        """Something happens to the tab now."""
        self.notes.append({"m": name, "t": self._now(), "app": self.bytes_made})

    @property
    def waiting(self) -> bool:
        """Whether there is somebody to whom not all could be sent."""
        return bool(self._rest) and not self.ends

    def run(self) -> None:
        """Until ``stop``, or until the browser has gone."""
        sock = self._accept()
        self._began_s = time.perf_counter()
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        memory, info = socket_memory(sock), read_tcp_info(sock)
        self.first_tcp = {"mem_sndbuf": memory.sndbuf, "snd_mss": info.snd_mss}
        blocked = False

        def writable(within_s: float) -> bool:
            poll = select.poll()
            poll.register(sock, select.POLLOUT)
            return bool(poll.poll(max(0.0, within_s) * 1000))

        with sock, SockDiag() as diag:
            own, peer = sock.getsockname(), sock.getpeername()
            while not self.stop and not self.ends:
                due_s = self.messages * self._interval_s
                while blocked and writable(due_s - self._now()):
                    blocked = self._write(sock)
                time.sleep(max(0.0, due_s - self._now()))
                self._make()
                if not blocked and (blocked := self._write(sock)):
                    queued = send_queue(sock)
                    self.notes.append({"e": "block", "t": self._now(), "k": self._taken, "oq": queued})
                self._listen(sock)
                self._sample(sock, diag, own, peer, blocked)

    def _now(self) -> float:
        return time.perf_counter() - self._began_s

    def _accept(self) -> socket.socket:
        while True:
            sock, _ = self._listening.accept()
            request = sock.recv(65536).decode()
            fields = dict(line.split(": ", 1) for line in request.splitlines() if ": " in line)
            if "Sec-WebSocket-Key" not in fields:
                head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html\r\n"
                sock.sendall(head + b"Content-Length: %d\r\n\r\n" % len(self._page) + self._page)
                sock.close()
                continue
            guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
            accept = base64.b64encode(hashlib.sha1((fields["Sec-WebSocket-Key"] + guid).encode()).digest())
            answer = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            answer += b"Sec-WebSocket-Accept: " + accept + b"\r\n"
            if self._compressor:
                answer += b"Sec-WebSocket-Extensions: permessage-deflate\r\n"
            sock.sendall(answer + b"\r\n")
            self._handshake_bytes = len(answer) + 2
            return sock

    def _make(self) -> None:
        size = self._frame_bytes - 4
        payload, first = self._words.randbytes(size), 0x82
        if self._compressor:
            payload = payload.hex().encode()[:size]
            first |= 0x40  # RSV1: compressed
            payload = self._compressor.compress(payload) + self._compressor.flush(zlib.Z_SYNC_FLUSH)
            payload = payload.removesuffix(_EMPTY_BLOCK)
        short = len(payload) < 1 << 16
        length = struct.pack("!BH", 126, len(payload)) if short else struct.pack("!BQ", 127, len(payload))
        frame = bytes([first]) + length + payload
        self._rest += frame
        self.bytes_made += len(frame)
        self.messages += 1

    def _write(self, sock: socket.socket) -> bool:
        """Whether the kernel took less than there was."""
        try:
            while self._rest:
                sent = sock.send(self._rest)
                self._taken += sent
                del self._rest[:sent]
        except BlockingIOError:
            return True
        except OSError:
            self._note_end("RST")
        return False

    def _note_end(self, how: str) -> None:
        if not self.ends:  # after a RST the socket reads as if a FIN had come
            self.ends.append(how)

    def _listen(self, sock: socket.socket) -> None:
        try:
            while heard := sock.recv(65536):
                self._heard += heard
            self._note_end("FIN")
        except BlockingIOError:
            pass
        except ConnectionResetError:
            self._note_end("RST")
        if len(self._heard) >= 6 and self._heard[0] == 0x88:  # its Close is all that it says
            mask, size = self._heard[2:6], self._heard[1] & 0x7F
            words = bytes(each ^ mask[at % 4] for at, each in enumerate(self._heard[6 : 6 + size]))
            code = int.from_bytes(words[:2], "big") if words else None
            close = {"e": "close_frame", "t": self._now(), "code": code, "reason": words[2:].decode()}
            self.notes.append(close)
            self._heard.clear()

    def _sample(self, sock: socket.socket, diag: SockDiag, own: Any, peer: Any, blocked: bool) -> None:
        info, queued = read_tcp_info(sock), send_queue(sock)
        row: Row = {
            "t": round(self._now(), 5),
            "app": self.bytes_made,
            "k": self._taken,
            "ub": len(self._rest),
        }
        row |= {"blk": int(blocked), "oq": queued, "oqn": info.notsent_bytes, "sw": info.snd_wnd}
        row |= {"ack": self._taken - queued, "brq": None, "brd": None, "brb": None}
        browser = diag.lookup(peer, own)
        if browser is not None and browser.info is not None and browser.memory is not None:
            read = browser.info.bytes_received - browser.rqueue - self._handshake_bytes
            row |= {"brq": browser.rqueue, "brd": read, "brb": browser.memory.rcvbuf}
        self.notes.append([row[column] for column in COLUMNS])
