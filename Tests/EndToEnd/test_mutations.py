"""Issue 2, "Bad input table": at least 100,000 mutated packets at the live server, UDP and TCP.

The server must go on answering, must never answer a response, must never send what does not
parse, and must not grow. The seed stands in the report header; PONOR_E2E_SEED repeats a run.
"""

import contextlib
import random
import socket
import struct

import dns.exception
import dns.message
import pytest

from harness import environment, feeds, mutations
from harness.client import addresses, query
from harness.ponor import SINKHOLE_IPV4

UDP_PACKETS = max(100_000, environment.scaled(100_000))
TCP_STREAMS = environment.scaled(3_000, least=500)
BURST = 64

KNOWN_OPCODES = (0, 1, 2, 4, 5)

LISTED = "qzkvowpxnefy.com"
NAMES = [LISTED, f"www.{LISTED}", "www.fuzzed.example.net", "nothing.fuzzed.example.net", ".",
         "version.bind", "localhost", f"{'a' * 63}.{'b' * 63}.{'c' * 63}.{LISTED}"]


@pytest.fixture(scope="module")
def server(start_shared, tmp_path_factory, upstream):
    """Everything switched on: sinkhole, local zone, special names, forwarding and the cache."""
    folder = tmp_path_factory.mktemp("files")
    zone = folder / "zone"
    zone.write_text("$ORIGIN fuzzed.example.net.\n$TTL 9\n@ SOA ns h 1 9 9 9 9\n@ NS ns\nns A 192.0.2.1\n"
                    "www A 192.0.2.2\n*.wild TXT x\nalias CNAME www\n")
    ponor = start_shared({
        "feeds": [{"path": str(feeds.write_names(folder / "feed.csv", [LISTED]))}],
        "zones": [{"name": "fuzzed.example.net", "file": str(zone)}],
        "server": {"tcp": {"idle_timeout": "1s", "max_connections_per_client": 1000}},
        "resolution": upstream.resolution})
    ponor.wait_sinkholed(LISTED)
    return ponor


def is_response(packet: bytes) -> bool:
    return len(packet) >= 3 and bool(packet[2] & 0x80)


def check_reply(packet: bytes, reply: bytes) -> None:
    """What must hold for any reply to any packet."""
    assert len(packet) >= 12 and not is_response(packet), f"answered {packet.hex()} with {reply.hex()}"
    assert len(reply) >= 12 and is_response(reply) and reply[:2] == packet[:2], reply.hex()
    assert reply[2] >> 3 & 15 == packet[2] >> 3 & 15, f"opcode: {packet.hex()} {reply.hex()}"
    if reply[2] >> 3 & 15 not in KNOWN_OPCODES:
        return  # dnspython cannot read these
    try:
        dns.message.from_wire(reply, ignore_trailing=False)
    except dns.exception.DNSException as error:
        raise AssertionError(f"{packet.hex()} was answered with {reply.hex()}: {error}") from error


def resident_kilobytes(pid: int) -> int:
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def test_mutated_udp_packets(server):
    """Identifiers are numbered within a round, so that each reply finds its packet."""
    chance = random.Random(environment.SEED)
    sent: dict[int, bytes] = {}
    replies = 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        sock.connect((environment.LOOPBACK, server.port))
        for number, packet in enumerate(mutations.packets(NAMES, UDP_PACKETS, chance)):
            if len(packet) >= 2:
                packet = struct.pack("!H", number & 0xFFFF) + packet[2:]
                sent[number & 0xFFFF] = packet
            sock.send(packet)
            if number % BURST == 0:
                replies += collect(sock, sent)
            if number % 2_000 == 0:
                assert_alive(server)
        sock.settimeout(0.5)
        replies += collect(sock, sent)
    assert_alive(server)
    assert replies > UDP_PACKETS // 10, "most mutated queries are still questions"
    assert resident_kilobytes(server.daemon.pid) < 1_000_000


def collect(sock: socket.socket, sent: dict[int, bytes]) -> int:
    """Check the replies that have come so far."""
    count = 0
    with contextlib.suppress(BlockingIOError, TimeoutError, ConnectionRefusedError):
        while True:
            reply = sock.recv(65535, socket.MSG_DONTWAIT if sock.gettimeout() is None else 0)
            check_reply(sent[struct.unpack("!H", reply[:2])[0]], reply)
            count += 1
    return count


def assert_alive(server) -> None:
    """The server still runs, and a good query has its answer (asked again after a drop)."""
    assert server.daemon.running, server.daemon.tail()
    answers = (server.client.udp(query(LISTED), 1) for _ in range(5))
    answer = next(filter(None, answers), None)
    assert answer is not None and addresses(answer) == [SINKHOLE_IPV4]


def test_mutated_tcp_streams(server):
    """Several framed packets per stream, with lengths that lie now and then."""
    chance = random.Random(environment.SEED + 1)
    source = mutations.packets(NAMES, 1 << 40, chance)
    total = 0
    for number in range(TCP_STREAMS):
        packets = [next(source) for _ in range(chance.randint(1, 4))]
        honest = chance.random() < 0.7
        stream = b"".join(struct.pack("!H", len(packet) if honest else chance.randrange(65536)) + packet
                          for packet in packets)
        replies = converse(server, stream, honest)
        total += len(replies)
        known = {packet[:2]: packet for packet in packets}
        for reply in replies if honest else []:
            if sum(packet[:2] == reply[:2] for packet in packets) == 1:
                check_reply(known[reply[:2]], reply)
        if number % 200 == 0:
            assert_alive(server)
    assert_alive(server)
    assert total > TCP_STREAMS // 20, "many streams carry questions"


def converse(server, stream: bytes, honest: bool) -> list[bytes]:
    """Send a stream, end it, and return the framed replies."""
    received = b""
    with server.client.connect(timeout=2 if honest else 0.2) as sock:
        with contextlib.suppress(OSError):
            sock.sendall(stream)
            sock.shutdown(socket.SHUT_WR)
            while part := sock.recv(65535):
                received += part
    replies = []
    while len(received) >= 2:
        length = struct.unpack("!H", received[:2])[0]
        replies.append(received[2:2 + length])
        received = received[2 + length:]
    return replies
