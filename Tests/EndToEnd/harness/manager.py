"""What a service manager does for a server: sockets that are open already, and a place for its news."""

import socket
from pathlib import Path

from .environment import LOOPBACK
from .processes import Daemon


SO_RCVBUFFORCE = 33  # <asm-generic/socket.h>


class NotifySocket:
    """Receives what a server says by sd_notify(3)."""

    def __init__(self, address: str):
        self.address = address
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + address[1:] if address.startswith("@") else address)
        self.socket.settimeout(0.05)
        self.messages: list[dict[str, str]] = []

    def poll(self) -> list[dict[str, str]]:
        """All messages so far, in order, each as its fields."""
        while True:
            try:
                text = self.socket.recv(4096).decode()
            except TimeoutError:
                return self.messages
            self.messages.append(dict(line.split("=", 1) for line in text.split("\n")))

    def has(self, field: str, value: str = "1") -> bool:
        return any(message.get(field) == value for message in self.poll())


class ServiceSockets:
    """Bound sockets that outlive the servers they are lent to."""

    def __init__(self, port: int, udp: int = 1):
        self.udp = [self._open(socket.SOCK_DGRAM, port) for _ in range(udp)]
        self.tcp = self._open(socket.SOCK_STREAM, port)
        self.tcp.listen(1024)

    @staticmethod
    def _open(kind: int, port: int) -> socket.socket:
        opened = socket.socket(socket.AF_INET, kind)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        opened.bind((LOOPBACK, port))
        if kind == socket.SOCK_DGRAM:
            # As a service manager does for ReceiveBuffer=: beyond net.core.rmem_max.
            opened.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 4 << 20)
        return opened

    def lend(self, command: list, log: Path, environment: dict[str, str] | None = None) -> Daemon:
        """A Daemon that gets the sockets as descriptors 3 and on; not started yet."""
        numbers = [one.fileno() for one in (*self.udp, self.tcp)]
        # Through high numbers first: 3 and on may be among those that are moved.
        moves = " ".join(f"{100 + place}>&{number}" for place, number in enumerate(numbers))
        places = " ".join(f"{3 + place}>&{100 + place}" for place in range(len(numbers)))
        script = (f"exec {moves}; exec {places}; export LISTEN_PID=$$ LISTEN_FDS={len(numbers)} "
                  f'LISTEN_FDNAMES={":".join(["dns"] * len(numbers))}; exec "$@"')
        daemon = Daemon("ponor", ["bash", "-c", script, "bash", *command], log, environment)
        daemon.keep = numbers
        return daemon

    def close(self) -> None:
        for one in (*self.udp, self.tcp):
            one.close()

