"""Issue 4 point 3: views by client and listener, opt-out lists, the authoritative sinkhole, the challenge."""

import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import pytest

from harness import environment, feeds, netns
from harness.client import Client, addresses, errors, has, query, types
from harness.ponor import SINKHOLE_IPV4

RESOLVED = ["198.51.100.77"]  # what the upstream says to every name
LISTED, FAMILY = "vvqkxmvwprtz.com", "viewed"
DELEGATED, SEIZED = "seized-domain.org", "other-seized.net"


def feed(folder) -> list[dict]:
    return [{"path": str(feeds.write(folder / "feed.csv", [feeds.row(LISTED, FAMILY)]))}]


def hits_of(server, client: str) -> list[dict]:
    return [hit for hit in server.hits() if hit["client"] == client]


VIEWS = [
    {"name": "one", "clients": ["127.0.1.1"], "sinkhole_ipv4": ["198.51.100.1"], "sinkhole_ttl": 7},
    {"name": "net", "clients": ["127.0.1.0/24", "127.0.6.0/24"], "default_action": "nxdomain"},
    {"name": "silent", "clients": ["127.0.2.0/24"], "record_hits": False},
    {"name": "free", "clients": ["127.0.3.0/24"], "sinkhole": False},
    {"name": "closed", "clients": ["127.0.4.0/24"], "recursion": False},
    {"name": "shadow", "clients": ["127.0.5.0/24"], "actions": {FAMILY: "observe"}},
    {"name": "allowed", "clients": ["127.0.7.0/24"], "allowlist": [LISTED]},
    # A thousand prefixes in front of the last view must not change what it says.
    {"name": "many", "clients": [f"10.{high}.{low}.0/24" for high in range(4) for low in range(250)]},
    {"name": "last", "clients": ["127.0.0.0/9"], "ede_text": "the last view"},
]


@pytest.fixture(scope="module")
def server(start_shared, tmp_path_factory, upstream):
    ponor = start_shared({"feeds": feed(tmp_path_factory.mktemp("feed")), "resolution": upstream.resolution,
                          "views": VIEWS})
    ponor.wait_sinkholed(LISTED)
    return ponor


def ask(server, source: str, name: str = LISTED, qtype: str = "A", **options):
    return Client(server.port, source=source).ask(name, qtype, **options)


def test_the_first_view_that_takes_the_client_decides(server):
    one = ask(server, "127.0.1.1")
    assert addresses(one) == ["198.51.100.1"] and one.answer[0].ttl == 7
    for source in ("127.0.1.2", "127.0.6.255"):
        assert ask(server, source).rcode() == dns.rcode.NXDOMAIN, source
    assert addresses(ask(server, "127.0.8.1")) == [SINKHOLE_IPV4]
    assert addresses(ask(server, "127.0.1.1", "www.example.com")) == RESOLVED


def test_a_view_inherits_what_it_does_not_set(server):
    texts = [option.text for option in ask(server, "127.0.1.1").options]
    assert texts == ["malware domain, sinkholed by your network operator"]
    assert [option.text for option in ask(server, "127.0.8.1").options] == ["the last view"]


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
def test_what_a_view_says_of_listed_names(server, tcp):
    assert addresses(ask(server, "127.0.3.1", tcp=tcp)) == RESOLVED
    assert addresses(ask(server, "127.0.5.1", tcp=tcp)) == RESOLVED
    assert addresses(ask(server, "127.0.7.1", tcp=tcp)) == RESOLVED
    assert addresses(ask(server, "127.0.2.1", tcp=tcp)) == [SINKHOLE_IPV4]
    assert addresses(ask(server, "127.0.8.1", tcp=tcp)) == [SINKHOLE_IPV4]
    found = server.wait_for(lambda: hits_of(server, "127.0.8.1"), what="hit")
    assert {hit["action"] for hit in found} == {"sinkhole"}
    assert {hit["action"] for hit in hits_of(server, "127.0.5.1")} == {"observe"}
    assert {hit["action"] for hit in hits_of(server, "127.0.7.1")} == {"colliding"}
    assert hits_of(server, "127.0.2.1") == [] and hits_of(server, "127.0.3.1") == []


def test_a_view_without_recursion_answers_listed_names_only(server):
    answer = ask(server, "127.0.4.1")
    assert addresses(answer) == [SINKHOLE_IPV4] and has(answer, "AA") and not has(answer, "RA")
    refused = ask(server, "127.0.4.1", "www.example.com")
    assert refused.rcode() == dns.rcode.REFUSED and not has(refused, "RA")


def test_the_status_names_the_views(server):
    assert server.status()["views"] == [view["name"] for view in VIEWS]


def test_a_view_of_a_listening_address(start, tmp_path):
    """The same clients, another address: over UDP and TCP."""
    port = environment.free_port()
    special = f"127.0.0.2:{port}"
    server = start({"server": {"listen": [f"127.0.0.1:{port}", special]}, "feeds": feed(tmp_path),
                    "views": [{"name": "special", "listeners": [special], "sinkhole_ipv4": ["198.51.100.2"]}]},
                   port=port)
    server.wait_sinkholed(LISTED)
    for tcp in (False, True):
        assert addresses(Client(port, "127.0.0.1").ask(LISTED, tcp=tcp)) == [SINKHOLE_IPV4]
        assert addresses(Client(port, "127.0.0.2").ask(LISTED, tcp=tcp)) == ["198.51.100.2"]


