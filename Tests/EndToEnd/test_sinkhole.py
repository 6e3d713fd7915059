"""Issue 2 point 6, DESIGN §2 rules 4–5: what a sinkhole answer looks like for every question."""

import random

import dns.flags
import dns.rcode
import pytest

from harness import environment, feeds
from harness.client import addresses, errors, has, query, types
from harness.ponor import SINKHOLE_IPV4, SINKHOLE_IPV6, SINKHOLE_TTL

NAME = "qzkvowpxnefy.com"
FORGED_ANSWER, BLOCKED, PROHIBITED = 4, 15, 18

NODATA_TYPES = ["HTTPS", "SVCB", "MX", "TXT", "CAA", "SRV", "PTR", "CNAME", "DS", "DNSKEY", "NAPTR", "TLSA",
                "SSHFP", "HINFO", "LOC", "URI", "NSEC", "RRSIG", "SPF", "TYPE65280"]


@pytest.fixture(scope="module")
def server(start_shared, tmp_path_factory):
    """A sinkhole with one listed name."""
    feed = feeds.write_names(tmp_path_factory.mktemp("feed") / "feed.csv", [NAME])
    ponor = start_shared({"feeds": [{"path": str(feed)}]})
    ponor.wait_sinkholed(NAME)
    return ponor


@pytest.fixture(scope="module")
def client(server):
    return server.client


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
@pytest.mark.parametrize("qtype, address", [("A", SINKHOLE_IPV4), ("AAAA", SINKHOLE_IPV6)])
@pytest.mark.parametrize("name", [NAME, f"www.{NAME}", f"a.b.c.d.{NAME}"])
def test_address_types_get_the_sinkholes_addresses(client, name, qtype, address, tcp):
    answer = client.ask(name, qtype, tcp=tcp)
    assert answer.rcode() == dns.rcode.NOERROR
    assert addresses(answer) == [address]
    assert answer.answer[0].name.to_text() == f"{name}." and answer.answer[0].ttl == SINKHOLE_TTL
    assert has(answer, "QR", "AA", "RD") and not has(answer, "AD") and not has(answer, "TC")


@pytest.mark.parametrize("name", [NAME, f"www.{NAME}"])
@pytest.mark.parametrize("qtype", NODATA_TYPES)
def test_every_other_type_is_nodata_with_the_right_soa(client, name, qtype):
    answer = client.ask(name, qtype)
    assert answer.rcode() == dns.rcode.NOERROR and not answer.answer
    assert has(answer, "AA") and not has(answer, "AD")
    (soa,) = answer.authority
    assert types(answer.authority) == {"SOA"} and soa.name.to_text() == f"{NAME}."
    assert soa.ttl <= SINKHOLE_TTL and soa[0].minimum <= SINKHOLE_TTL


def test_the_apex_has_soa_and_ns_like_a_delegated_zone(client):
    soa = client.ask(NAME, "SOA")
    assert types(soa.answer) == {"SOA"} and soa.answer[0].name.to_text() == f"{NAME}." and has(soa, "AA")
    ns = client.ask(NAME, "NS")
    assert types(ns.answer) == {"NS"} and ns.answer[0].name.to_text() == f"{NAME}." and has(ns, "AA")


@pytest.mark.parametrize("qtype", ["SOA", "NS"])
def test_a_subdomain_has_no_soa_or_ns_of_its_own(client, qtype):
    answer = client.ask(f"www.{NAME}", qtype)
    assert answer.rcode() == dns.rcode.NOERROR and not answer.answer
    assert [rrset.name.to_text() for rrset in answer.authority] == [f"{NAME}."]


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
def test_any_is_answered(client, tcp):
    """RFC 8482: a subset of the records, or HINFO, never an empty answer and never a bypass."""
    answer = client.ask(NAME, "ANY", tcp=tcp)
    assert answer.rcode() == dns.rcode.NOERROR and answer.answer and has(answer, "AA")
    assert set(addresses(answer)) <= {SINKHOLE_IPV4, SINKHOLE_IPV6}


def test_the_case_of_the_question_comes_back(client):
    """0x20: matched without regard to case, echoed bit for bit."""
    chance = random.Random(environment.SEED)
    for _ in range(20):
        name = "".join(chance.choice((letter.upper(), letter)) for letter in f"www.{NAME}")
        answer = client.ask(name)
        assert answer.question[0].name.to_text() == f"{name}."
        assert answer.answer[0].name.to_text() == f"{name}."
        assert addresses(answer) == [SINKHOLE_IPV4]


