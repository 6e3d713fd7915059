"""Issue 4 point 2: who is asking: PROXY protocol, client subnets, device identities, cookies."""

import os
import socket
import ssl
import struct
import threading
import time
from contextlib import ExitStack

import dns.edns
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rrset
import pytest

from harness import encrypted, environment, feeds, netns, peers
from harness.balancers import LOCAL, SIGNATURE, TCP4, dnsdist, dnsmasq, haproxy, proxy_header
from harness.client import Client, addresses, query, receive_tcp, send_tcp
from harness.environment import LOOPBACK
from harness.ponor import SINKHOLE_IPV4
from harness.processes import run_checked

BALANCER, FORWARDER, PLAIN = "127.0.0.2", "127.0.0.3", "127.0.0.9"
LISTED = [f"{letter}qzkvowpxnefy.com" for letter in "abcdefghijklmnopqrstuvwxyz"]
SECRET, OLD_SECRET = "e5e973e5a6b2a43f48e7dc849e37bfcf", "445536bcd2513298075a5d379663c962"
NSID, ECS, COOKIE, PADDING = 3, 8, 10, 12
BADCOOKIE = 23


class Upstream:
    """Resolves `alias-N.clients.net` to a CNAME of the N-th listed name, everything else to an address."""

    def __init__(self):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind((LOOPBACK, 0))
        self.port = self.sock.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            packet, peer = self.sock.recvfrom(4096)
            message = dns.message.from_wire(packet)
            answer = dns.message.make_response(message)
            answer.flags |= dns.flags.RA
            name = message.question[0].name.to_text()
            if message.question[0].rdtype == 1:
                if name.startswith("alias-"):
                    target = LISTED[int(name.split(".")[0][6:])] + "."
                    answer.answer.append(dns.rrset.from_text(name, 60, "IN", "CNAME", target))
                    name = target
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", "A", "198.51.100.77"))
            self.sock.sendto(answer.to_wire(), peer)


@pytest.fixture(scope="module")
def upstream():
    return Upstream()


def configuration(feed, upstream, **cookies) -> dict:
    return {"feeds": [{"path": str(feed)}],
            "resolution": {"mode": "forward", "upstreams": [f"{LOOPBACK}:{upstream.port}"], "dnssec": False,
                           "allow_loopback": True},
            "access": {"recursion": ["127.0.0.0/8", "203.0.113.0/24", "2001:db8::/32"],
                       "proxies": [BALANCER], "forwarders": [FORWARDER]},
            "server": {"identity": "e2e", "tcp": {"idle_timeout": "2s", "max_connections_per_client": 4},
                       "cookies": {"secret": [SECRET], "require": "never", **cookies}}}


@pytest.fixture(scope="module")
def feed(tmp_path_factory):
    return feeds.write_names(tmp_path_factory.mktemp("feed") / "feed.csv", LISTED)


@pytest.fixture(scope="module")
def server(start_shared, feed, upstream):
    ponor = start_shared(configuration(feed, upstream))
    ponor.wait_sinkholed(LISTED[0])
    return ponor