def test_opted_out_clients_are_resolved_and_leave_no_trace(start, tmp_path, upstream):
    """100,000 entries; the file is read again when it changes, a bad line is told and skipped."""
    entries = [f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}" for number in range(100_000)]
    opt_out = tmp_path / "opt-out.txt"
    opt_out.write_text("\n".join([*entries, "127.0.1.0/25 # a street", "127.0.1.300", "nonsense", ""]))
    server = start({"feeds": feed(tmp_path), "resolution": upstream.resolution,
                    "index": {"check_interval": "1s"},
                    "views": [{"name": "all", "opt_out": [str(opt_out)]}]})
    server.wait_sinkholed(LISTED)
    assert addresses(ask(server, "127.0.1.9")) == RESOLVED
    assert addresses(ask(server, "127.0.1.9", tcp=True)) == RESOLVED
    assert addresses(ask(server, "127.0.1.129")) == [SINKHOLE_IPV4]
    (warning,) = server.status()["warnings"]
    assert "opt-out.txt:100002" in warning and "2 lines skipped" in warning
    opt_out.write_text("127.0.1.129\n")
    server.wait_for(lambda: addresses(ask(server, "127.0.1.129")) == RESOLVED, 10, "new list in force")
    assert addresses(ask(server, "127.0.1.9")) == [SINKHOLE_IPV4]
    opt_out.unlink()
    server.wait_for(lambda: server.status()["warnings"], 10, "warning about the missing file")
    assert addresses(ask(server, "127.0.1.129")) == RESOLVED, "its former content stays in force"
    server.wait_for(lambda: hits_of(server, "127.0.1.9"), what="hit")
    assert len(hits_of(server, "127.0.1.9")) == 1
    assert server.status()["limits"]["opted_out"] >= 3


# The challenge

@pytest.fixture(scope="module")
def challenging(start_shared, tmp_path_factory):
    ponor = start_shared({"feeds": feed(tmp_path_factory.mktemp("feed")),
                          "views": [{"name": "checked", "clients": ["127.0.1.0/24"], "challenge": True}]})
    ponor.wait_sinkholed(LISTED)
    return ponor


@pytest.mark.parametrize("qtype", ["A", "AAAA", "HTTPS", "ANY"])
def test_a_listed_name_over_udp_is_answered_truncated(challenging, qtype):
    client = Client(challenging.port, source="127.0.1.1")
    answer = client.udp(query(LISTED, qtype))
    assert has(answer, "TC") and not answer.answer and not answer.authority
    assert answer.rcode() == dns.rcode.NOERROR
    assert not has(client.ask(LISTED, qtype, tcp=True), "TC")


def test_a_challenged_hit_is_recorded_and_so_is_the_verified_one(challenging):
    client = Client(challenging.port, source="127.0.1.7")
    assert has(client.udp(query(LISTED)), "TC")
    assert addresses(client.ask(LISTED, tcp=True)) == [SINKHOLE_IPV4]
    def both():
        return {(hit["transport"], hit["verified"]) for hit in hits_of(challenging, "127.0.1.7")} == {
            ("udp", False), ("tcp", True)}
    challenging.wait_for(both, what="both hits")
    marks = {hit["transport"]: hit.get("challenged", False) for hit in hits_of(challenging, "127.0.1.7")}
    assert marks == {"udp": True, "tcp": False}
    assert challenging.status()["limits"]["challenged"] >= 1


def test_dig_takes_the_challenge_by_itself(challenging):
    printed = challenging.client.dig("-b", "127.0.1.8", "+short", LISTED)
    assert printed.split() == [SINKHOLE_IPV4]


def test_other_names_and_other_clients_are_not_challenged(challenging):
    assert not has(challenging.client.ask(LISTED), "TC")
    other = Client(challenging.port, source="127.0.1.1").udp(query("www.example.com"))
    assert other.rcode() == dns.rcode.REFUSED and not has(other, "TC")


# Strangers

STRANGER, INSIDE, OUTSIDE = "203.0.113.9", "192.0.2.1", "192.0.2.2"
CLASSES = [1, 2, 3, 4, 254, 255, 0, 65280]


@pytest.fixture(scope="module")
def island():
    """A namespace in which nothing but the server and its strangers is."""
    if not environment.is_root():
        pytest.skip("needs root (network namespace)")
    with netns.namespace() as name:
        for address in (STRANGER, INSIDE, OUTSIDE):
            netns.add_address(name, address)
        yield name