@pytest.mark.parametrize("qtype", ["A", "AAAA", "TXT", "SOA", "ANY"])
def test_ede_forged_answer_only_with_edns(client, qtype):
    assert FORGED_ANSWER in errors(client.ask(NAME, qtype, edns=True))
    plain = client.ask(NAME, qtype, edns=False)
    assert plain.edns == -1 and not plain.additional


@pytest.mark.parametrize("flags", [{}, {"do": True}, {"cd": True}, {"ad": True}, {"do": True, "cd": True},
                                   {"do": True, "ad": True, "cd": True}, {"rd": False}])
def test_answers_are_unsigned_and_honest_whatever_the_flags(client, flags):
    answer = client.ask(NAME, **flags)
    assert addresses(answer) == [SINKHOLE_IPV4] and has(answer, "AA") and not has(answer, "AD")
    assert "RRSIG" not in types(answer.answer)
    assert has(answer, "CD") == flags.get("cd", False), "RFC 4035 §3.2.2: CD is copied"
    assert has(answer, "RD") == flags.get("rd", True)
    assert bool(answer.ednsflags & dns.flags.DO) == flags.get("do", False), "RFC 3225 §3: DO is copied"


def test_neighbours_of_a_listed_name_are_not_swallowed(client):
    for name in (f"x{NAME}", NAME[1:], f"{NAME}.net", "com", f"www-{NAME}"):
        assert SINKHOLE_IPV4 not in addresses(client.ask(name)), name


def test_dig_and_kdig_agree(client):
    assert client.dig("+short", NAME).split() == [SINKHOLE_IPV4]
    assert client.kdig("+short", NAME).split() == [SINKHOLE_IPV4]
    assert client.kdig("+tcp", "+short", NAME, "AAAA").split() == [SINKHOLE_IPV6]
    verbose = client.dig(NAME)
    assert "EDE: 4 (Forged Answer)" in verbose and " aa " in verbose


def test_the_longest_names_below_a_listed_name_are_swallowed(client):
    """255 octets on the wire: the answer still has its question and its address."""
    room = 253 - len(NAME) - 1
    labels = ".".join(["a" * 63] * (room // 64) + ["b" * (room % 64)]).strip(".")
    name = f"{labels}.{NAME}"
    assert len(name) <= 253
    assert addresses(client.ask(name)) == [SINKHOLE_IPV4]


def test_the_extended_error_gives_way_before_the_addresses(start, tmp_path):
    """RFC 8914 §3: first its text goes, then all of it with TC, and only then the answer."""
    feed = feeds.write_names(tmp_path / "feed.csv", [NAME])
    server = start({"feeds": [{"path": str(feed)}],
                    "sinkhole": {"ipv6": [f"2001:db8::{last}" for last in range(16)], "ede_text": "x" * 200}})
    server.wait_sinkholed(NAME)
    cases = ((0, 16, [FORGED_ANSWER], False), (16, 16, [], True), (30, 0, [FORGED_ANSWER], True))
    for octets_more, count, error, cut in cases:
        asked = f"{'a' * (octets_more - 1)}.{NAME}" if octets_more else NAME
        answer = server.client.ask(asked, "AAAA", payload=512)
        assert len(addresses(answer)) == count and errors(answer) == error, asked
        assert has(answer, "TC") == cut, asked


def test_other_classes_are_not_sinkholed(client):
    for qclass in ("CH", "HS"):
        answer = client.udp(query(NAME, "A", qclass=qclass))
        assert answer is not None and not addresses(answer)


def test_strangers_are_refused_and_leave_no_hit(start, tmp_path):
    """Sinkhole answers follow the recursion access list; EDE 18 says why."""
    feed = feeds.write_names(tmp_path / "feed.csv", [NAME])
    server = start({"access": {"recursion": ["192.0.2.0/24"]}, "feeds": [{"path": str(feed)}]})
    for tcp in (False, True):
        answer = server.client.ask(NAME, tcp=tcp)
        assert answer.rcode() == dns.rcode.REFUSED and errors(answer) == [PROHIBITED]
        assert not answer.answer and not answer.authority
    assert server.client.ask(NAME, edns=False).edns == -1
    assert server.hits() == []
