"""Issue 4 point 5: zones that attack or change, through an Internet of scripted authorities.

The shapes are those of CVEs and papers (reference/features.md §0.7–0.10): ghost domains, NXNSAttack,
alias loops, DNS rebinding; and what an operator sees when authorities fail: stale answers, prefetch.
What is asserted are counts of questions at the authorities and the answers, never times.
"""

import base64
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import dns.dnssec
import dns.name
import dns.rcode
import dns.rdata
import pytest

from harness import feeds, lab, netns, peers
from harness.client import Client, addresses, errors
from harness.ponor import SINKHOLE_IPV4, Ponor, merged

pytestmark = pytest.mark.needs_root

ROOT, COM, LEAF, VICTIM, PONOR, FAILING, FAILING2 = (f"10.53.1.{number}" for number in range(1, 8))
LISTED = "listed.com"
STALE, STALE_NXDOMAIN, FILTERED = 3, 19, 17


class Script:
    """The scripted Internet, which tests change."""

    def __init__(self, folder: Path):
        self.file, self.log = folder / "script.json", folder / "scripted" / "questions.log"
        self.servers: dict[str, dict[str, list[str]]] = {}

    def set(self, address: str, origin: str, records: list[str] | None) -> None:
        """Give an address a zone, or take it away; an address without zones is silent."""
        zones = self.servers.setdefault(address, {})
        if records is None:
            zones.pop(origin, None)
        else:
            zones[origin] = records
        self.write()

    def write(self) -> None:
        fresh = self.file.with_suffix(".new")
        fresh.write_text(json.dumps(self.servers))
        fresh.rename(self.file)

    def asked(self, address: str = "", name: str = "") -> int:
        """How many questions reached an address, for names that contain `name`."""
        return sum(1 for line in self.log.read_text().splitlines()
                   if line.startswith(address) and name in line)


def delegation(name: str, address: str, ttl: int = 300) -> list[str]:
    return [f"{name}. {ttl} NS ns.{name}.", f"ns.{name}. {ttl} A {address}"]


def leaf(*records: str, address: str = LEAF) -> list[str]:
    return ["@ NS ns", f"ns A {address}", *records]


COM_ZONE = ["@ NS ns", f"ns A {COM}"]


@pytest.fixture(scope="module")
def script(internet, tmp_path_factory) -> Iterator[Script]:
    folder = tmp_path_factory.mktemp("hostile")
    script = Script(folder)
    with netns.entered(internet.namespace):
        for address in (ROOT, COM, LEAF, VICTIM, PONOR, FAILING, FAILING2):
            netns.add_address(internet.namespace, address)
        script.set(ROOT, ".", ["@ NS ns.root.", f"ns.root. A {ROOT}", *delegation("com", COM)])
        script.set(COM, "com", COM_ZONE)
        script.set(LEAF, "x.com", leaf())
        script.set(VICTIM, "victim.com", ["@ NS ns", f"ns A {VICTIM}"])
        daemon = peers.scripted(folder / "scripted", script.file, prefix=internet.prefix)
        peers.started(daemon, Client(53, ROOT))
    yield script
    daemon.stop()


@pytest.fixture(scope="module")
def ponor(internet, script, tmp_path_factory) -> Iterator[Ponor]:
    folder = tmp_path_factory.mktemp("ponor")
    hints = folder / "hints"
    hints.write_text(f". 3600000 NS ns.root.\nns.root. 3600000 A {ROOT}\n")
    feed = feeds.write(folder / "feed.csv", [feeds.row(LISTED)])
    config = {"resolution": {"mode": "recursive", "root_hints": str(hints), "dnssec": False,
                             "allow_loopback": True, "timeout": "2s", "threads": 1},
              "access": {"recursion": ["10.53.0.0/16"]}, "feeds": [{"path": str(feed)}],
              "cache": {"stale_after": "500ms", "failure_ttl": 1, "stale_recheck": "1s"}}
    with netns.entered(internet.namespace):
        running = Ponor(folder / "ponor", config, address=PONOR, port=53, prefix=internet.prefix,
                        client=Client(53, PONOR, timeout=6))
        running.start()
        running.wait_sinkholed(LISTED)
    yield running
    with netns.entered(internet.namespace):
        assert running.stop() == 0


@pytest.fixture(autouse=True)
def inside(internet) -> Iterator[None]:
    with netns.entered(internet.namespace):
        yield


@pytest.fixture
def client(ponor) -> Client:
    return ponor.client


def add(script: Script, name: str, *records: str, ttl: int = 300, address: str = LEAF) -> None:
    """Delegate a domain below com to a server, the leaf server as a rule."""
    script.set(COM, "com", [*script.servers[COM]["com"], *delegation(name, address, ttl)])
    script.set(address, name, leaf(*records, address=address))


# Delegations

