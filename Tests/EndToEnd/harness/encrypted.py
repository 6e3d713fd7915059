"""Clients and certificates of DNS over TLS and HTTPS: openssl makes them, Python's ssl and h2 use them."""

import http.client
import socket
import ssl
import struct
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from pathlib import Path

import dns.message
import h2.config
import h2.connection
import h2.events
import h2.settings

from .client import receive_tcp
from .environment import LOOPBACK
from .processes import run_checked

NAME = "dns.example.test"
MEDIA_TYPE = "application/dns-message"


@dataclass
class Pair:
    """A self-signed certificate and its key."""

    certificate: Path
    key: Path

    @property
    def pem(self) -> str:
        return self.certificate.read_text()

    @property
    def der(self) -> bytes:
        return ssl.PEM_cert_to_DER_cert(self.pem)

    def install(self, other: "Pair") -> None:
        """Put another pair in place of this one, file after file as renewal programs do."""
        for mine, its in ((self.key, other.key), (self.certificate, other.certificate)):
            temporary = mine.with_suffix(".tmp")
            temporary.write_bytes(its.read_bytes())
            temporary.rename(mine)


def make_pair(folder: Path, days: int = 365, name: str = NAME, *, address: bool = True) -> Pair:
    """A P-256 pair for NAME and, unless told otherwise, the loopback address."""
    folder.mkdir(parents=True, exist_ok=True)
    pair = Pair(folder / "cert.pem", folder / "key.pem")
    run_checked(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                 "-keyout", pair.key, "-out", pair.certificate, "-days", str(days), "-subj", f"/CN={name}",
                 "-addext", f"subjectAltName=DNS:{name}" + (f",IP:{LOOPBACK}" if address else "")])
    return pair


def context(*protocols: str) -> ssl.SSLContext:
    """A client that does not look at who signed the certificate."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    if protocols:
        made.set_alpn_protocols(list(protocols))
    return made


def connect(port: int, *protocols: str, timeout: float = 5, source: str | None = None) -> ssl.SSLSocket:
    """A TLS connection whose handshake is done."""
    plain = socket.create_connection((LOOPBACK, port), timeout, (source, 0) if source else None)
    try:
        return context(*protocols).wrap_socket(plain, server_hostname=NAME)
    except BaseException:
        plain.close()
        raise


def ask_dot(port: int, message: dns.message.Message, source: str | None = None) -> bytes:
    """The answer over a fresh DoT connection, as octets."""
    with connect(port, "dot", source=source) as sock:
        packet = message.to_wire()
        sock.sendall(struct.pack("!H", len(packet)) + packet)
        answer = receive_tcp(sock)
    assert answer is not None, "closed without an answer"
    return answer


def target(message: bytes, path: str = "/dns-query") -> str:
    return f"{path}?dns={urlsafe_b64encode(message).rstrip(b'=').decode()}"


def http1(port: int, method: str, url: str, body: bytes | None = None, headers: dict | None = None, *,
          tls: bool = True) -> tuple[int, dict[str, str], bytes]:
    """One request over HTTP/1.1: status, header fields in lower case, body."""
    connection = (http.client.HTTPSConnection(LOOPBACK, port, timeout=5, context=context("http/1.1")) if tls
                  else http.client.HTTPConnection(LOOPBACK, port, timeout=5))
    try:
        connection.request(method, url, body, headers or {})
        response = connection.getresponse()
        return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
    finally:
        connection.close()


@dataclass
class Answer:
    """What came back on a stream."""

    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    ended: bool = False
    reset: int | None = None

    @property
    def status(self) -> int:
        return int(self.headers.get(":status", 0))


class HTTP2:
    """An HTTP/2 client that can also misbehave."""

    def __init__(self, port: int, *, tls: bool = True, settings: dict | None = None, source: str | None = None):
        sock = connect(port, "h2", source=source) if tls else socket.create_connection((LOOPBACK, port), 5)
        if tls:
            assert sock.selected_alpn_protocol() == "h2"
        self._begin(sock, settings)

    @classmethod
    def over(cls, sock: socket.socket) -> "HTTP2":
        """Speak over a connection that is open already."""
        made = cls.__new__(cls)
        made._begin(sock, None)
        return made

    def _begin(self, sock: socket.socket, settings: dict | None) -> None:
        self.sock = sock
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(
            client_side=True, header_encoding="utf-8", validate_outbound_headers=False))
        if settings:
            self.h2.local_settings = h2.settings.Settings(client=True, initial_values=settings)
        self.h2.initiate_connection()
        self.answers: dict[int, Answer] = {}
        self.goaway: int | None = None
        self.closed = False
        self.flush()

    def __enter__(self) -> "HTTP2":
        return self

    def __exit__(self, *_) -> None:
        self.sock.close()

    def flush(self) -> None:
        try:
            self.sock.sendall(self.h2.data_to_send())
        except (ConnectionError, ssl.SSLError):
            self.closed = True

    def request(self, method: str, path: str, headers: dict | None = None, body: bytes | None = None, *,
                end: bool = True) -> int:
        """Open a stream without waiting for anything; its number."""
        stream = self.h2.get_next_available_stream_id()
        fields = {":method": method, ":path": path, ":scheme": "https", ":authority": NAME, **(headers or {})}
        self.h2.send_headers(stream, list(fields.items()), end_stream=body is None and end)
        self.answers[stream] = Answer()
        self.flush()
        if body is not None:
            self._send(stream, body, end)
        return stream

    def _send(self, stream: int, body: bytes, end: bool) -> None:
        """A body, as the windows allow, until it is answered."""
        answer = self.answers[stream]
        while not answer.status and answer.reset is None:
            room = min(self.h2.local_flow_control_window(stream), 16_384)
            if room == 0 and body:
                assert self.receive(), f"closed, GOAWAY {self.goaway}"
                continue
            part, body = body[:room], body[room:]
            self.h2.send_data(stream, part, end_stream=end and not body)
            self.flush()
            if not body:
                return

    def query(self, message: bytes, *, post: bool = False) -> int:
        return (self.request("POST", "/dns-query", {"content-type": MEDIA_TYPE}, message) if post
                else self.request("GET", target(message)))

    def receive(self) -> bool:
        """Take what comes next; false at the end of the connection."""
        try:
            data = self.sock.recv(65536)
        except (ConnectionError, ssl.SSLError):
            data = b""
        if not data:
            self.closed = True
            return False
        for event in self.h2.receive_data(data):
            self._take(event)
        self.flush()
        return True

    def _take(self, event) -> None:
        answer = self.answers.get(getattr(event, "stream_id", None) or 0)
        match event:
            case h2.events.ConnectionTerminated():
                self.goaway = int(event.error_code)
            case h2.events.ResponseReceived() if answer:
                answer.headers.update(dict(event.headers))
            case h2.events.DataReceived() if answer:
                answer.body += event.data
                self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            case h2.events.StreamEnded() if answer:
                answer.ended = True
            case h2.events.StreamReset() if answer:
                answer.reset = int(event.error_code)

    def wait(self, stream: int) -> Answer:
        """The whole answer of a stream."""
        answer = self.answers[stream]
        while not answer.ended and answer.reset is None:
            assert self.receive(), f"closed, GOAWAY {self.goaway}"
        return answer

    def fetch(self, method: str, path: str, headers: dict | None = None, body: bytes | None = None) -> Answer:
        return self.wait(self.request(method, path, headers, body))

    def until_closed(self) -> None:
        """Read until the server ends the connection."""
        while self.receive():
            pass