def exchange(server, packet: bytes, source: str, timeout: float = 3) -> dns.message.Message | None:
    """One datagram from `source`; the answer, or None."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((source, 0))
        sock.settimeout(timeout)
        sock.sendto(packet, (server.address, server.port))
        try:
            return dns.message.from_wire(sock.recv(65535))
        except TimeoutError:
            return None


def connect(server, source: str) -> socket.socket:
    return socket.create_connection((server.address, server.port), 5, source_address=(source, 0))


def asked(sock: socket.socket, name: str) -> dns.message.Message:
    send_tcp(sock, query(name).to_wire())
    packet = receive_tcp(sock)
    assert packet is not None, "the connection was closed"
    return dns.message.from_wire(packet)


def closed(sock: socket.socket) -> bool:
    sock.settimeout(4)
    try:
        return sock.recv(100) == b""
    except ConnectionError:
        return True


def hits_of(server, client: str) -> list[dict]:
    return server.wait_for(lambda: server.hits("--client", client), what=f"hit of {client}")


# The PROXY protocol


@pytest.mark.parametrize("client", ["203.0.113.7", "2001:db8::7"])
def test_datagrams_of_a_balancer(server, client):
    """The client, its port and where it asked stand in the hit; the answer goes to the balancer."""
    destination = "2001:db8::53" if ":" in client else "192.0.2.200"
    answer = exchange(server, proxy_header(client, 4321, destination=destination)
                      + query(LISTED[1]).to_wire(), BALANCER)
    assert addresses(answer) == [SINKHOLE_IPV4]
    (hit,) = hits_of(server, client)
    assert hit["client_port"] == 4321 and hit["via"] == BALANCER
    assert (hit["server"], hit["server_port"]) == (destination, 53)
    assert (hit["transport"], hit["verified"]) == ("udp", False)


def test_every_way_to_a_hit_knows_the_client(server):
    """Cache hit, answer that waited for recursion and sinkholed chain, over UDP and TCP: what
    PowerDNS (pdns#17230) and Technitium (#1709) logged as 127.0.0.1."""
    alias = "alias-2.clients.net"
    for number, stream in enumerate([False, False, True, True], 20):
        header = proxy_header(f"203.0.113.{number}", 1000 + number, stream=stream)
        if stream:
            with connect(server, BALANCER) as sock:
                sock.sendall(header)
                answer = asked(sock, alias)
        else:
            answer = exchange(server, header + query(alias).to_wire(), BALANCER)
        assert SINKHOLE_IPV4 in addresses(answer)
    for number in range(20, 24):
        (hit,) = hits_of(server, f"203.0.113.{number}")
        assert (hit["client_port"], hit["matched"], hit["via"]) == (1000 + number, LISTED[2], BALANCER)
        assert hit["verified"] == (number >= 22), "over TCP the balancer has shaken hands with the client"


def test_one_header_for_each_connection(server):
    with connect(server, BALANCER) as sock:
        header = proxy_header("203.0.113.30", 5000, stream=True, tail=b"\x04\0\x02ab\xea\0\x01x")
        for octet in header:
            sock.sendall(bytes([octet]))
        for name in LISTED[3:6]:
            assert addresses(asked(sock, name)) == [SINKHOLE_IPV4]
    found = server.wait_for(lambda: (hits := server.hits("--client", "203.0.113.30")) and len(hits) == 3 and hits)
    assert {hit["client_port"] for hit in found} == {5000}
    assert {hit["verified"] for hit in found} == {True}


def test_version_1_over_tcp(server):
    with connect(server, BALANCER) as sock:
        sock.sendall(b"PROXY TCP4 203.0.113.31 192.0.2.200 5001 53\r\n")
        assert addresses(asked(sock, LISTED[3])) == [SINKHOLE_IPV4]
    assert hits_of(server, "203.0.113.31")[0]["client_port"] == 5001


@pytest.mark.parametrize("client, alpn, transport", [
    ("203.0.113.32", b"", "dot"), ("203.0.113.33", b"\x01\0\x02h2", "doh")])
def test_a_balancer_that_ends_tls(server, client, alpn, transport):
    """PP2_TYPE_SSL says that the client came encrypted."""
    with connect(server, BALANCER) as sock:
        sock.sendall(proxy_header(client, 1, stream=True, tail=alpn + b"\x20\0\x05\x01\0\0\0\0"))
        asked(sock, LISTED[3])
    assert hits_of(server, client)[0]["transport"] == transport


def test_a_datagram_passed_on_over_tcp_is_not_verified(server):
    with connect(server, BALANCER) as sock:
        sock.sendall(proxy_header("203.0.113.34", 1))
        asked(sock, LISTED[3])
    (hit,) = hits_of(server, "203.0.113.34")
    assert (hit["transport"], hit["verified"]) == ("udp", False)


@pytest.mark.parametrize("name, header", [
    (LISTED[6], proxy_header(command=LOCAL)), (LISTED[7], proxy_header("203.0.113.40", 9, command=LOCAL)),
    (LISTED[8], proxy_header()), (LISTED[9], proxy_header(family=0x31, tail=bytes(216)))])
def test_a_balancer_that_names_nobody_asks_for_itself(server, name, header):
    """LOCAL (whatever it carries), UNSPEC and UNIX."""
    assert addresses(exchange(server, header + query(name).to_wire(), BALANCER)) == [SINKHOLE_IPV4]
    with connect(server, BALANCER) as sock:
        sock.sendall(header)
        assert addresses(asked(sock, name)) == [SINKHOLE_IPV4]
    hits = server.wait_for(lambda: [hit for hit in server.hits("--client", BALANCER) if hit["matched"] == name])
    assert all("via" not in hit and hit["client_port"] not in (0, 9) for hit in hits)


WRONG = {
    "none": b"", "cut": proxy_header("203.0.113.66", 1)[:20], "version": SIGNATURE + b"\x11\x12\0\x0c" + bytes(12),
    "command": proxy_header("203.0.113.66", 1, command=0x22), "family": SIGNATURE + b"\x21\x42\0\x0c" + bytes(12),
    "protocol": SIGNATURE + b"\x21\x13\0\x0c" + bytes(12), "short": SIGNATURE + b"\x21\x22\0\x0c" + bytes(12),
    "extension": proxy_header("203.0.113.66", 1, tail=b"\x01\xff\xffx"), "signature": b"\r\n\r\n\0\r\nQUIP\n" + bytes(16),
    "long": SIGNATURE + b"\x21\x12\xff\xff" + bytes(12)}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_balancer_without_a_good_header_is_not_heard(server, wrong):
    """From a listed balancer the header is required; nothing is guessed."""
    rest = query(LISTED[1]).to_wire() if wrong != "cut" else b""
    assert exchange(server, WRONG[wrong] + rest, BALANCER, 0.2) is None
    with connect(server, BALANCER) as sock:
        sock.sendall(WRONG[wrong] + struct.pack("!H", len(rest))[:len(rest)] + rest)
        if wrong == "cut":
            sock.shutdown(socket.SHUT_WR)
        assert closed(sock)
    assert server.hits("--client", "203.0.113.66") == []
    assert addresses(server.client.ask(LISTED[0])) == [SINKHOLE_IPV4]


def test_a_connection_without_a_header_is_closed_in_time(server):
    with connect(server, BALANCER) as sock:
        assert closed(sock)


def test_a_header_of_a_stranger_is_not_believed(server):
    header = proxy_header("203.0.113.67", 1)
    answer = exchange(server, header + query(LISTED[1]).to_wire(), PLAIN, 0.3)
    assert answer is None or answer.rcode() in (dns.rcode.FORMERR, dns.rcode.NOTIMP)
    with connect(server, PLAIN) as sock:
        sock.sendall(header + struct.pack("!H", len(query(LISTED[1]).to_wire())) + query(LISTED[1]).to_wire())
        assert closed(sock)
    assert server.hits("--client", "203.0.113.67") == []


def test_access_lists_are_about_the_client_behind_the_balancer(server):
    answer = exchange(server, proxy_header("198.18.0.1", 1) + query(LISTED[1]).to_wire(), BALANCER)
    assert answer.rcode() == dns.rcode.REFUSED
    with connect(server, BALANCER) as sock:
        sock.sendall(proxy_header("198.18.0.1", 1, stream=True))
        assert asked(sock, LISTED[1]).rcode() == dns.rcode.REFUSED


def test_connection_limits_are_about_the_client_behind_the_balancer(server):
    """Four connections for each client, not for the balancer."""
    many = [connect(server, BALANCER) for _ in range(12)]
    try:
        for number, sock in enumerate(many):
            sock.sendall(proxy_header(f"203.0.113.{100 + number % 3}", 1, stream=True))
            assert asked(sock, "unlisted.clients.net").rcode() == dns.rcode.NOERROR
        with connect(server, BALANCER) as sock:
            sock.sendall(proxy_header("203.0.113.100", 1, stream=True))
            assert closed(sock)
    finally:
        for sock in many:
            sock.close()


def test_dnsdist_in_front(server, tmp_path):
    """dnsdist's `useProxyProtocol` over UDP and TCP, with its own health checks (LOCAL)."""
    port = environment.free_port()
    daemon = dnsdist(tmp_path, port, server.port, BALANCER)
    try:
        peers.started(daemon, Client(port), "unlisted.clients.net", "A")
        for source, tcp in [("127.0.0.50", False), ("127.0.0.51", True)]:
            client = Client(port, source=source)
            assert addresses(client.ask(LISTED[10], tcp=tcp)) == [SINKHOLE_IPV4]
            assert addresses(client.ask("alias-11.clients.net", tcp=tcp))[-1] == SINKHOLE_IPV4
            hits = server.wait_for(
                lambda source=source: (hits := server.hits("--client", source)) and len(hits) == 2 and hits)
            for hit in hits:
                assert (hit["server"], hit["server_port"], hit["via"]) == (LOOPBACK, port, BALANCER)
                assert hit["client_port"] > 1023
                assert (hit["transport"], hit["verified"]) == (("tcp", True) if tcp else ("udp", False))
    finally:
        daemon.stop()


# The PROXY protocol in front of TLS


@pytest.fixture(scope="module")
def encrypted_server(start_shared, feed, upstream, tmp_path_factory):
    """DNS over TLS and HTTPS on ports `dot`, `doh` and, unencrypted, `web`."""
    pair = encrypted.make_pair(tmp_path_factory.mktemp("tls"))
    dot, doh, web = (environment.free_port() for _ in range(3))
    config = configuration(feed, upstream)
    config["server"] |= {
        "tls_listen": [f"{LOOPBACK}:{dot}"],
        "https_listen": [f"{LOOPBACK}:{doh}"], "https": {"plain_listen": [f"{LOOPBACK}:{web}"]},
        "tls": {"certificate": str(pair.certificate), "key": str(pair.key), "name": encrypted.NAME}}
    ponor = start_shared(config)
    ponor.wait_sinkholed(LISTED[0])
    ponor.dot, ponor.doh, ponor.web = dot, doh, web
    return ponor


def behind_tls(port: int, header: bytes, alpn: str, *, pieces: bool = False):
    """A TLS connection of the balancer, the header sent before the handshake."""
    plain = socket.create_connection((LOOPBACK, port), 5, source_address=(BALANCER, 0))
    for part in [bytes([octet]) for octet in header] if pieces else [header]:
        plain.sendall(part)
    return encrypted.context(alpn).wrap_socket(plain, server_hostname=encrypted.NAME)


@pytest.mark.parametrize("pieces", [False, True])
def test_a_header_before_tls(encrypted_server, pieces):
    client = f"203.0.113.{120 + pieces}"
    with behind_tls(encrypted_server.dot, proxy_header(client, 6000, stream=True), "dot", pieces=pieces) as sock:
        for name in LISTED[3:5]:
            assert addresses(asked(sock, name)) == [SINKHOLE_IPV4]
    found = encrypted_server.wait_for(
        lambda: (hits := encrypted_server.hits("--client", client)) and len(hits) == 2 and hits)
    for hit in found:
        assert (hit["client_port"], hit["via"]) == (6000, BALANCER)
        assert (hit["transport"], hit["verified"]) == ("dot", True)


def test_a_header_and_the_first_octets_of_tls_in_one_segment(encrypted_server):
    """The handshake that comes with the header must not be lost: TLS over memory shows what is sent when."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = encrypted.context("dot").wrap_bio(incoming, outgoing, server_hostname=encrypted.NAME)

    def step(call, *arguments):
        while True:
            try:
                result = call(*arguments)
                sock.sendall(outgoing.read())
                return result
            except ssl.SSLWantReadError:
                sock.sendall(outgoing.read())
                incoming.write(sock.recv(65536))

    with socket.create_connection((LOOPBACK, encrypted_server.dot), 5, source_address=(BALANCER, 0)) as sock:
        with pytest.raises(ssl.SSLWantReadError):
            tls.do_handshake()
        sock.sendall(proxy_header("203.0.113.122", 6000, stream=True) + outgoing.read())
        step(tls.do_handshake)
        packet = query(LISTED[3]).to_wire()
        step(tls.write, struct.pack("!H", len(packet)) + packet)
        answer = step(tls.read, 4096)
    assert addresses(dns.message.from_wire(answer[2:])) == [SINKHOLE_IPV4]
    assert hits_of(encrypted_server, "203.0.113.122")[0]["transport"] == "dot"


@pytest.mark.parametrize("version", ["h2", "http/1.1"])
def test_a_header_before_https(encrypted_server, version):
    client = f"203.0.113.{130 + len(version)}"
    with behind_tls(encrypted_server.doh, proxy_header(client, 6001, stream=True), version) as sock:
        assert sock.selected_alpn_protocol() == version
        check_doh(sock, version)
    (hit,) = hits_of(encrypted_server, client)
    assert (hit["client_port"], hit["via"]) == (6001, BALANCER)
    assert (hit["transport"], hit["verified"]) == ("doh", True)


def test_a_header_before_plain_http(encrypted_server):
    with socket.create_connection((LOOPBACK, encrypted_server.web), 5, source_address=(BALANCER, 0)) as sock:
        sock.sendall(proxy_header("203.0.113.140", 6002, stream=True))
        check_doh(sock, "http/1.1")
    assert hits_of(encrypted_server, "203.0.113.140")[0]["transport"] == "doh"


def check_doh(sock, version: str) -> None:
    """One question over an open connection of HTTP."""
    message = query(LISTED[5]).to_wire()
    if version == "h2":
        with encrypted.HTTP2.over(sock) as http2:
            body = http2.fetch("GET", encrypted.target(message)).body
    else:
        sock.sendall(f"GET {encrypted.target(message)} HTTP/1.1\r\nHost: {encrypted.NAME}\r\n"
                     "Connection: close\r\n\r\n".encode())
        body = b"".join(iter(lambda: sock.recv(4096), b"")).split(b"\r\n\r\n", 1)[1]
    assert addresses(dns.message.from_wire(body)) == [SINKHOLE_IPV4]


@pytest.mark.parametrize("port", ["dot", "doh"])
def test_tls_without_or_with_a_strangers_header(encrypted_server, port):
    """Required of a balancer, believed of nobody else."""
    number = getattr(encrypted_server, port)
    with pytest.raises((ssl.SSLError, ConnectionError)):
        behind_tls(number, b"", "dot" if port == "dot" else "h2")
    header = proxy_header("203.0.113.150", 1, stream=True)
    with socket.create_connection((LOOPBACK, number), 5, source_address=(PLAIN, 0)) as plain:
        plain.sendall(header)
        with pytest.raises((ssl.SSLError, ConnectionError)):
            encrypted.context("dot").wrap_socket(plain, server_hostname=encrypted.NAME)
    assert encrypted_server.hits("--client", "203.0.113.150") == []


def test_haproxy_in_front_of_tls(encrypted_server, tmp_path):
    """`send-proxy-v2` of HAProxy before connections it cannot look into."""
    dot, doh = environment.free_port(), environment.free_port()
    daemon = haproxy(tmp_path, {dot: encrypted_server.dot, doh: encrypted_server.doh}, BALANCER)
    daemon.start()
    try:
        daemon.wait_until(lambda: socket.socket().connect_ex((LOOPBACK, doh)) == 0, 10, "connection")
        answer = dns.message.from_wire(encrypted.ask_dot(dot, query(LISTED[6]), source="127.0.0.60"))
        assert addresses(answer) == [SINKHOLE_IPV4]
        with encrypted.HTTP2(doh, source="127.0.0.61") as http2:
            body = http2.wait(http2.query(query(LISTED[7]).to_wire())).body
        assert addresses(dns.message.from_wire(body)) == [SINKHOLE_IPV4]
        for client, transport in [("127.0.0.60", "dot"), ("127.0.0.61", "doh")]:
            (hit,) = hits_of(encrypted_server, client)
            assert (hit["transport"], hit["via"], hit["verified"]) == (transport, BALANCER, True)
    finally:
        daemon.stop()


# Client subnets


def subnet(family: int, length: int, octets: bytes, scope: int = 0) -> dns.edns.GenericOption:
    return dns.edns.GenericOption(ECS, struct.pack("!HBB", family, length, scope) + octets)


def subnet_of(answer) -> dns.edns.ECSOption | None:
    return next((option for option in answer.options if option.otype == ECS), None)


def forwarded(server, name: str, *options, source: str = FORWARDER):
    return exchange(server, query(name, options=options).to_wire(), source)


def test_a_forwarder_names_its_client(server):
    answer = forwarded(server, LISTED[12], subnet(1, 32, bytes([10, 9, 8, 7])))
    assert addresses(answer) == [SINKHOLE_IPV4], "whether it may ask is decided by the forwarder's address"
    option = subnet_of(answer)
    assert (option.address, option.srclen, option.scopelen) == ("10.9.8.7", 32, 32)
    (hit,) = hits_of(server, "10.9.8.7")
    assert hit["via"] == FORWARDER and hit["via_port"] > 1023 and hit["client_port"] == 0
    assert hit["verified"] is False and "client_prefix" not in hit


def test_part_of_an_address_is_an_identity_of_its_own(server):
    answer = forwarded(server, LISTED[12], subnet(1, 24, bytes([10, 9, 9])))
    assert subnet_of(answer).scopelen == 24
    assert hits_of(server, "10.9.9.0")[0]["client_prefix"] == "10.9.9.0/24"
    forwarded(server, LISTED[12], subnet(1, 32, bytes([10, 9, 9, 0])))
    forwarded(server, LISTED[12], subnet(2, 56, bytes([0x20, 1, 0xD, 0xB8, 0, 0, 1])))
    assert hits_of(server, "2001:db8:0:100::")[0]["client_prefix"] == "2001:db8:0:100::/56"
    server.wait_for(lambda: len(server.json_lines("infections", "list", "--client", "10.9.9.0")) == 2)


def test_an_answer_for_everybody_has_scope_0(server):
    answer = forwarded(server, "unlisted.clients.net", subnet(1, 24, bytes([10, 9, 8])))
    assert subnet_of(answer).scopelen == 0 and subnet_of(answer).srclen == 24


def test_a_client_that_wants_to_stay_unnamed(server):
    """RFC 7871 §7.1.2: a source prefix length of 0."""
    answer = forwarded(server, LISTED[13], subnet(1, 0, b""))
    assert addresses(answer) == [SINKHOLE_IPV4] and subnet_of(answer).srclen == 0
    # As dig sends it.
    text = server.client.dig("-b", FORWARDER, "+subnet=0", LISTED[13])
    assert SINKHOLE_IPV4 in text and "CLIENT-SUBNET: 0.0.0.0/0/0" in text, text
    hits = server.wait_for(lambda: [h for h in server.hits("--client", FORWARDER) if h["matched"] == LISTED[13]])
    assert all("via" not in hit for hit in hits)


def test_a_stranger_names_nobody(server):
    """Not honoured, so not answered either; also when it is damaged."""
    for option in (subnet(1, 32, bytes([10, 9, 7, 1])), dns.edns.GenericOption(ECS, b"\0"),
                   dns.edns.GenericOption(65001, b"\2\0\0\0\0\1")):
        answer = forwarded(server, LISTED[14], option, source=PLAIN)
        assert addresses(answer) == [SINKHOLE_IPV4] and subnet_of(answer) is None
    hits = server.wait_for(lambda: [h for h in server.hits("--client", PLAIN) if h["matched"] == LISTED[14]])
    assert all("device" not in hit for hit in hits)
    assert server.hits("--client", "10.9.7.1") == []


@pytest.mark.parametrize("data", [
    b"", b"\0\1\x20", b"\0\1\x21\0\1\2\3\4\5", b"\0\3\x08\0\1", b"\0\1\x18\0\1\2", b"\0\1\x14\0\x0a\1\xf1",
    b"\0\1\x18\x08\1\2\3", b"\0\0\x08\0\1"])
def test_a_damaged_subnet_is_a_format_error(server, data):
    answer = forwarded(server, LISTED[0], dns.edns.GenericOption(ECS, data))
    assert answer.rcode() == dns.rcode.FORMERR


def test_two_subnets_are_nobody(server):
    twice = [subnet(1, 32, bytes([10, 9, 6, 1])), subnet(1, 32, bytes([10, 9, 6, 2]))]
    assert forwarded(server, LISTED[0], *twice).rcode() == dns.rcode.FORMERR


# Device identities


@pytest.mark.parametrize("options, device", [
    ([(65001, b"\2\0\x5e\x10\0\1")], "mac:02:00:5e:10:00:01"), ([(65073, b"\2\0\x5e\x10\0\2")], "mac:02:00:5e:10:00:02"),
    ([(65074, b"modem-4711")], "cpe:modem-4711"), ([(26946, b"OpenDNS\1\2\3")], "opendns:4f70656e444e53010203"),
    ([(20292, b"ODNS\1\0")], "umbrella:4f444e530100"),
    ([(65074, b"modem"), (65001, b"\2\0\x5e\x10\0\3")], "cpe:modem,mac:02:00:5e:10:00:03")])
def test_devices_behind_a_forwarder_are_told_apart(server, options, device):
    forwarded(server, LISTED[15], *[dns.edns.GenericOption(*option) for option in options])
    hits = server.wait_for(lambda: [h for h in server.hits("--client", FORWARDER) if h.get("device") == device])
    assert "via" not in hits[0] and hits[0]["client_port"] > 1023
    infections = server.json_lines("infections", "list", "--client", FORWARDER)
    assert [one["hits"] for one in infections if one.get("device") == device] == [1]


def test_a_device_is_bounded(server):
    forwarded(server, LISTED[16], dns.edns.GenericOption(65074, b"x" * 63))
    forwarded(server, LISTED[17], dns.edns.GenericOption(65074, b"x" * 62))
    server.wait_for(lambda: [h for h in server.hits() if h["matched"] == LISTED[17]])
    devices = {hit["matched"]: hit.get("device") for hit in server.hits("--client", FORWARDER)}
    assert devices[LISTED[16]] is None and devices[LISTED[17]] == "cpe:" + "x" * 62


@pytest.mark.needs_root
def test_dnsmasq_in_front(start, feed, upstream, tmp_path):
    """`--add-subnet` and `--add-mac` of dnsmasq, as a home gateway would run it."""
    gateway, home = f"ponor-gateway-{os.getpid()}", f"ponor-home-{os.getpid()}"
    with ExitStack() as stack:
        for namespace in (gateway, home):
            run_checked(["ip", "netns", "add", namespace])
            stack.callback(run_checked, ["ip", "netns", "del", namespace])
        run_checked([*netns.inside(gateway), "ip", "link", "set", "lo", "up"])
        inside = netns.inside(gateway)
        run_checked([*inside, "ip", "link", "add", "lan", "type", "veth", "peer", "name", "eth0", "netns", home])
        run_checked([*inside, "ip", "address", "add", "192.168.9.1/24", "dev", "lan"])
        run_checked([*inside, "ip", "link", "set", "lan", "up"])
        for words in (["link", "set", "eth0", "address", "02:00:5e:10:00:99"],
                      ["address", "add", "192.168.9.20/24", "dev", "eth0"], ["link", "set", "eth0", "up"]):
            run_checked([*netns.inside(home), "ip", *words])
        config = configuration(feed, upstream)
        config["resolution"] = {"mode": "none"}
        with netns.entered(gateway):
            ponor = start(config, prefix=inside)
            ponor.wait_sinkholed(LISTED[0])
        daemon = dnsmasq(tmp_path / "dnsmasq", 53, f"{LOOPBACK}#{ponor.port}", FORWARDER, "--add-subnet=32,128",
                         "--add-mac", "--add-cpe-id=modem-12", address="192.168.9.1", prefix=inside)
        with netns.entered(home):
            peers.started(daemon, Client(53, "192.168.9.1"), LISTED[0], "A")
            try:
                assert addresses(Client(53, "192.168.9.1").ask(LISTED[1])) == [SINKHOLE_IPV4]
            finally:
                daemon.stop()
        hit = next(h for h in hits_of(ponor, "192.168.9.20") if h["matched"] == LISTED[1])
        assert hit["via"] == FORWARDER
        assert set(hit["device"].split(",")) == {"mac:02:00:5e:10:00:99", "cpe:modem-12"}


# Cookies


def cookie(data: bytes) -> dns.edns.GenericOption:
    return dns.edns.GenericOption(COOKIE, data)


def cookies_of(answer) -> list[bytes]:
    return [option.to_wire() if hasattr(option, "to_wire") and not isinstance(option, dns.edns.GenericOption)
            else option.data for option in answer.options if option.otype == COOKIE]


def shown(server, data: bytes, name: str = "unlisted.clients.net", source: str = PLAIN, header: bytes = b""):
    return exchange(server, header + query(name, options=[cookie(data)]).to_wire(), source)


def learnt(server, source: str = PLAIN, header: bytes = b"") -> bytes:
    """A cookie pair for `source`."""
    (pair,) = cookies_of(shown(server, b"clientck", source=source, header=header))
    assert len(pair) == 24 and pair[:8] == b"clientck" and pair[8:12] == b"\1\0\0\0"
    return pair


def test_a_cookie_shows_who_owns_an_address(server):
    name = LISTED[18]
    pair = learnt(server)
    shown(server, pair, name)
    shown(server, pair[:-1] + bytes([pair[-1] ^ 1]), name, "127.0.0.10")
    shown(server, pair, name, "127.0.0.11")
    assert [hit["verified"] for hit in hits_of(server, PLAIN) if hit["matched"] == name] == [True]
    for other in ("127.0.0.10", "127.0.0.11"):
        assert [hit["verified"] for hit in hits_of(server, other)] == [False], "another client's cookie"


def test_a_good_cookie_is_returned_as_it_is(server):
    pair = learnt(server)
    time.sleep(1.1)
    assert cookies_of(shown(server, pair)) == [pair]


def test_cookies_over_tcp(server):
    answer = server.client.tcp(query("unlisted.clients.net", options=[cookie(b"clientck")]))
    assert len(cookies_of(answer)[0]) == 24


@pytest.mark.parametrize("length", [0, 1, 7, 9, 15, 41, 100])
def test_cookies_of_wrong_length_are_format_errors(server, length):
    answer = shown(server, b"c" * length)
    assert answer.rcode() == dns.rcode.FORMERR and answer.edns == 0 and cookies_of(answer) == []


@pytest.mark.parametrize("length", [8, 16, 17, 40])
def test_cookies_of_any_right_length_are_answered(server, length):
    answer = shown(server, b"c" * length)
    assert answer.rcode() == dns.rcode.NOERROR and len(cookies_of(answer)[0]) == 24


def test_repeated_options_are_answered_once(server):
    """CVE-2026-42944 (Unbound): a heap overflow by repeated NSID, cookie and padding options."""
    many = [dns.edns.GenericOption(NSID, b""), cookie(b"clientck"), dns.edns.GenericOption(PADDING, bytes(4))] * 30
    for tcp in (False, True):
        message = query(LISTED[0], options=many)
        answer = server.client.tcp(message) if tcp else server.client.udp(message)
        assert addresses(answer) == [SINKHOLE_IPV4]
        kinds = [int(option.otype) for option in answer.options]
        assert kinds.count(NSID) == 1 and kinds.count(COOKIE) == 1
    first = [cookie(b"first678"), cookie(b"second78"), cookie(b"bad")]
    (pair,) = cookies_of(server.client.udp(query("unlisted.clients.net", options=first)))
    assert pair[:8] == b"first678", "RFC 7873 §5.2: of several only the first counts"


def test_a_query_for_a_cookie_alone(server):
    """RFC 7873 §5.4: no question; the response code tells of a wrong server cookie."""
    def ask(*options):
        message = dns.message.Message(id=77)
        message.use_edns(0, options=list(options))
        return exchange(server, message.to_wire(), PLAIN)

    answer = ask(cookie(b"clientck"))
    assert answer.rcode() == dns.rcode.NOERROR and answer.question == [] and answer.answer == []
    (pair,) = cookies_of(answer)
    assert ask(cookie(pair)).rcode() == dns.rcode.NOERROR
    wrong = ask(cookie(pair[:-1] + bytes([pair[-1] ^ 1])))
    assert wrong.rcode() == BADCOOKIE and len(cookies_of(wrong)[0]) == 24
    assert ask().rcode() == dns.rcode.FORMERR


def test_a_cookie_belongs_to_the_client_behind_the_balancer(server):
    """CVE-2026-54478 (Unbound): cookies behind PROXY protocol that others could use."""
    one, other = (proxy_header(f"203.0.113.{number}", 9) for number in (80, 81))
    pair = learnt(server, BALANCER, one)
    shown(server, pair, LISTED[19], BALANCER, one)
    shown(server, pair, LISTED[19], BALANCER, other)
    assert hits_of(server, "203.0.113.80")[0]["verified"] is True
    assert hits_of(server, "203.0.113.81")[0]["verified"] is False


def test_dig_and_kdig(server):
    text = server.client.dig("+cookie", LISTED[0])
    assert "(good)" in text and "BADCOOKIE" not in text
    text = server.client.kdig("+cookie", LISTED[0])
    assert "COOKIE" in text and "BADCOOKIE" not in text


@pytest.fixture(scope="module")
def strict(start_shared, feed, upstream, tmp_path_factory):
    """A server that always wants a cookie, with the secrets in a file."""
    file = tmp_path_factory.mktemp("secrets") / "secrets"
    file.write_text(f"{SECRET}\n")
    ponor = start_shared(configuration(feed, upstream, require="always", secret=[], secret_file=str(file)))
    ponor.secret_file = file
    ponor.wait_for(lambda: addresses(ponor.client.ask(LISTED[0], tcp=True)) == [SINKHOLE_IPV4])
    return ponor


def test_cookies_are_required(strict):
    without = strict.client.udp(query(LISTED[20]))
    assert without.flags & dns.flags.TC and without.answer == []
    assert strict.client.udp(query(LISTED[20], edns=False)).flags & dns.flags.TC
    first = shown(strict, b"clientck", LISTED[20])
    assert first.rcode() == BADCOOKIE and first.answer == []
    second = shown(strict, cookies_of(first)[0], LISTED[20])
    assert addresses(second) == [SINKHOLE_IPV4]
    assert addresses(strict.client.ask(LISTED[20], tcp=True)) == [SINKHOLE_IPV4]
    assert [hit["verified"] for hit in hits_of(strict, PLAIN)] == [False, True], "the first one is kept too"
    assert "challenged" in str(strict.status())


def test_a_challenged_lookup_owes_nothing_to_the_query_before(start, feed, upstream, tmp_path):
    """What a policy zone lets through must not excuse the next client's lookup, met by a challenge."""
    zone = tmp_path / "let.rpz"
    zone.write_text("$TTL 60\n@ SOA ns h 1 60 60 60 60\n@ NS ns\nlet.clients.net CNAME rpz-passthru.\n")
    ponor = start({**configuration(feed, upstream, require="always"), "rpz": [{"name": "let.rpz", "file": str(zone)}]})
    ponor.wait_for(lambda: addresses(ponor.client.ask(LISTED[0], tcp=True)) == [SINKHOLE_IPV4])
    pair = cookies_of(shown(ponor, b"clientck", "let.clients.net"))[0]
    assert shown(ponor, pair, "let.clients.net").rcode() != BADCOOKIE
    assert ponor.client.udp(query(LISTED[21])).flags & dns.flags.TC
    hit = ponor.wait_for(lambda: [hit for hit in ponor.hits() if LISTED[21] in str(hit)], what="hit")[0]
    assert hit["action"] == "sinkhole"


def test_a_notification_needs_no_cookie(strict):
    """It is judged by who sent it; asking a server for a cookie would only lose it."""
    message = query("clients.net", "SOA")
    message.set_opcode(dns.opcode.NOTIFY)
    assert strict.client.udp(message).rcode() in (dns.rcode.REFUSED, dns.rcode.NOTAUTH)


def test_dig_comes_back_with_the_cookie(strict):
    text = strict.client.dig("+cookie", "+short", LISTED[20])
    assert SINKHOLE_IPV4 in text


def test_a_health_check_is_never_challenged(strict):
    header = proxy_header(command=LOCAL)
    assert exchange(strict, header + query("unlisted.clients.net").to_wire(), BALANCER).flags & dns.flags.TC == 0


def test_servers_with_one_secret_accept_each_others_cookies(server, strict):
    assert shown(strict, learnt(server)).rcode() == dns.rcode.NOERROR
    assert shown(strict, learnt(server), source="127.0.0.12").rcode() == BADCOOKIE


def test_secrets_roll_over(server, strict):
    """New secret in front, old one still accepted; then the old one goes. Nothing of it is logged."""
    pair = learnt(server)
    strict.secret_file.write_text(f"{OLD_SECRET}\n{SECRET}  # old\n")
    strict.reload()
    answer = shown(strict, pair)
    assert answer.rcode() == dns.rcode.NOERROR
    (fresh,) = cookies_of(answer)
    assert fresh != pair, "a cookie of an old secret is renewed at once"
    strict.secret_file.write_text(f"{OLD_SECRET}\n")
    strict.reload()
    assert shown(strict, pair).rcode() == BADCOOKIE
    assert shown(strict, fresh).rcode() == dns.rcode.NOERROR
    strict.secret_file.write_text("nonsense\n")
    done = strict.run("reload")
    assert "line 1" in done.stdout + done.stderr
    assert shown(strict, fresh).rcode() == dns.rcode.NOERROR, "the secrets in force stay"
    assert SECRET not in strict.log and OLD_SECRET not in strict.log


def test_cookies_are_required_under_pressure(start, feed, upstream):
    ponor = start(configuration(feed, upstream, require="pressure", pressure_queries=1000))
    ponor.wait_sinkholed(LISTED[0])
    packet = query("unlisted.clients.net").to_wire()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect((ponor.address, ponor.port))
        for _ in range(3000):
            sock.send(packet)
    ponor.wait_for(lambda: ponor.status()["queries"]["by_kind"]["challenged"] > 0, what="challenge")
    # When the pressure is gone everybody is answered again.
    ponor.wait_for(lambda: ponor.client.udp(query("unlisted.clients.net")).flags & dns.flags.TC == 0, what="answer")


def test_settings_are_reloaded(start, feed, upstream):
    """A balancer that is listed at run time is heard at once, on connections too."""
    config = configuration(feed, upstream)
    config["access"] = {**config["access"], "proxies": []}
    ponor = start(config)
    ponor.wait_sinkholed(LISTED[0])
    ponor.configure(configuration(feed, upstream))
    ponor.reload()
    header = proxy_header("203.0.113.90", 1, family=TCP4)
    assert addresses(exchange(ponor, header + query(LISTED[0]).to_wire(), BALANCER)) == [SINKHOLE_IPV4]
    with connect(ponor, BALANCER) as sock:
        sock.sendall(header)
        assert addresses(asked(sock, LISTED[0])) == [SINKHOLE_IPV4]
    assert hits_of(ponor, "203.0.113.90")
