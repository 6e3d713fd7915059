"""A UDP client that asks each name once and knows which ones were answered."""

import socket
import struct
import time
from collections.abc import Callable, Iterator

from .environment import LOOPBACK

WINDOW = 256


def question(identifier: int, name: str) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack("!6H", identifier, 0x0100, 1, 0, 0, 0) + labels + b"\0\0\1\0\1"


class Walker:
    """Walks a list of names like a bot in a hurry, with at most WINDOW queries outstanding."""

    def __init__(self, port: int, names: list[str]):
        self.names = names
        self.asked = 0
        self.answered: set[str] = set()
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.sock.connect((LOOPBACK, port))
        self.sock.settimeout(0.2)

    def walk(self, stop: Callable[[], bool] = lambda: False) -> None:
        """Ask until the names end, `stop` says so, or the server is gone."""
        patience = 0
        while not stop() and patience < 3:
            try:
                while self.asked < len(self.names) and self.asked - len(self.answered) < WINDOW:
                    self.sock.send(question(self.asked & 0xFFFF, self.names[self.asked]))
                    self.asked += 1
                patience = 0 if self._receive() else patience + 1
            except ConnectionRefusedError:
                return
            if len(self.answered) == len(self.names):
                return

    def drain(self) -> None:
        """Take what is still in the socket after the server's end."""
        self.sock.settimeout(0.05)
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline:
            try:
                if not self._receive():
                    return
            except ConnectionRefusedError:
                continue

    def _receive(self) -> bool:
        """Take one reply and all that wait behind it; false if none came."""
        before = len(self.answered)
        for reply in self._replies():
            number = struct.unpack("!H", reply[:2])[0]
            while number + 65536 < self.asked:
                number += 65536
            assert reply[3] & 15 == 0 and reply[6:8] != b"\0\0", f"not a sinkhole answer: {reply.hex()}"
            self.answered.add(self.names[number])
        return len(self.answered) > before

    def _replies(self) -> Iterator[bytes]:
        try:
            yield self.sock.recv(2048)
            while True:
                yield self.sock.recv(2048, socket.MSG_DONTWAIT)
        except (TimeoutError, BlockingIOError):
            return

    def close(self) -> None:
        self.sock.close()
