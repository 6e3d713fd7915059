"""Aliases of local zones that lead out of them: the answer goes on as BIND's does, judged by policy."""

from collections.abc import Iterator
from pathlib import Path

import dns.rcode
import pytest

from harness import environment, feeds, peers
from harness.client import Client, addresses, has, query
from harness.policy_zones import HEAD
from harness.ponor import SINKHOLE_IPV4, Ponor
from harness.processes import Daemon

LOOPBACK = environment.LOOPBACK
LISTED = "qzkvowpxnefy.com"
ELSEWHERE = "198.51.100.77"
STRANGER = "127.0.0.9"

ONE = f"""$TTL 300
@ SOA ns h 1 3600 600 86400 60
@ NS ns
ns A 192.0.2.1
out CNAME www.elsewhere.net.
chain CNAME out
*.wild CNAME www.elsewhere.net.
moved DNAME elsewhere.net.
two CNAME host.two.example.
there CNAME away.two.example.
gone CNAME nothing.two.example.
sub CNAME x.sub.two.example.
loop CNAME loop.two.example.
listed CNAME www.{LISTED}.
twice CNAME listed.two.example.
ruled CNAME ruled.net.
private CNAME host.home.arpa.
"""
TWO = f"""$TTL 300
@ SOA ns h 2 3600 600 86400 60
@ NS ns
ns A 192.0.2.2
host A 192.0.2.22
away CNAME www.elsewhere.net.
loop CNAME loop.one.example.
listed CNAME www.{LISTED}.
sub NS ns.sub
ns.sub A 192.0.2.99
"""


class Pair:
    """Ponor and BIND with the same zones and the same upstream."""

    def __init__(self, ponor: Ponor, bind: Client):
        self.ponor, self.bind = ponor, bind


def bind(folder: Path, port: int, upstream: int, zones: dict[str, Path]) -> Daemon:
    """BIND with zones of its own that forwards all else."""
    folder.mkdir(parents=True)
    config = folder / "named.conf"
    config.write_text("\n".join([
        "options {", f'  directory "{folder}";', f"  listen-on port {port} {{ {LOOPBACK}; }};",
        "  listen-on-v6 { none; };", "  pid-file none;", "  session-keyfile none;", "  dnssec-validation no;",
        f"  recursion yes; allow-recursion {{ !{STRANGER}; any; }}; allow-query-cache {{ !{STRANGER}; any; }};",
        f"  forward only; forwarders {{ {LOOPBACK} port {upstream}; }};", "  minimal-responses yes;", "};",
        "controls { };",
        *[f'zone "{name}" {{ type primary; file "{file}"; }};' for name, file in zones.items()], ""]))
    return Daemon("named", ["/usr/sbin/named", "-g", "-n", "1", "-c", config], folder / "named.log")


@pytest.fixture(scope="module")
def pair(start_shared, upstream, tmp_path_factory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("aliases")
    zones = {"one.example": folder / "one", "two.example": folder / "two"}
    for file, text in zip(zones.values(), (ONE, TWO)):
        file.write_text(text)
    rpz = folder / "policy.rpz"
    rpz.write_text(HEAD.format(serial=1) + "ruled.net CNAME .\nwalled.net A 192.0.2.7\nout.one.example CNAME .\n")
    ponor = start_shared({
        "feeds": [{"path": str(feeds.write_names(folder / "feed.csv", [LISTED]))}],
        "resolution": upstream.resolution, "rpz": [{"name": "policy.rpz", "file": str(rpz)}],
        "access": {"recursion": ["127.0.0.1/32"], "sinkhole": ["127.0.0.0/8"]},
        "zones": [{"name": name, "file": str(file)} for name, file in zones.items()]})
    ponor.wait_sinkholed(LISTED)
    port = environment.free_port()
    daemon = bind(folder / "bind", port, upstream.port, zones)
    peers.started(daemon, Client(port), "one.example")
    yield Pair(ponor, Client(port))
    daemon.stop()


def summary(answer) -> tuple:
    """What is compared: code, flags, the answer section in its order, and whether a proof comes with it."""
    records = [(str(rrset.name).lower(), rrset.rdtype, str(rdata).lower())
               for rrset in answer.answer for rdata in rrset]
    return dns.rcode.to_text(answer.rcode()), has(answer, "AA"), has(answer, "RA"), has(answer, "AD"), records


NAMES = ["out", "chain", "a.wild", "b.wild", "www.moved", "two", "there", "gone"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("qtype", ["A", "AAAA", "CNAME", "MX"])
def test_answers_are_those_of_bind(pair, name, qtype):
    """Twice, so that the second one comes from the caches."""
    for _ in range(2):
        ours, theirs = (client.ask(f"{name}.one.example", qtype) for client in (pair.ponor.client, pair.bind))
        assert summary(ours) == summary(theirs)


def test_a_loop_of_aliases_is_an_error(pair):
    for client in (pair.ponor.client, pair.bind):
        assert client.ask("loop.one.example").rcode() == dns.rcode.SERVFAIL
    assert pair.ponor.client.ask("loop.one.example", rd=False).rcode() == dns.rcode.NOERROR


@pytest.mark.parametrize("name", NAMES)
def test_without_rd_only_the_own_zones_answer(pair, name):
    ours, theirs = (client.ask(f"{name}.one.example", rd=False) for client in (pair.ponor.client, pair.bind))
    assert ELSEWHERE not in str(ours) and ELSEWHERE not in addresses(ours)
    assert ours.answer and ours.answer[0] == theirs.answer[0] and has(ours, "AA")


def test_a_stranger_gets_the_alias_alone(pair):
    answer = Client(pair.ponor.port, source=STRANGER).ask("out.one.example")
    assert [str(rrset.name) for rrset in answer.answer] == ["out.one.example."]
    assert not has(answer, "RA") and addresses(answer) == []


@pytest.mark.parametrize("name", ["listed", "twice"])
def test_a_listed_target_is_swallowed_and_recorded(pair, upstream, name):
    before = len(pair.ponor.hits())
    asked = len(upstream.asked())  # other tests share the upstream
    answer = pair.ponor.client.ask(f"{name}.one.example")
    assert addresses(answer)[-1] == SINKHOLE_IPV4 and answer.answer[-1].name.to_text() == f"www.{LISTED}."
    assert not any(LISTED in question for question in upstream.asked()[asked:]), "a swallowed name is not asked for"
    hits = pair.ponor.wait_for(lambda: (hits := pair.ponor.hits()) and len(hits) == before + 1 and hits, what="hit")
    assert hits[-1]["qname"].startswith(f"www.{LISTED}") or LISTED in str(hits[-1])


def test_a_rule_about_the_target_counts_and_one_about_the_own_name_does_not(pair):
    answer = pair.ponor.client.ask("ruled.one.example")
    assert answer.rcode() == dns.rcode.NXDOMAIN and answer.answer[0].rdtype == dns.rdatatype.CNAME
    assert addresses(pair.ponor.client.ask("out.one.example")) == [ELSEWHERE]


def test_special_names_stay_at_home(pair, upstream):
    asked = len(upstream.asked())
    answer = pair.ponor.client.ask("private.one.example")
    assert [rrset.rdtype for rrset in answer.answer] == [dns.rdatatype.CNAME]
    assert not any("home.arpa" in question for question in upstream.asked()[asked:])


def test_over_tcp_and_with_dnssec_wanted(pair):
    for options in ({"tcp": True}, {"do": True}, {"do": True, "cd": True}):
        answer = pair.ponor.client.ask("chain.one.example", **options)
        assert addresses(answer) == [ELSEWHERE] and has(answer, "AA") and not has(answer, "AD")
