"""Issue 2 point 5: special-use names are answered here and never asked upstream.

RFC 6761 (localhost, invalid, test, private reverse), RFC 6303 (local reverse zones), RFC 7686
(onion), RFC 8375 (home.arpa), RFC 9476 (alt), RFC 9462 (resolver.arpa).
"""

import dns.rcode
import pytest

from harness.client import addresses, types


@pytest.fixture(scope="module")
def asked_before(upstream):
    """The upstream is shared: what other files' servers asked it is not ours."""
    return len(upstream.asked())


@pytest.fixture(scope="module")
def server(start_shared, upstream, asked_before):
    return start_shared({"resolution": upstream.resolution})


def test_ordinary_names_do_go_upstream(server, upstream):
    """The control: without it the tests below would show nothing."""
    assert addresses(server.client.ask("www.ordinary.com")) == ["198.51.100.77"]
    assert "www.ordinary.com. A" in upstream.asked()


@pytest.mark.parametrize("name", ["localhost", "a.b.localhost", "LocalHost"])
@pytest.mark.parametrize("qtype, address", [("A", "127.0.0.1"), ("AAAA", "::1")])
def test_localhost_is_this_host(server, name, qtype, address):
    answer = server.client.ask(name, qtype)
    assert answer.rcode() == dns.rcode.NOERROR and addresses(answer) == [address]


def test_localhost_has_nothing_else(server):
    answer = server.client.ask("localhost", "MX")
    assert answer.rcode() == dns.rcode.NOERROR and not answer.answer


@pytest.mark.parametrize("address, name", [
    ("1.0.0.127.in-addr.arpa", "localhost."),
    ("1" + ".0" * 31 + ".ip6.arpa", "localhost.")])
def test_loopback_addresses_are_called_localhost(server, address, name):
    answer = server.client.ask(address, "PTR")
    assert [rdata.target.to_text() for rdata in answer.answer[0]] == [name]


DENIED = ["www.invalid", "x.test", "facebookcorewwwi.onion", "x.y.alt"]
APEXES = ["invalid", "test", "onion", "alt", "255.255.255.255.in-addr.arpa"]
REVERSE = ["1.0.0.10.in-addr.arpa", "1.0.16.172.in-addr.arpa", "5.31.172.in-addr.arpa",
           "1.1.168.192.in-addr.arpa", "1.0.254.169.in-addr.arpa", "1.2.0.192.in-addr.arpa",
           "9.100.51.198.in-addr.arpa", "9.113.0.203.in-addr.arpa",
           "1.0.0.0.in-addr.arpa", "1.64.100.in-addr.arpa", "9.127.100.in-addr.arpa",
           "1.0.d.f.ip6.arpa", "2.0.8.e.f.ip6.arpa", "1.b.e.f.ip6.arpa", "1.8.b.d.0.1.0.0.2.ip6.arpa",
           "host.home.arpa"]


@pytest.mark.parametrize("name", DENIED + REVERSE)
def test_reserved_names_do_not_exist_and_say_for_how_long(server, name):
    answer = server.client.ask(name, "PTR" if name.endswith("arpa") else "A")
    assert answer.rcode() == dns.rcode.NXDOMAIN and not answer.answer
    assert types(answer.authority) == {"SOA"}, "RFC 2308: cacheable"


@pytest.mark.parametrize("name", APEXES)
def test_reserved_tops_have_no_addresses(server, name):
    """Negative either way: a server may hold an empty zone of that name (RFC 6303 §3)."""
    answer = server.client.ask(name)
    assert answer.rcode() in (dns.rcode.NXDOMAIN, dns.rcode.NOERROR) and not answer.answer
    assert types(answer.authority) == {"SOA"}


@pytest.mark.parametrize("name", ["home.arpa", "10.in-addr.arpa", "168.192.in-addr.arpa", "d.f.ip6.arpa"])
def test_locally_served_zones_have_an_apex(server, name):
    """RFC 6303 §3: SOA and NS at the apex."""
    assert types(server.client.ask(name, "SOA").answer) == {"SOA"}
    assert types(server.client.ask(name, "NS").answer) == {"NS"}


@pytest.mark.parametrize("name", ["127.in-addr.arpa", "0.127.in-addr.arpa", "0.0.127.in-addr.arpa"])
def test_names_above_a_loopback_pointer_exist(server, name):
    """RFC 8020 §2: NXDOMAIN there would deny the pointer to a client that minimises its questions."""
    assert server.client.ask(name, "NS").rcode() == dns.rcode.NOERROR


@pytest.mark.parametrize("name", ["home.arpa", "10.in-addr.arpa", "d.f.ip6.arpa"])
def test_ds_of_a_special_zone_is_asked_of_its_parent(start, upstream, name):
    """RFC 4035 §3.1.4.1. A validator behind us needs the parent's proof that the zone is unsigned."""
    server = start({"resolution": upstream.resolution})
    server.client.ask(name, "DS")
    assert f"{name}. DS" in upstream.asked()


def test_ds_inside_a_special_zone_or_of_a_special_top_is_not(start, upstream):
    server = start({"resolution": upstream.resolution})
    names = ["onion", "test", "1.0.0.127.in-addr.arpa", "0.0.127.in-addr.arpa", "host.home.arpa", "1.10.in-addr.arpa"]
    for name in names:
        assert types(server.client.ask(name, "DS").authority) == {"SOA"}
    assert not {f"{name}. DS" for name in names} & set(upstream.asked())


def test_resolver_arpa_is_not_forwarded(server, upstream):
    """RFC 9462 §6.4: clients look for designated resolvers here; we have none to name."""
    answer = server.client.ask("_dns.resolver.arpa", "SVCB")
    assert answer.rcode() in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN) and not answer.answer


def test_none_of_them_was_asked_upstream(server, upstream, asked_before):
    leaked = [line for line in upstream.asked()[asked_before:]
              if line.split()[0].rstrip(".").rpartition(".")[2].lower() in
              ("localhost", "invalid", "test", "onion", "alt", "arpa")
              # DS belongs to the parent zone: one of the tests above asks for it, as validators do.
              and not line.endswith(" DS")
              # The validator's own walk to in-addr.arpa is no question about a special name.
              and line.split()[0].lower() not in ("arpa.", "in-addr.arpa.", "ip6.arpa.",
                                                  "www.in-addr.arpa.", "www.ip6.arpa.")]
    assert leaked == []
