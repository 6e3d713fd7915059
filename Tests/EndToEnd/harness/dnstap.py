"""Readers of dnstap: fstrm_capture from Debian, and a decoder of what it stores.

The decoder knows nothing of dnstap but field numbers; names and enumerations are checked with dnstap-ldns.
"""

import socket
import struct
from dataclasses import dataclass, field
from pathlib import Path

import dns.message

from .processes import Daemon, run_checked

CONTENT_TYPE = b"protobuf:dnstap.Dnstap"
QUERY, RESPONSE = 5, 6
NXDOMAIN, NODATA, PASS, DROP, TRUNCATE, LOCAL_DATA = range(1, 7)
QNAME, CLIENT_IP = 1, 2
DOT, DOH = 3, 4
ACCEPT, START, STOP, READY, FINISH = 1, 2, 3, 4, 5


def varint(octets: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (octets[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if octets[at - 1] < 0x80:
            return value, at


def fields(octets: bytes) -> dict[int, int | bytes]:
    """The fields of a protocol buffer message by number; none may come twice."""
    found, at = {}, 0
    while at < len(octets):
        key, at = varint(octets, at)
        number, kind = key >> 3, key & 7
        assert number not in found
        if kind == 0:
            found[number], at = varint(octets, at)
        elif kind == 2:
            length, at = varint(octets, at)
            found[number], at = octets[at:at + length], at + length
            assert len(found[number]) == length
        else:
            assert kind == 5, kind
            found[number], at = struct.unpack_from("<I", octets, at)[0], at + 4
    return found


@dataclass
class Message:
    """One dnstap message."""

    octets: bytes
    outer: dict = field(init=False)
    inner: dict = field(init=False)
    policy: dict | None = field(init=False)

    def __post_init__(self):
        self.outer = fields(self.octets)
        self.inner = fields(self.outer[14])
        self.policy = fields(self.inner[15]) if 15 in self.inner else None

    @property
    def kind(self) -> int:
        return self.inner[1]

    @property
    def client(self) -> str:
        address = self.inner[4]
        return socket.inet_ntop(socket.AF_INET if len(address) == 4 else socket.AF_INET6, address)

    @property
    def dns(self) -> dns.message.Message:
        return dns.message.from_wire(self.inner[10 if self.kind == QUERY else 14])

    @property
    def name(self) -> str:
        return self.dns.question[0].name.to_text(omit_final_dot=True)


def read_file(path: Path) -> list[Message]:
    """The messages of a Frame Streams file, which must start with START."""
    octets, at, messages = path.read_bytes(), 0, []
    zero, length, kind = struct.unpack_from("!III", octets, at)
    assert (zero, kind) == (0, START) and CONTENT_TYPE in octets[:at + 8 + length]
    at += 8 + length
    while at < len(octets):
        (size,) = struct.unpack_from("!I", octets, at)
        if size == 0:
            assert struct.unpack_from("!II", octets, at + 4) == (4, STOP)
            at += 12
            continue
        messages.append(Message(octets[at + 4:at + 4 + size]))
        at += 4 + size
    assert at == len(octets)
    return messages


def capture(folder: Path, target: list[str], name: str = "capture") -> tuple[Daemon, Path]:
    """A running fstrm_capture and the file it writes, whole once the daemon has been stopped."""
    file = folder / f"{name}.fstrm"
    daemon = Daemon("fstrm_capture", ["fstrm_capture", "-t", CONTENT_TYPE.decode(), *target, "-w", file],
                    folder / f"{name}.log")
    return daemon.start(), file


def verbose(file: Path) -> str:
    """What dnstap-ldns, which knows the schema, reads in a file."""
    return run_checked(["dnstap-ldns", "-y", "-r", file])


class StuckReader:
    """Agrees to read, and then does not."""

    def __init__(self, path: Path):
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(str(path))
        self.listener.listen(1)
        self.listener.settimeout(20)

    def agree(self) -> None:
        self.peer, _ = self.listener.accept()
        self.peer.settimeout(20)
        assert self.control() == READY
        accept = struct.pack("!III", ACCEPT, 1, len(CONTENT_TYPE)) + CONTENT_TYPE
        self.peer.sendall(struct.pack("!II", 0, len(accept)) + accept)
        assert self.control() == START

    def control(self) -> int:
        zero, length = struct.unpack("!II", self.peer.recv(8, socket.MSG_WAITALL))
        assert zero == 0
        return struct.unpack_from("!I", self.peer.recv(length, socket.MSG_WAITALL))[0]

    def close(self) -> None:
        self.peer.close()
        self.listener.close()
