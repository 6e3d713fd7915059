"""Issue 2 point 5: TCP as RFC 7766 wants it: pipelining, time-outs, limits, awkward writes."""

import socket
import struct
import time

import dns.message
import pytest

from harness import feeds
from harness.client import addresses, query, receive_tcp, send_tcp
from harness.ponor import SINKHOLE_IPV4

NAME = "qzkvowpxnefy.com"
IDLE = 1.0
PER_CLIENT = 6


@pytest.fixture(scope="module")
def server(start_shared, tmp_path_factory):
    feed = feeds.write_names(tmp_path_factory.mktemp("feed") / "feed.csv", [NAME])
    zone = tmp_path_factory.mktemp("zone") / "zone"
    texts = "\n".join(f'big TXT "{number:03d} {"y" * 200}"' for number in range(200))
    zone.write_text(f"$ORIGIN tcp.example.net.\n$TTL 9\n@ SOA ns h 1 9 9 9 9\n@ NS ns\nns A 192.0.2.1\n{texts}\n")
    limits = {"idle_timeout": "1s", "max_connections_per_client": PER_CLIENT, "max_connections": 64}
    ponor = start_shared({"feeds": [{"path": str(feed)}], "server": {"tcp": limits},
                          "zones": [{"name": "tcp.example.net", "file": str(zone)}]})
    ponor.wait_sinkholed(NAME)
    return ponor


@pytest.fixture(autouse=True)
def slots_are_free_again(server):
    """Connections that the last test closed may still count for a moment."""
    yield
    server.wait_for(lambda: server.client.tcp(query(NAME)) is not None, 5, "free TCP slot")


def wire(identifier: int, name: str = NAME, qtype: str = "A") -> bytes:
    message = query(name, qtype)
    message.id = identifier
    return message.to_wire()


def framed(packet: bytes) -> bytes:
    return struct.pack("!H", len(packet)) + packet


def closed_within(sock: socket.socket, seconds: float) -> bool:
    """Whether the peer closes; data it still sends is skipped."""
    sock.settimeout(seconds)
    try:
        while sock.recv(65535):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        pass
    return True


def test_pipelined_queries_are_all_answered(server):
    """100 queries in one write; answers may come in any order."""
    with server.client.connect() as sock:
        sock.sendall(b"".join(framed(wire(number)) for number in range(100)))
        seen = set()
        for _ in range(100):
            answer = dns.message.from_wire(receive_tcp(sock))
            assert addresses(answer) == [SINKHOLE_IPV4]
            seen.add(answer.id)
    assert seen == set(range(100))


def test_one_connection_serves_one_query_after_the_other(server):
    with server.client.connect() as sock:
        for number in range(20):
            send_tcp(sock, wire(number))
            assert dns.message.from_wire(receive_tcp(sock)).id == number


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_queries_in_small_pieces_are_put_together(server, size):
    with server.client.connect() as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        data = framed(wire(1)) + framed(wire(2))
        for begin in range(0, len(data), size):
            sock.sendall(data[begin:begin + size])
            time.sleep(0.002)
        assert {dns.message.from_wire(receive_tcp(sock)).id for _ in range(2)} == {1, 2}


def test_an_answer_follows_a_half_close(server):
    with server.client.connect() as sock:
        send_tcp(sock, wire(7))
        sock.shutdown(socket.SHUT_WR)
        assert dns.message.from_wire(receive_tcp(sock)).id == 7
        assert closed_within(sock, 3 * IDLE)


def test_an_idle_connection_is_closed_after_the_time_out(server):
    with server.client.connect() as sock:
        begin = time.monotonic()
        assert closed_within(sock, 6 * IDLE)
        assert time.monotonic() - begin > 0.5 * IDLE, "not before its time"


def test_trickled_bytes_do_not_keep_a_connection_alive(server):
    """Slowloris: never a whole query, so it counts as idle."""
    with server.client.connect() as sock:
        data = framed(wire(1))
        sock.settimeout(0.3)
        begin = time.monotonic()
        for number in range(len(data) - 1):
            try:
                sock.sendall(data[number:number + 1])
                if sock.recv(1) == b"":
                    break
            except TimeoutError:
                continue
            except ConnectionError:
                break
        assert time.monotonic() - begin < 8 * IDLE


def test_one_client_cannot_have_more_than_its_connections(server):
    """Those within the limit go on working; one beyond it is closed; a closed one makes room."""
    sockets = [server.client.connect() for _ in range(PER_CLIENT)]
    try:
        for sock in sockets:
            send_tcp(sock, wire(1))
            assert receive_tcp(sock) is not None
        with server.client.connect() as beyond:
            beyond.settimeout(0.5 * IDLE)
            try:
                send_tcp(beyond, wire(2))
                answered = receive_tcp(beyond) is not None
            except (TimeoutError, ConnectionError):
                answered = False
            assert not answered, "beyond the limit"
        send_tcp(sockets[0], wire(3))
        assert receive_tcp(sockets[0]) is not None, "within the limit"
    finally:
        for sock in sockets:
            sock.close()
    server.wait_for(lambda: server.client.tcp(query(NAME)) is not None, 3, "room after closing")


@pytest.mark.parametrize("what, data", [
    ("empty message", b"\0\0"), ("message shorter than a header", b"\0\5hello"),
    ("HTTP", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"), ("TLS hello", bytes.fromhex("160301020001000001fc0303")),
    ("only a length", b"\xff\xff"), ("response", framed(b"\0\1\x80\0" + b"\0" * 8))])
def test_garbage_harms_only_its_own_connection(server, what, data):
    with server.client.connect() as sock, server.client.connect() as other:
        sock.sendall(data)
        send_tcp(other, wire(9))
        assert dns.message.from_wire(receive_tcp(other)).id == 9
        assert closed_within(sock, 6 * IDLE), what


def test_a_client_that_does_not_read_stops_only_itself(server):
    """40 kB answers that nobody fetches: memory and other clients are not affected."""
    with server.client.connect() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.settimeout(1)
        try:
            for number in range(2000):
                deaf.sendall(framed(wire(number, "big.tcp.example.net", "TXT")))
        except (TimeoutError, ConnectionError):
            pass
        for number in range(20):
            assert server.client.udp(query(NAME)) is not None
            assert server.client.tcp(query(NAME)) is not None
        assert resident_megabytes(server.daemon.pid) < 600


def test_resets_in_the_middle_of_an_answer_are_survived(server):
    for _ in range(20):
        sock = server.client.connect()
        sock.sendall(framed(wire(1, "big.tcp.example.net", "TXT")) * 3)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()
    assert server.client.udp(query(NAME)) is not None


def resident_megabytes(pid: int) -> int:
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmRSS"))