def test_a_ghost_domain_ends_with_the_ttl_of_its_delegation(script, ponor, client):
    """CVE-2022-30698: a child that keeps its NS records fresh must not outlive the delegation."""
    add(script, "ghost.com", "@ 2 NS ns", "*.w 1 A 198.51.100.7", "www 1 A 198.51.100.7", "b 1 A 198.51.100.8",
        ttl=3)
    assert addresses(client.ask("www.ghost.com")) == ["198.51.100.7"]
    script.set(COM, "com", COM_ZONE)
    ends = time.monotonic() + 15
    number = 0
    while True:  # The child is asked all the time, also for its own NS records.
        number += 1
        client.ask("ghost.com", "NS")
        answer = client.ask(f"n{number}.ghost.com")
        asked = script.asked(LEAF, f"n{number}.ghost.com")
        if asked == 0:
            break
        assert time.monotonic() < ends, f"still asked after the delegation ended: {answer}"
        time.sleep(0.3)


def test_a_delegation_to_many_names_does_not_multiply(script, client):
    """NXNSAttack, CVE-2020-12662: questions at the victim per question of a client are bounded."""
    names = [f"n{number}.victim.com." for number in range(50)]
    script.set(COM, "com", [*COM_ZONE, *delegation("victim.com", VICTIM),
                            *[f"attack.com. NS {name}" for name in names]])
    before = script.asked(VICTIM)
    answer = client.ask("www.attack.com")
    assert answer.rcode() == dns.rcode.SERVFAIL
    assert script.asked(VICTIM) - before <= 2 * 20, "50 names were all looked up"


# Aliases

def test_alias_loops_and_long_chains_end(script, client):
    """A loop is no endless work, and a chain longer than a resolver follows is a failure."""
    chain = [f"c{number} CNAME c{number + 1}" for number in range(60)]
    add(script, "alias.com", "a CNAME b", "b CNAME a", "self CNAME self", *chain, "c60 A 198.51.100.9")
    for name in ("a.alias.com", "self.alias.com", "c0.alias.com"):
        before = script.asked(LEAF)
        answer = client.ask(name)
        assert not addresses(answer)
        assert script.asked(LEAF) - before <= 40, name
    assert addresses(client.ask("c55.alias.com")) == ["198.51.100.9"]


# Rebinding

@pytest.fixture
def guarded(ponor) -> Iterator[Ponor]:
    """Ponor with private addresses, changed while it runs."""
    before = ponor.config
    ponor.configure(merged(before, {"resolution": {"private_addresses": ["10.99.0.0/16", "fd00::/8"],
                                                   "private_domains": ["inside.com"]}}))
    ponor.reload()
    yield ponor
    ponor.configure(before)
    ponor.reload()


def test_public_names_have_no_private_addresses(script, guarded, client):
    """DNS rebinding through A, AAAA and the hints of HTTPS; names of the inside may have them."""
    for name in ("rebind.com", "inside.com"):
        add(script, name, "www A 10.99.2.3", "www AAAA fd00::1", "both A 10.99.2.3", "both A 198.51.100.1",
            'www HTTPS 1 . ipv4hint=10.99.2.3', "good HTTPS 1 . ipv4hint=198.51.100.1")
    for kind in ("A", "AAAA", "HTTPS"):
        for options in ({}, {"do": True}, {"cd": True, "do": True}):
            assert not client.ask("www.rebind.com", kind, **options).answer, (kind, options)
            assert client.ask("www.inside.com", kind, **options).answer, (kind, options)
    assert addresses(client.ask("both.rebind.com")) == ["198.51.100.1"]
    assert client.ask("good.rebind.com", "HTTPS").answer
    assert FILTERED in errors(client.ask("www.rebind.com", "HTTPS"))


# Failing authorities

def test_stale_answers_only_when_nobody_can_be_asked(script, ponor, client):
    """RFC 8767: TTL 30 and EDE 3, or 19 with NXDOMAIN; the truth again as soon as it can be had."""
    add(script, "stale.com", "www 1 A 198.51.100.1", address=FAILING)
    assert addresses(client.ask("www.stale.com")) == ["198.51.100.1"]
    assert client.ask("none.stale.com").rcode() == dns.rcode.NXDOMAIN
    time.sleep(2.1)  # libunbound keeps a second of TTL up to two
    script.set(FAILING, "stale.com", leaf("www 1 A 198.51.100.2", address=FAILING))
    answer = client.ask("www.stale.com")
    assert addresses(answer) == ["198.51.100.2"] and not errors(answer), "asked before served stale"
    assert client.ask("none.stale.com").rcode() == dns.rcode.NXDOMAIN
    time.sleep(2.1)  # libunbound keeps a second of TTL up to two
    script.set(FAILING, "stale.com", None)  # Silent now.
    answer = client.ask("www.stale.com")
    assert addresses(answer) == ["198.51.100.2"] and errors(answer) == [STALE]
    assert answer.answer[0].ttl == 30
    answer = client.ask("none.stale.com")
    assert answer.rcode() == dns.rcode.NXDOMAIN and errors(answer) == [STALE_NXDOMAIN]
    assert client.ask("new.stale.com").rcode() == dns.rcode.SERVFAIL, "nothing to serve"
    script.set(FAILING, "stale.com", leaf("www 1 A 198.51.100.3", address=FAILING))
    ponor.wait_for(lambda: addresses(client.ask("www.stale.com")) == ["198.51.100.3"], 30, "the truth")


