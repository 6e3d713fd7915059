"""Issue 4 point 10: dnstap with the policy of hits, read by fstrm_capture and dnstap-ldns."""

import socket
import time

import dns.edns
import pytest

from harness import dnstap, encrypted, environment, feeds
from harness.balancers import proxy_header
from harness.client import Client, addresses, query
from harness.ponor import SINKHOLE_IPV4, cli

LISTED, WATCHED = "tapped-listed.com", "tapped-watched.net"
LIST = [feeds.row(LISTED, "tapped", "s7"), feeds.row(WATCHED, "watched")]


@pytest.fixture
def settings(tmp_path, upstream):
    """Settings of a server with two listed names; `dnstap` is laid over."""
    path = feeds.write(tmp_path / "feed.csv", LIST)

    def make(dnstap_settings: dict, **more) -> dict:
        return {"feeds": [{"path": str(path)}], "resolution": upstream.resolution,
                "policy": {"actions": {"watched": "observe"}}, "dnstap": dnstap_settings, **more}
    return make


def settled(server) -> int:
    """Wait until no more is sent; how many messages were."""
    seen = [-1, server.status()["dnstap"]["sent"]]
    while seen[-1] != seen[-2]:
        time.sleep(0.2)
        seen.append(server.status()["dnstap"]["sent"])
    return seen[-1]


def connected(server) -> None:
    server.wait_for(lambda: not any("dnstap" in line for line in server.status()["warnings"]), what="connection")


def finish(server, reader, file) -> list[dnstap.Message]:
    """Everything the reader has got, the server stopped first."""
    assert server.stop() == 0
    reader.stop()
    return dnstap.read_file(file)


def test_only_hits_leave_and_say_what_policy_did(start, settings, tmp_path):
    path = tmp_path / "tap.sock"
    reader, file = dnstap.capture(tmp_path, ["-u", str(path)])
    server = start(settings({"socket": str(path), "identity": "ns1"}))
    server.wait_sinkholed(LISTED)
    connected(server)
    for name in ("plain.example", f"www.{LISTED}", WATCHED):
        assert server.client.ask(name)
    assert addresses(server.client.ask(LISTED, tcp=True)) == [SINKHOLE_IPV4]
    settled(server)
    hits = server.wait_for(lambda: (found := server.hits()) and len(found) >= 4 and found, what="hits")
    messages = finish(server, reader, file)

    queries = [message for message in messages if message.kind == dnstap.QUERY]
    assert len(queries) == len(hits) and len(messages) == 2 * len(hits)
    assert sorted(message.name for message in queries) == sorted(hit["qname"] for hit in hits)
    assert all(message.policy for message in messages), "only hits leave"
    by_name = {message.name: message for message in messages if message.kind == dnstap.RESPONSE}
    hit = by_name[f"www.{LISTED}"]
    assert hit.policy[1] == b"feed" and hit.policy[2].startswith(b"tapped")
    assert b"s7" in hit.policy[2]
    assert (hit.policy[3], hit.policy[4]) == (dnstap.LOCAL_DATA, dnstap.QNAME)
    assert hit.policy[5] == b"\x03www\x0dtapped-listed\x03com\0"
    assert addresses(hit.dns) == [SINKHOLE_IPV4]
    assert by_name[WATCHED].policy[3] == dnstap.PASS and addresses(by_name[WATCHED].dns) == ["198.51.100.77"]
    assert {message.inner[3] for message in messages if message.name == LISTED} == {1, 2}, "UDP and TCP"
    text = dnstap.verbose(file)
    assert text.count("type: CLIENT_QUERY") == text.count("type: CLIENT_RESPONSE") == len(hits)
    assert 'identity: "ns1"' in text and 'version: "ponor' in text and "parse failed" not in text


