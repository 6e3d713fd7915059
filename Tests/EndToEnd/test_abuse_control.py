"""Issue 4 point 4: rate limits with slip, query limits, caps on recursion, random subdomains, ANY."""

import socket
import time

import dns.flags
import dns.message
import dns.rcode
import pytest

from harness import environment, feeds, peers
from harness.client import Client, addresses, has, query, receive_tcp, send_tcp, types
from harness.ponor import SINKHOLE_IPV4, SINKHOLE_IPV6

RESOLVED = ["198.51.100.77"]
LISTED = "wwqkxmvwprtz.com"


def feed(folder) -> list[dict]:
    return [{"path": str(feeds.write(folder / "feed.csv", [feeds.row(LISTED)]))}]


def burst(server, source: str, messages, seconds: float = 0.25) -> list:
    """Send all messages at once from one port; the answers that come until none came for a while."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((source, 0))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        sock.settimeout(seconds)
        for message in messages:
            sock.sendto(message.to_wire(), (server.address, server.port))
        answers = []
        while True:
            try:
                answers.append(dns.message.from_wire(sock.recv(4096)))
            except TimeoutError:
                return answers


def burst_tcp(server, source: str, messages, seconds: float = 0.3) -> list:
    """The same over one TCP connection, pipelined."""
    with socket.create_connection((server.address, server.port), 5, (source, 0)) as sock:
        for message in messages:
            send_tcp(sock, message.to_wire())
        sock.settimeout(seconds)
        answers = []
        try:
            while packet := receive_tcp(sock):
                answers.append(dns.message.from_wire(packet))
        except TimeoutError:
            pass
        return answers


def limits(server) -> dict:
    return server.status()["limits"]


# Response rates

RRL = {"responses_per_second": 5, "slip": 3, "window": "60s", "exempt": ["127.0.9.0/24"]}


@pytest.fixture(scope="module")
def limited(start_shared, tmp_path_factory):
    """Each test asks from a network of its own: the limit is per /24."""
    ponor = start_shared({"feeds": feed(tmp_path_factory.mktemp("feed")), "rate_limit": RRL,
                          "views": [{"name": "tight", "clients": ["127.0.8.0/24"],
                                     "responses_per_second": 2, "slip": 0}]})
    ponor.wait_sinkholed(LISTED)
    return ponor


def test_same_answers_are_limited_with_slip(limited):
    before = limits(limited)
    answers = burst(limited, "127.0.1.1", [query(LISTED) for _ in range(35)])
    full = [answer for answer in answers if addresses(answer) == [SINKHOLE_IPV4]]
    slipped = [answer for answer in answers if has(answer, "TC")]
    assert len(full) == 5 and len(slipped) == 10 and len(answers) == 15
    assert all(not answer.answer and not answer.authority for answer in slipped)
    after = limits(limited)
    assert after["response_slipped"] - before.get("response_slipped", 0) == 10
    assert after["response_dropped"] - before.get("response_dropped", 0) == 20
    # The whole network shares the limit, TCP does not fall under it, another network has its own.
    assert burst(limited, "127.0.1.200", [query(LISTED)]) == []
    assert addresses(Client(limited.port, source="127.0.1.1").ask(LISTED, tcp=True)) == [SINKHOLE_IPV4]
    assert addresses(Client(limited.port, source="127.0.2.1").ask(LISTED)) == [SINKHOLE_IPV4]


def test_names_below_a_listed_name_share_its_limit(limited):
    answers = burst(limited, "127.0.3.1", [query(f"x{number}.{LISTED}") for number in range(20)])
    assert sum(addresses(answer) == [SINKHOLE_IPV4] for answer in answers) == 5


def test_categories_have_limits_of_their_own(limited):
    source = "127.0.4.1"
    for messages in ([query(LISTED) for _ in range(30)], [query(LISTED, "AAAA") for _ in range(30)],
                     [query(f"n{number}.{LISTED}", "MX") for number in range(30)]):
        answers = burst(limited, source, messages)
        assert sum(not has(answer, "TC") for answer in answers) == 5
    errors = burst(limited, source, [query(f"e{number}.example") for number in range(30)])
    assert {answer.rcode() for answer in errors} == {dns.rcode.REFUSED}
    assert len(errors) == 5 + 8 and not any(has(answer, "TC") for answer in errors), "errors leak at the slip rate"


def test_exempt_networks_are_not_limited_and_views_have_limits_of_their_own(limited):
    assert len(burst(limited, "127.0.9.1", [query(LISTED) for _ in range(50)])) == 50
    assert len(burst(limited, "127.0.8.1", [query(LISTED) for _ in range(50)])) == 2


def test_no_hit_is_lost_to_a_limit(limited):
    burst(limited, "127.0.5.1", [query(LISTED) for _ in range(40)])
    def all_counted():
        found = [hit for hit in limited.hits() if hit["client"] == "127.0.5.1"]
        return sum(hit.get("count", 1) for hit in found) == 40
    limited.wait_for(all_counted, what="40 hits")


def test_a_trial_only_counts(start, tmp_path):
    server = start({"feeds": feed(tmp_path), "rate_limit": RRL | {"log_only": True}})
    server.wait_sinkholed(LISTED)
    assert len(burst(server, "127.0.1.1", [query(LISTED) for _ in range(35)])) == 35
    assert limits(server)["response_trial"] == 30


def test_all_responses_together(start, tmp_path):
    server = start({"rate_limit": {"all_per_second": 10}})
    answers = burst(server, "127.0.1.1", [query(f"n{number}.example") for number in range(60)])
    assert len(answers) == 10


# Query rates

@pytest.mark.parametrize("action", ["refuse", "drop"])
def test_queries_of_a_client_are_limited_over_all_transports(start, tmp_path, action):
    server = start({"feeds": feed(tmp_path),
                    "query_limit": {"queries_per_second": 10, "action": action, "exempt": ["127.0.0.1"]}})
    server.wait_sinkholed(LISTED)
    answers = burst(server, "127.0.1.1", [query(LISTED) for _ in range(40)])
    served = [answer for answer in answers if addresses(answer)]
    assert 10 <= len(served) <= 12
    over_tcp = burst_tcp(server, "127.0.1.1", [query(LISTED) for _ in range(30)])
    assert sum(1 for answer in over_tcp if addresses(answer)) <= 15, "TCP counts as well"
    if action == "refuse":
        assert len(answers) == 40 and len(over_tcp) == 30
        assert {answer.rcode() for answer in answers} == {dns.rcode.NOERROR, dns.rcode.REFUSED}
        assert limits(server)["query_refused"] >= 28 + 15
    else:
        assert len(answers) == len(served) and len(over_tcp) <= 15
        assert limits(server)["query_dropped"] >= 28 + 15
    assert addresses(Client(server.port, source="127.0.1.2").ask(LISTED)) == [SINKHOLE_IPV4]
    client = Client(server.port, source="127.0.1.1", timeout=0.2)
    def served_again():
        answer = client.udp(query(LISTED))
        return answer is not None and addresses(answer)
    server.wait_for(served_again, 10, "share of a client that goes on asking")


# Recursion

def test_outstanding_questions_of_one_client_and_one_zone_are_capped(start, upstream):
    server = start({"resolution": upstream.resolution | {"timeout": "1500ms"},
                    "recursion_limit": {"outstanding_per_client": 6, "outstanding_per_zone": 4}})
    def silent(zone: str, count: int):
        return [query(f"drop-{number}.{zone}") for number in range(count)]
    begun = time.monotonic()
    of_zone = burst(server, "127.0.1.1", silent("one-zone.com", 7), 0.4)
    assert len(of_zone) == 3 and {answer.rcode() for answer in of_zone} == {dns.rcode.SERVFAIL}
    of_client = burst(server, "127.0.1.1", silent("two-zone.com", 5), 0.4)
    assert len(of_client) == 3, "four are under way already"
    assert "too many of your queries" in of_client[0].options[0].text
    assert time.monotonic() - begun < 1.4, "slow machine: the first questions may have ended"
    assert limits(server) == {"zone_outstanding": 3, "client_outstanding": 3}
    other = Client(server.port, source="127.0.1.2", timeout=3)
    assert addresses(other.ask("www.three-zone.com")) == RESOLVED
    first = Client(server.port, source="127.0.1.1")
    server.wait_for(lambda: addresses(first.ask("www.one-zone.com")) == RESOLVED, 10, "places given back")


def test_a_zone_that_draws_failing_names_is_protected(start, tmp_path, upstream):
    """Unknown names fail at once; cached and known ones, other zones and listed names are served."""
    server = start({"feeds": feed(tmp_path), "resolution": upstream.resolution | {"timeout": "300ms"},
                    "recursion_limit": {"failing_names": 20, "failing_names_per_second": 1,
                                        "protection": "120s"}})
    server.wait_sinkholed(LISTED)
    client = Client(server.port, source="127.0.1.1")
    assert addresses(client.ask("www.victim.co.uk")) == RESOLVED
    burst(server, "127.0.1.1", [query(f"drop-{number}.victim.co.uk") for number in range(25)], 1.5)
    asked = len(upstream.asked())
    refused = client.ask("drop-later.victim.co.uk")
    assert refused.rcode() == dns.rcode.SERVFAIL
    assert "too many names of this zone" in refused.options[0].text
    assert client.ask("new.victim.co.uk").rcode() == dns.rcode.SERVFAIL
    assert len(upstream.asked()) == asked, "nothing was asked for them"
    assert addresses(client.ask("www.victim.co.uk")) == RESOLVED, "cached"
    assert client.ask("www.victim.co.uk", "AAAA").rcode() == dns.rcode.NOERROR, "known, asked for anew"
    assert addresses(client.ask("www.bystander.co.uk")) == RESOLVED
    assert limits(server)["random_subdomain"] == 2
    burst(server, "127.0.1.1", [query(f"drop-{number}.{LISTED}") for number in range(50)], 0.3)
    def hits():
        return [hit for hit in server.hits() if hit["client"] == "127.0.1.1"]
    server.wait_for(lambda: len(hits()) == 50, what="hits of one listed name")
    assert {hit["matched"].rstrip(".") for hit in hits()} == {LISTED}, "no refusal became a hit"


def test_a_zone_that_draws_nonexistent_names_is_protected_if_asked_for(start, tmp_path):
    """`nonexistent_names`: NXDOMAIN of ever new names; off unless it is set, and `exempt` zones never."""
    zone = tmp_path / "upstream.zone"
    lines = [f"{name} A 198.51.100.77" for name in ("www.victim.net", "www.lists.net", "www.other.net")]
    zone.write_text("$ORIGIN .\n$TTL 60\n@ SOA ns. h. 1 60 60 60 60\n@ NS ns.\nns A 192.0.2.1\n" + "\n".join(lines) + "\n")
    port = environment.free_port()
    daemon = peers.nsd(tmp_path / "nsd", ["127.0.0.1"], {".": zone}, port=port)
    peers.started(daemon, Client(port))
    try:
        resolution = {"mode": "forward", "upstreams": [f"127.0.0.1:{port}"], "dnssec": False, "allow_loopback": True}
        server = start({"resolution": resolution, "recursion_limit": {
            "nonexistent_names": 20, "nonexistent_names_per_second": 1, "protection": "120s", "exempt": ["lists.net"]}})
        plain = start({"resolution": resolution})
        for ponor in (server, plain):
            client = Client(ponor.port, source="127.0.1.1")
            assert addresses(client.ask("www.victim.net")) == RESOLVED
            codes = [client.ask(f"x{number}.{parent}.net").rcode() for parent in ("victim", "lists") for number in range(40)]
            if ponor is plain:
                assert set(codes) == {dns.rcode.NXDOMAIN}
                continue
            assert set(codes[:20]) == set(codes[40:]) == {dns.rcode.NXDOMAIN}
            assert codes[39] == dns.rcode.SERVFAIL and dns.rcode.SERVFAIL in codes[20:24]
            refused = client.ask("x-later.victim.net")
            assert refused.rcode() == dns.rcode.SERVFAIL and "too many names of this zone" in refused.options[0].text
            assert addresses(client.ask("www.victim.net")) == RESOLVED, "cached"
            assert client.ask("x1.victim.net").rcode() == dns.rcode.NXDOMAIN, "cached"
            assert addresses(client.ask("www.other.net")) == RESOLVED
            assert limits(ponor)["random_subdomain"] >= 17
    finally:
        daemon.stop()


# ANY

@pytest.mark.parametrize("setting,udp,tcp", [("always", 1, 1), ("udp", 1, 4), ("never", 4, 4)])
def test_any_for_listed_names(start, tmp_path, setting, udp, tcp):
    server = start({"feeds": feed(tmp_path), "server": {"minimal_any": setting}})
    server.wait_sinkholed(LISTED)
    for count, over_tcp in ((udp, False), (tcp, True)):
        answer = server.client.ask(LISTED, "ANY", tcp=over_tcp)
        assert len(types(answer.answer)) == count and has(answer, "AA")
        assert addresses(answer) == [SINKHOLE_IPV4] + ([SINKHOLE_IPV6] if count > 1 else [])


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
def test_any_for_other_names_and_zones(start, tmp_path, upstream, tcp):
    zone = tmp_path / "own.zone"
    zone.write_text("$ORIGIN own-operator.net.\n$TTL 300\n@ SOA ns h 1 60 60 60 60\n@ NS ns\n@ MX 5 ns\n"
                    "ns A 192.0.2.1\nns AAAA 2001:db8::1\n")
    server = start({"resolution": upstream.resolution,
                    "zones": [{"name": "own-operator.net", "file": str(zone)}]})
    resolved = server.client.ask("www.example.com", "ANY", tcp=tcp)
    assert types(resolved.answer) == {"HINFO"} and "RFC8482" in resolved.answer[0].to_text()
    own = server.client.ask("own-operator.net", "ANY", tcp=tcp)
    assert len(own.answer) == 1 and has(own, "AA")
