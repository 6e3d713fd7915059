"""Issue 4 point 1: slow and hostile clients of DNS over TLS and HTTPS cannot starve others."""

import socket
import ssl
import time

import dns.message
import h2.settings
import pytest

from harness import encrypted, environment, feeds
from harness.client import addresses, query, receive_tcp, send_tcp
from harness.encrypted import HTTP2, MEDIA_TYPE, ask_dot, http1, target
from harness.ponor import SINKHOLE_IPV4
from test_tcp import closed_within

LISTED = "qzkvowpxnefy.com"
HANDSHAKE, IDLE, PER_CLIENT, TOTAL = 0.5, 1.0, 8, 40
ENHANCE_YOUR_CALM = 11


class Server:
    def __init__(self, start, folder):
        pair = encrypted.make_pair(folder / "tls")
        feed = feeds.write_names(folder / "feed.csv", [LISTED])
        zone = folder / "zone"
        texts = "\n".join(f'big TXT "{number:03d} {"y" * 200}"' for number in range(200))
        zone.write_text(f"$ORIGIN big.example.net.\n$TTL 9\n@ SOA ns h 1 9 9 9 9\n@ NS ns\nns A 192.0.2.1\n{texts}\n")
        self.dot, self.doh, self.plain = (environment.free_port() for _ in range(3))
        self.ponor = start({
            "feeds": [{"path": str(feed)}], "zones": [{"name": "big.example.net", "file": str(zone)}],
            "server": {
                "tls_listen": [f"127.0.0.1:{self.dot}"], "https_listen": [f"127.0.0.1:{self.doh}"],
                "https": {"plain_listen": [f"127.0.0.1:{self.plain}"]},
                "tcp": {"idle_timeout": f"{round(IDLE * 1000)}ms", "max_connections": TOTAL,
                        "max_connections_per_client": PER_CLIENT},
                "tls": {"certificate": str(pair.certificate), "key": str(pair.key),
                        "handshake_timeout": f"{round(HANDSHAKE * 1000)}ms",
                        "idle_timeout": f"{round(IDLE * 1000)}ms"}}})
        self.ponor.wait_sinkholed(LISTED)

    def serves(self) -> None:
        """A well-behaved client from another address is answered over every transport."""
        for protocol, port in (("dot", self.dot), ("h2", self.doh)):
            with encrypted.connect(port, protocol, source="127.0.0.77"):
                pass
        with encrypted.connect(self.dot, "dot", source="127.0.0.77") as sock:
            send_tcp(sock, query(LISTED).to_wire())
            assert addresses(dns.message.from_wire(receive_tcp(sock))) == [SINKHOLE_IPV4]

    def count(self, key: str) -> int:
        return self.ponor.status()["tcp"][key]


@pytest.fixture(scope="module")
def server(start_shared, tmp_path_factory):
    return Server(start_shared, tmp_path_factory.mktemp("abuse"))


@pytest.fixture(autouse=True)
def others_are_served(server):
    yield
    server.ponor.wait_for(lambda: server.count("open") <= 1, 10, "end of all connections")
    server.serves()


def wire(name: str = LISTED, qtype: str = "A") -> bytes:
    return query(name, qtype).to_wire()


def plain(port: int, source: str | None = None) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), 5, (source, 0) if source else None)


def test_handshakes_that_never_end_are_ended(server):
    """Half-open connections, and a ClientHello that trickles in."""
    before = server.count("failed_handshakes")
    sockets = [plain(port) for port in (server.dot, server.doh)]
    hello = ssl.MemoryBIO()
    tls = encrypted.context("dot").wrap_bio(ssl.MemoryBIO(), hello, server_hostname="x")
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    octets, trickle = hello.read(), plain(server.dot)
    ended = False
    for number in range(40):
        time.sleep(0.1)
        try:
            trickle.sendall(octets[number:number + 1])
            trickle.settimeout(0.01)
            ended = trickle.recv(1) == b""
        except TimeoutError:
            continue
        except ConnectionError:
            ended = True
        if ended:
            break
    assert ended and number < 30
    assert all(closed_within(sock, 6 * HANDSHAKE) for sock in sockets)
    assert server.count("failed_handshakes") >= before + 3


@pytest.mark.parametrize("garbage", ids=range(5), argvalues=[
    b"\0" * 2000, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", b"\xff" * 70_000,
    wire()])