def test_every_transport_and_family_of_addresses(start, settings, tmp_path):
    """DoT and DoH with what the client sent, padding and all; IPv6; the client a forwarder names."""
    pair = encrypted.make_pair(tmp_path / "tls")
    dot, doh, six = (environment.free_port() for _ in range(3))
    path = tmp_path / "tap.sock"
    reader, file = dnstap.capture(tmp_path, ["-u", str(path)])
    port = environment.free_port()
    server = start(settings(
        {"socket": str(path)}, access={"recursion": ["127.0.0.0/8", "::1/128"], "forwarders": ["127.0.0.3"]},
        server={"listen": [f"127.0.0.1:{port}", f"[::1]:{six}"], "tls_listen": [f"127.0.0.1:{dot}"],
                "https_listen": [f"127.0.0.1:{doh}"],
                "tls": {"certificate": str(pair.certificate), "key": str(pair.key)}}), port=port)
    server.wait_sinkholed(LISTED)
    connected(server)
    padded = query(f"dot.{LISTED}", options=[dns.edns.GenericOption(12, bytes(20))])
    answers = {"dot": encrypted.ask_dot(dot, padded, "127.0.0.21")}
    asked = {"dot": padded.to_wire(), "doh": query(f"doh.{LISTED}").to_wire()}
    with encrypted.HTTP2(doh, source="127.0.0.22") as http2:
        answers["doh"] = http2.wait(http2.query(asked["doh"])).body
    assert addresses(Client(six, "::1").ask(f"six.{LISTED}", "A")) == [SINKHOLE_IPV4]
    assert Client(six, "::1").ask(f"six-tcp.{LISTED}", "AAAA", tcp=True).answer
    forwarder = Client(server.port, source="127.0.0.3")
    for name, address in (("named", "10.9.8.7"), ("named6", "2001:db8::9"), ("prefix", "10.9.9.0")):
        bits = 24 if name == "prefix" else 128 if ":" in address else 32
        assert forwarder.udp(query(f"{name}.{LISTED}", options=[dns.edns.ECSOption(address, bits)])).answer
    settled(server)
    messages = [message for message in finish(server, reader, file) if message.name != LISTED]

    def of(name: str) -> list[dnstap.Message]:
        return [message for message in messages if message.name == f"{name}.{LISTED}"]

    assert all(len(of(name)) == 2 for name in ("dot", "doh", "six", "six-tcp", "named", "named6", "prefix"))
    for name, protocol, source, listening in (("dot", dnstap.DOT, "127.0.0.21", dot), ("doh", dnstap.DOH, "127.0.0.22", doh)):
        asking, answering = sorted(of(name), key=lambda message: message.kind)
        assert (asking.kind, answering.kind) == (dnstap.QUERY, dnstap.RESPONSE)
        for message in (asking, answering):
            assert (message.inner[3], message.client, message.inner[7]) == (protocol, source, listening)
        assert asking.inner[10] == asked[name], "octets are as on the wire"
        assert answering.inner[14] == answers[name]
    for name, protocol in (("six", 1), ("six-tcp", 2)):
        for message in of(name):
            assert (message.inner[2], message.inner[3], message.client) == (2, protocol, "::1")
            assert socket.inet_ntop(socket.AF_INET6, message.inner[5]) == "::1" and message.inner[7] == six
    clients = {name: {message.client for message in of(name)} for name in ("named", "named6", "prefix")}
    assert clients == {"named": {"10.9.8.7"}, "named6": {"2001:db8::9"}, "prefix": {"10.9.9.0"}}
    # Debian's dnstap-ldns is older than the numbers of DoT and DoH, and stops at them.


def test_rules_of_policy_zones_and_clients_of_a_balancer(start, settings, tmp_path):
    zone = tmp_path / "zone.rpz"
    zone.write_text("$ORIGIN tap.rpz.\n@ 60 SOA localhost. root.localhost. 1 60 60 60 60\n@ NS localhost.\n"
                    "*.bad.example CNAME .\n32.9.0.0.127.rpz-client-ip CNAME rpz-drop.\n")
    out = tmp_path / "out" / "tap.fstrm"
    out.parent.mkdir()
    server = start(settings({"file": str(out)}, rpz=[{"name": "tap.rpz", "file": str(zone), "record": True}],
                            access={"proxies": ["127.0.0.5"], "recursion": ["127.0.0.0/8", "203.0.113.0/24"]}))
    server.wait_for(lambda: server.client.ask("a.bad.example").rcode() == 3, what="policy")
    server.client.source = "127.0.0.9"
    assert server.client.udp(query("any.example"), 0.5) is None
    server.client.source = None
    server.wait_sinkholed(LISTED)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as balancer:
        balancer.bind(("127.0.0.5", 0))
        balancer.settimeout(5)
        packet = query(f"behind.{LISTED}").to_wire()
        balancer.sendto(proxy_header("203.0.113.9", 4321) + packet, (server.address, server.port))
        assert balancer.recv(4096)
    settled(server)
    assert server.stop() == 0
    messages = dnstap.read_file(out)
    behind = [message for message in messages if message.name == f"behind.{LISTED}"]
    assert {(message.client, message.inner[6]) for message in behind} == {("203.0.113.9", 4321)}
    assert behind[0].inner[10] == packet, "octets are as on the wire"
    dropped = [message for message in messages if message.client == "127.0.0.9"]
    assert [message.kind for message in dropped] == [dnstap.QUERY]
    assert dropped[0].policy == {1: b"RPZ", 2: b"\x0drpz-client-ip\x03tap\x03rpz\0", 3: dnstap.DROP,
                                 4: dnstap.CLIENT_IP, 5: socket.inet_aton("127.0.0.9")}
    denied = [message for message in messages if message.name == "a.bad.example"][-1]
    assert denied.kind == dnstap.RESPONSE
    assert denied.policy == {1: b"RPZ", 2: b"\x01*\x03bad\x07example\x03tap\x03rpz\0", 3: dnstap.NXDOMAIN,
                             4: dnstap.QNAME, 5: b"\x01a\x03bad\x07example\0"}