@pytest.fixture(scope="module", params=["mode-none", "view"])
def open_to_all(request, island, start_shared, tmp_path_factory):
    """An authoritative sinkhole by itself, and a subscribers' resolver with an address for strangers."""
    folder = tmp_path_factory.mktemp("open")
    zone = folder / "own.zone"
    zone.write_text("$ORIGIN own-operator.net.\n$TTL 300\n@ SOA ns h 1 60 60 60 60\n@ NS ns\nns A 192.0.2.1\n"
                    "www A 192.0.2.3\n")
    seized = folder / "seized.txt"
    seized.write_text(f"# court order 7\n{SEIZED} necurs\n")
    config = {"feeds": feed(folder), "zones": [{"name": "own-operator.net", "file": str(zone)}],
              "sinkhole": {"delegated": [DELEGATED], "delegated_files": [str(seized)],
                           "nameservers": ["ns1.sinkhole.example"]}}
    if request.param == "mode-none":
        config["access"] = {"recursion": [], "sinkhole": ["0.0.0.0/0", "::/0"]}
    else:
        config |= {"resolution": {"mode": "forward", "upstreams": ["192.0.2.77"], "timeout": "300ms"},
                   "server": {"listen": [f"{INSIDE}:53", f"{OUTSIDE}:53"]},
                   "access": {"recursion": ["192.0.2.0/24"]},
                   "policy": {"default_action": "observe", "actions": {FAMILY: "sinkhole"}},
                   "views": [{"name": "strangers", "listeners": [f"{OUTSIDE}:53"], "recursion": False,
                              "sinkhole": True}]}
    address = INSIDE if request.param == "mode-none" else OUTSIDE
    with netns.entered(island):
        server = start_shared(config, address=address, port=53, prefix=netns.inside(island),
                              client=Client(53, address, source=STRANGER, timeout=2))
        server.wait_sinkholed(LISTED)
        yield server
        server.stop()


def test_strangers_get_listed_delegated_and_local_names_with_authority(open_to_all):
    client = open_to_all.client
    for name in (LISTED, DELEGATED, f"deep.below.{DELEGATED}", SEIZED):
        for tcp in (False, True):
            answer = client.ask(name, tcp=tcp, rd=False)
            assert addresses(answer) == [SINKHOLE_IPV4], name
            assert has(answer, "AA") and not has(answer, "RA")
    assert addresses(client.ask("www.own-operator.net")) == ["192.0.2.3"]
    assert types(client.ask(DELEGATED, "NS").answer) == {"NS"}
    assert types(client.ask(DELEGATED, "SOA").answer) == {"SOA"}
    nodata = client.ask(f"x.{DELEGATED}", "MX")
    assert [rrset.name.to_text() for rrset in nodata.authority] == [f"{DELEGATED}."]


def test_hits_of_delegated_names_have_their_family(open_to_all):
    open_to_all.client.ask(DELEGATED)
    open_to_all.client.ask(SEIZED)
    def families():
        return {hit["family"] for hit in hits_of(open_to_all, STRANGER)} >= {"delegated", "necurs"}
    open_to_all.wait_for(families, what="hits of both families")


def test_it_is_never_an_open_resolver(open_to_all):
    """Every type, RD and class, names of all kinds: nothing but REFUSED or an error, RA never set."""
    names = ["www.example.com", "example.com", "com", ".", "localhost", "1.0.0.127.in-addr.arpa",
             "10.in-addr.arpa", "test", f"x{DELEGATED}", "org", "version.bind", "_dns.resolver.arpa"]
    questions = [("www.example.com", qtype, 1, rd) for qtype in range(0, 270) for rd in (False, True)]
    questions += [(name, qtype, qclass, rd) for name in names for qtype in (1, 2, 6, 16, 28, 43, 65, 255)
                  for qclass in CLASSES for rd in (False, True)]
    questions += [(DELEGATED, qtype, qclass, True) for qtype in (1, 252, 251, 255) for qclass in CLASSES[1:]]
    for name, qtype, qclass, rd in questions:
        message = dns.message.make_query("a.example", "A")
        message.question[0].rdtype = dns.rdatatype.RdataType.make(qtype)
        message.question[0].rdclass = dns.rdataclass.RdataClass.make(qclass)
        message.question[0].name = dns.name.from_text(name)
        message.flags = dns.flags.RD if rd else 0
        answer = dns.message.from_wire(open_to_all.client.raw(message.to_wire(), 2), ignore_trailing=False)
        shown = f"{name} type {qtype} class {qclass} rd {rd}: {answer.to_text()}"
        assert not has(answer, "RA") and not answer.answer, shown
        assert answer.rcode() in (dns.rcode.REFUSED, dns.rcode.NOTIMP, dns.rcode.FORMERR), shown
        assert not answer.authority and not answer.additional, shown


def test_insiders_of_the_same_server_are_served(open_to_all):
    """The view only changes what strangers get: inside, recursion is tried (and finds no upstream)."""
    if open_to_all.address == INSIDE:
        pytest.skip("a server without recursion")
    inside = Client(53, INSIDE, source=INSIDE, timeout=5)
    answer = inside.ask("www.example.com")
    assert answer.rcode() == dns.rcode.SERVFAIL and has(answer, "RA")
    outside = Client(53, INSIDE, source=STRANGER, timeout=5).ask("www.example.com")
    assert outside.rcode() == dns.rcode.REFUSED and 18 in errors(outside)