def test_garbage_instead_of_a_handshake_is_cut_off(server, garbage):
    for port in (server.dot, server.doh):
        with plain(port) as sock:
            try:
                sock.sendall(garbage)
            except ConnectionError:
                continue
            assert closed_within(sock, 6 * HANDSHAKE)


@pytest.mark.parametrize("garbage, answered", ids=range(6), argvalues=[
    (b"\0" * 2000, True), (b"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", False), (b"GET " + b"/x" * 20_000, True),
    (b"GET /dns-query HTTP/1.1\r\nHost: x\r\n" + b"x-a: b\r\n" * 100 + b"\r\n", True),
    (b"POST /dns-query HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", True),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\xff" * 500, False)])
def test_what_is_no_http_is_refused(server, garbage, answered):
    for sock in (plain(server.plain), encrypted.connect(server.doh, *(["http/1.1"] if answered else ["h2"]))):
        with sock:
            sock.sendall(garbage)
            sock.settimeout(5)
            got = b""
            try:
                while part := sock.recv(4096):
                    got += part
            except (ConnectionError, ssl.SSLError):
                pass
            if answered:
                assert got.startswith((b"HTTP/1.1 400", b"HTTP/1.1 431")), got[:80]


def test_silence_after_the_handshake_ends_the_connection(server):
    for protocol, port in (("dot", server.dot), ("h2", server.doh), ("http/1.1", server.doh)):
        with encrypted.connect(port, protocol) as sock:
            assert closed_within(sock, 6 * IDLE), protocol


def test_a_header_or_body_that_trickles_keeps_nothing_open(server):
    head = b"POST /dns-query HTTP/1.1\r\nhost: x\r\ncontent-type: application/dns-message\r\ncontent-length: 99\r\n\r\n"
    for data in (head[:40], head + b"\0" * 20):
        with encrypted.connect(server.doh, "http/1.1") as sock:
            sock.sendall(data[:-10])
            end = time.monotonic() + 5 * IDLE
            sock.settimeout(0.2)
            closed, rest = False, data[-10:]
            while not closed and time.monotonic() < end:
                try:
                    sock.sendall(rest[:1])
                    rest = rest[1:]
                    closed = sock.recv(100) == b""
                except TimeoutError:
                    continue
                except (ConnectionError, ssl.SSLError):
                    closed = True
            assert closed
    with HTTP2(server.doh) as client:
        client.request("POST", "/dns-query", {"content-type": MEDIA_TYPE}, b"\0" * 20, end=False)
        client.sock.settimeout(6 * IDLE)
        client.until_closed()


def test_rapid_reset_ends_the_connection(server):
    """CVE-2023-44487: streams opened and reset at once."""
    with HTTP2(server.doh) as client:
        for _ in range(1_000):
            if client.closed:
                break
            stream = client.h2.get_next_available_stream_id()
            client.h2.send_headers(stream, [(":method", "GET"), (":path", target(wire())), (":scheme", "https"),
                                            (":authority", "x")], end_stream=True)
            client.h2.reset_stream(stream)
            client.flush()
        client.until_closed()
        assert client.goaway in (ENHANCE_YOUR_CALM, None)
    assert server.ponor.status()["queries"]["doh"] < 600


@pytest.mark.parametrize("flood", ["ping", "settings", "priority"])
def test_floods_of_control_frames_end_the_connection(server, flood):
    with HTTP2(server.doh) as client:
        for number in range(1_000):
            if client.closed:
                break
            match flood:
                case "ping": client.h2.ping(number.to_bytes(8, "big"))
                case "settings": client.h2.update_settings({h2.settings.SettingCodes.ENABLE_PUSH: 0})
                case "priority": client.h2.prioritize(1 + 2 * number, weight=7)
            client.flush()
        client.sock.settimeout(5)
        client.until_closed()


def test_too_many_streams_and_too_large_headers_are_refused(server):
    with HTTP2(server.doh) as client:
        client.receive()
        assert client.h2.remote_settings.max_concurrent_streams == 100
        client.h2.remote_settings[h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS] = 1_000
        client.h2.remote_settings.acknowledge()
        streams = [client.request("POST", "/dns-query", {"content-type": MEDIA_TYPE}, b"\0", end=False)
                   for _ in range(120)]
        client.sock.settimeout(5)
        client.until_closed()
        assert client.goaway is not None or any(client.answers[stream].reset is not None for stream in streams)
    with HTTP2(server.doh) as client:
        client.request("GET", target(wire()), {f"x-{number}": "y" * 1000 for number in range(40)})
        client.sock.settimeout(5)
        client.until_closed()


def test_a_body_without_end_is_refused(server):
    with HTTP2(server.doh) as client:
        stream = client.h2.get_next_available_stream_id()
        client.h2.send_headers(stream, [(":method", "POST"), (":path", "/dns-query"), (":scheme", "https"),
                                        (":authority", "x"), ("content-type", MEDIA_TYPE)])
        client.answers[stream] = encrypted.Answer()
        sent = 0
        while not client.answers[stream].status and sent < 140_000:
            room = min(client.h2.local_flow_control_window(stream), 16_384)
            if room > 0:
                client.h2.send_data(stream, b"\0" * room)
                sent += room
                client.flush()
            else:
                client.receive()
        answer = client.wait(stream)
        assert answer.status == 413 and sent < 140_000
        assert addresses(dns.message.from_wire(client.wait(client.query(wire())).body)) == [SINKHOLE_IPV4]


def test_who_takes_no_answers_is_cut_off(server):
    """HTTP/2 with a window of nothing, and a full socket, against answers of 40 kB."""
    codes = h2.settings.SettingCodes
    with HTTP2(server.doh, settings={codes.INITIAL_WINDOW_SIZE: 0, codes.MAX_FRAME_SIZE: 16_384}) as client:
        for _ in range(60):
            if client.closed:
                break
            client.query(wire("big.big.example.net", "TXT"))
        client.sock.settimeout(5)
        client.until_closed()
    with encrypted.connect(server.dot, "dot") as sock:
        question = wire("big.big.example.net", "TXT")
        packet = len(question).to_bytes(2, "big") + question
        sock.settimeout(3)
        with pytest.raises((TimeoutError, ConnectionError, ssl.SSLError)):
            for _ in range(20_000):
                sock.sendall(packet * 20)
    server.ponor.wait_for(lambda: server.count("open") <= 1, 60, "end of the connections")


def test_connections_of_all_transports_count_together(server):
    opened = [plain(server.ponor.port) for _ in range(3)]
    opened += [encrypted.connect(server.dot, "dot") for _ in range(3)]
    opened += [encrypted.connect(server.doh, "h2") for _ in range(2)]
    with pytest.raises((ConnectionError, ssl.SSLError, OSError)):
        encrypted.connect(server.dot, "dot").recv(1)
    server.serves()
    for sock in opened:
        sock.close()


def test_handshakes_of_a_client_are_bounded(start, tmp_path):
    """Beyond the limit a connection is closed before the handshake; a second later, and for others, all is well."""
    server = Server(start, tmp_path)
    config = server.ponor.config
    config["server"]["tls"]["handshakes_per_second"] = 3
    config["server"]["tcp"]["max_connections_per_client"] = 40
    server.ponor.configure(config)
    server.ponor.reload()

    def served(count: int, source: str) -> int:
        done = 0
        for _ in range(count):
            try:
                with encrypted.connect(server.dot, "dot", source=source):
                    done += 1
            except (ssl.SSLError, ConnectionError):
                pass
        return done

    began = time.monotonic()
    done = served(30, "127.0.0.31")
    assert 3 <= done <= 3 * (2 + int(time.monotonic() - began)), "in each second it touches"
    server.serves()
    server.ponor.wait_for(lambda: served(1, "127.0.0.31"), 5, "handshake in another second")
    with plain(server.plain, "127.0.0.31"):
        pass
    assert http1(server.plain, "GET", target(wire()), tls=False)[0] == 200


def test_strangers_who_fill_all_connections_lock_nobody_out(server):
    """Half-open handshakes from many addresses: the longest silent makes room."""
    opened = []
    try:
        for number in range(TOTAL + 10):
            opened.append(plain(server.dot if number % 2 else server.doh, f"127.0.1.{1 + number % 10}"))
        server.serves()
    finally:
        for sock in opened:
            sock.close()


def test_a_client_that_just_goes_leaves_nothing_behind(server):
    for number in range(30):
        sock = plain(server.dot if number % 2 else server.doh)
        sock.sendall(b"\x16\x03\x01")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        sock.close()
    assert ask_dot(server.dot, query(LISTED))
    assert http1(server.doh, "GET", target(wire()))[0] == 200