def test_policy_holds_for_stale_answers(script, ponor, client):
    """A chain to a listed name is sinkholed out of the stale cache as well."""
    add(script, "staleto.com", f"www 1 CNAME {LISTED}.", "plain 1 A 198.51.100.1", address=FAILING2)
    assert SINKHOLE_IPV4 in addresses(client.ask("www.staleto.com"))
    assert addresses(client.ask("plain.staleto.com"))
    time.sleep(2.1)  # libunbound keeps a second of TTL up to two
    script.set(FAILING2, "staleto.com", None)
    assert errors(client.ask("plain.staleto.com")) == [STALE]
    for options in ({}, {"do": True}, {"cd": True}):
        answer = client.ask("www.staleto.com", **options)
        assert "198.51.100.1" not in addresses(answer)
        assert SINKHOLE_IPV4 in addresses(answer) or answer.rcode() == dns.rcode.SERVFAIL


def test_popular_answers_are_refreshed_before_they_end(script, ponor, client):
    """A client that keeps asking never waits: each life is followed by another, one question each."""
    add(script, "popular.com", "www 5 A 198.51.100.1")
    lives, ttl, fetched = 0, 0, script.asked(LEAF, "www.popular.com. A")
    ends = time.monotonic() + 40
    while lives < 3 and time.monotonic() < ends:
        answer = client.ask("www.popular.com")
        assert addresses(answer) == ["198.51.100.1"]
        assert ttl == 0 or answer.answer[0].ttl >= 1 or script.asked(LEAF, "www.popular.com. A") > fetched
        if answer.answer[0].ttl > ttl:
            lives += 1
        ttl = answer.answer[0].ttl
        time.sleep(0.25)
    assert lives == 3
    assert script.asked(LEAF, "www.popular.com. A") - fetched == 3, "one question a life"


# Signatures

def colliding_keys(count: int) -> tuple[list[str], int]:
    """RSA keys nobody has the private half of, all with one key tag (RFC 4034 appendix B)."""
    keys, tag = [], 4711
    for _ in range(count):
        modulus = bytearray(b"\xc0" + os.urandom(127))
        modulus[-2:] = b"\0\0"
        head = b"\x01\x01\x03\x08\x03\x01\x00\x01"  # flags 257, protocol 3, algorithm 8, exponent 65537
        sum_ = sum(octet << 8 if place % 2 == 0 else octet for place, octet in enumerate(head + modulus))
        last = next(value for value in range(65536)
                    if (sum_ + value + (sum_ + value >> 16 & 0xFFFF)) & 0xFFFF == tag)
        modulus[-2:] = last.to_bytes(2, "big")
        keys.append("257 3 8 " + base64.b64encode(head[4:] + modulus).decode())
    return keys, tag


def test_colliding_keys_and_signatures_are_a_failure_not_a_load(internet, script, tmp_path):
    """KeyTrap, CVE-2023-50387: 60 keys of one tag times 60 signatures is bogus, asked for a few times."""
    keys, tag = colliding_keys(60)
    now = time.strftime("%Y%m%d%H%M%S", time.gmtime(time.time() - 3600))
    end = time.strftime("%Y%m%d%H%M%S", time.gmtime(time.time() + 86400))
    signatures = [f"RRSIG {{}} 8 2 300 {end} {now} {tag} trap.com. {base64.b64encode(os.urandom(128)).decode()}"
                  for _ in range(60)]
    add(script, "trap.com", "@ A 198.51.100.1", *[f"@ DNSKEY {key}" for key in keys],
        *[f"@ {signature.format(kind)}" for kind in ("DNSKEY", "A") for signature in signatures])
    rdata = dns.rdata.from_text("IN", "DNSKEY", keys[0])
    ds = dns.dnssec.make_ds(dns.name.from_text("trap.com"), rdata, "SHA256").to_text()
    hints = tmp_path / "hints"
    hints.write_text(f". 3600000 NS ns.root.\nns.root. 3600000 A {ROOT}\n")
    trapped = Ponor(tmp_path / "ponor", {
        "resolution": {"mode": "recursive", "root_hints": str(hints), "allow_loopback": True,
                       "trust_anchors": [f"trap.com. IN DS {ds}"], "threads": 1},
        "access": {"recursion": ["10.53.0.0/16"]}}, address=FAILING, port=5353, prefix=internet.prefix,
        client=Client(5353, FAILING, timeout=12)).start()
    try:
        before = script.asked(LEAF, "trap.com. DNSKEY")
        answer = trapped.client.ask("trap.com", do=True)
        assert answer.rcode() == dns.rcode.SERVFAIL and not answer.answer and errors(answer)
        assert script.asked(LEAF, "trap.com. DNSKEY") - before <= 10
        assert trapped.client.ask("www.alias.com") is not None, "others are answered"
    finally:
        assert trapped.stop() == 0
