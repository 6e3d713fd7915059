"""DNS clients: dnspython for structured answers, dig and kdig as independent readers."""

import socket
import struct

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rdatatype

from .environment import LOOPBACK
from .processes import run_checked


def query(name: str, qtype: str = "A", *, edns: bool = True, do: bool = False, cd: bool = False,
          ad: bool = False, rd: bool = True, payload: int = 1232, qclass: str = "IN",
          options=()) -> dns.message.Message:
    """A query message; the case of `name` is kept."""
    message = dns.message.make_query(
        name, qtype, qclass, use_edns=0 if edns else None, want_dnssec=do and edns,
        payload=payload if edns else None, options=list(options) if edns and options else None)
    message.flags = 0
    for wanted, flag in ((rd, dns.flags.RD), (cd, dns.flags.CD), (ad, dns.flags.AD)):
        if wanted:
            message.flags |= flag
    return message


class Client:
    """Asks one server address; a missing answer is None, a malformed one raises."""

    def __init__(self, port: int, address: str = LOOPBACK, timeout: float = 3, source: str | None = None):
        self.port, self.address, self.timeout, self.source = port, address, timeout, source

    def udp(self, message, timeout: float | None = None):
        try:
            return dns.query.udp(message, self.address, timeout or self.timeout, self.port,
                                 source=self.source)
        except (dns.exception.Timeout, ConnectionRefusedError):
            return None

    def tcp(self, message, timeout: float | None = None):
        try:
            return dns.query.tcp(message, self.address, timeout or self.timeout, self.port,
                                 source=self.source)
        except (dns.exception.Timeout, ConnectionError, EOFError):
            return None

    def ask(self, name: str, qtype: str = "A", *, tcp: bool = False, **options):
        """One question over UDP (or TCP); options as in `query`. An answer is required."""
        message = query(name, qtype, **options)
        answer = self.tcp(message) if tcp else self.udp(message)
        assert answer is not None, f"no answer for {name} {qtype} over {'TCP' if tcp else 'UDP'}"
        return answer

    def raw(self, packet: bytes, timeout: float = 0.5) -> bytes | None:
        """Send bytes over UDP; the reply's bytes, or None."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(timeout)
            sock.connect((self.address, self.port))
            try:
                sock.send(packet)
                return sock.recv(65535)
            except (TimeoutError, ConnectionRefusedError):
                return None

    def connect(self, timeout: float = 5) -> socket.socket:
        """An open TCP connection to the server."""
        return socket.create_connection((self.address, self.port), timeout)

    def dig(self, *arguments: str) -> str:
        """Standard output of dig against this server."""
        return run_checked(["dig", f"@{self.address}", "-p", str(self.port), *arguments])

    def kdig(self, *arguments: str) -> str:
        """Standard output of kdig against this server."""
        return run_checked(["kdig", f"@{self.address}", "-p", str(self.port), *arguments])


def send_tcp(sock: socket.socket, packet: bytes) -> None:
    """One length-prefixed message (RFC 1035 §4.2.2) in one write."""
    sock.sendall(struct.pack("!H", len(packet)) + packet)


def receive_tcp(sock: socket.socket) -> bytes | None:
    """One length-prefixed message; None when the peer closed."""
    prefix = _receive_exactly(sock, 2)
    return _receive_exactly(sock, struct.unpack("!H", prefix)[0]) if prefix else None


def _receive_exactly(sock: socket.socket, count: int) -> bytes | None:
    data = b""
    while len(data) < count:
        try:
            part = sock.recv(count - len(data))
        except ConnectionError:
            return None
        if not part:
            return None
        data += part
    return data


# What an answer says, in a form that is easy to compare.

def addresses(answer) -> list[str]:
    """All A and AAAA values of the answer section."""
    return [rdata.address for rrset in answer.answer for rdata in rrset
            if rrset.rdtype in (dns.rdatatype.A, dns.rdatatype.AAAA)]


def errors(answer) -> list[int]:
    """The Extended DNS Error codes (RFC 8914) of an answer."""
    return [int(option.code) for option in answer.options if isinstance(option, dns.edns.EDEOption)]


def has(answer, *flags: str) -> bool:
    """Whether all these header flags ("AA", "AD", …) are set."""
    return all(answer.flags & dns.flags.from_text(flag) for flag in flags)


def types(section) -> set[str]:
    """The record types in a section."""
    return {dns.rdatatype.to_text(rrset.rdtype) for rrset in section}