def test_a_reload_turns_it_on_and_off_and_all_samples_the_rest(start, settings, tmp_path):
    port = environment.free_port()
    reader, file = dnstap.capture(tmp_path, ["-a", "127.0.0.1", "-p", str(port)])
    server = start(settings({}))
    server.wait_sinkholed(LISTED)
    assert server.status().get("dnstap") is None
    server.configure(settings({"tcp": f"127.0.0.1:{port}", "messages": "all", "sample": 4}))
    server.reload()
    connected(server)
    for number in range(200):
        server.client.ask(f"n{number}.example")
    for _ in range(5):
        server.client.ask(LISTED)
    settled(server)
    server.configure(settings({}))
    server.reload()
    assert server.status().get("dnstap") is None
    server.client.ask(LISTED)
    messages = finish(server, reader, file)
    others = [message for message in messages if not message.policy and "example" in message.name]
    counts = [sum(message.kind == kind for message in others) for kind in (dnstap.QUERY, dnstap.RESPONSE)]
    assert counts[0] == counts[1], "a response is sent exactly if its query is"
    assert 10 < counts[0] < 120, counts
    assert sum(bool(message.policy) and message.kind == dnstap.QUERY for message in messages) == 5


def test_a_reader_that_was_killed_gets_the_rest_after_its_restart(start, settings, tmp_path):
    path = tmp_path / "tap.sock"
    reader, _ = dnstap.capture(tmp_path, ["-u", str(path)], "first")
    server = start(settings({"socket": str(path)}))
    server.wait_sinkholed(LISTED)
    connected(server)
    settled(server)
    reader.kill()
    path.unlink()
    server.wait_for(lambda: any("dnstap" in line for line in server.status()["warnings"]), what="warning")
    for number in range(20):
        assert addresses(server.client.ask(f"w{number}.{LISTED}")) == [SINKHOLE_IPV4]
    reader, file = dnstap.capture(tmp_path, ["-u", str(path)], "second")
    connected(server)
    settled(server)
    names = {message.name for message in finish(server, reader, file)}
    assert names == {f"w{number}.{LISTED}" for number in range(20)}


def test_a_reader_that_is_stuck_costs_messages_but_no_answers(start, settings, tmp_path):
    path = tmp_path / "tap.sock"
    stuck = dnstap.StuckReader(path)
    server = start(settings({"socket": str(path), "queue": "64 KiB"}))
    stuck.agree()
    server.wait_sinkholed(LISTED)
    for number in range(3000):
        assert addresses(server.client.udp(query(f"s{number}.{LISTED}"), 5)) == [SINKHOLE_IPV4], number
    status = server.status()["dnstap"]
    assert status["dropped"] > 0
    assert server.stop() == 0, "a stuck reader must not keep a server from stopping"
    stuck.close()


def test_a_reader_that_never_agrees_keeps_nothing_from_going_on(start, settings, tmp_path):
    path = tmp_path / "deaf.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as deaf:
        deaf.bind(str(path))
        deaf.listen(1)
        server = start(settings({"socket": str(path)}))
        server.wait_sinkholed(LISTED)
        assert any("dnstap" in line for line in server.status()["warnings"])
        server.configure(settings({}))
        server.reload()
        assert server.status().get("dnstap") is None
        assert server.stop() == 0


def test_a_second_target_is_warned_of(tmp_path):
    file = tmp_path / "two.yaml"
    file.write_text("dnstap: {socket: /a, tcp: 127.0.0.1:6000}\n")
    done = cli("config", "check", file)
    assert "'dnstap.tcp' is not used: dnstap goes to one place" in done.stdout + done.stderr
