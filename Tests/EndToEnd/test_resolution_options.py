"""Issue 4 point 5: the options of resolution, through the lab, and that they change while serving."""

import time
from collections.abc import Iterator

import dns.rcode
import dns.rdatatype
import pytest

from harness import feeds, lab, netns, peers
from harness.client import Client, addresses, errors, has, types
from harness.ponor import SINKHOLE_IPV4, Ponor, merged
from harness.processes import run_checked

pytestmark = pytest.mark.needs_root

BOGUS = {6, 7}


@pytest.fixture(autouse=True)
def inside(internet) -> Iterator[None]:
    with netns.entered(internet.namespace):
        yield


def recursive(internet, **changes) -> dict:
    return {"mode": "recursive", "root_hints": str(internet.hints), "trust_anchors": internet.trust_anchors,
            "allow_loopback": True, "timeout": "4s", "threads": 1, **changes}


@pytest.fixture
def serve(internet, tmp_path):
    """Start Ponor in the lab; stopped afterwards."""
    started: list[Ponor] = []

    def serve(resolution: dict, **sections) -> Ponor:
        config = {"resolution": resolution, "access": {"recursion": [f"{lab.SECOND}/32"]}, **sections}
        ponor = Ponor(tmp_path / "ponor", config, address=lab.SECOND, port=53, prefix=internet.prefix,
                      client=Client(53, lab.SECOND, timeout=8))
        started.append(ponor)
        return ponor.start()

    yield serve
    for ponor in started:
        assert ponor.stop() == 0


def change(ponor: Ponor, **resolution) -> None:
    """Change options of resolution and reload; nothing may need a restart."""
    ponor.configure(merged(ponor.config, {"resolution": resolution}))
    done = ponor.run("reload")
    assert done.returncode == 0 and "restart" not in done.stdout, done.stdout + done.stderr


def zone_of_denial(answer) -> str:
    """The zone whose SOA record says that there is nothing."""
    return next(str(rrset.name) for rrset in answer.authority if rrset.rdtype == dns.rdatatype.SOA)


def test_special_names_are_resolved_on_request(internet, serve):
    """A special-use name is answered here, unless it is to be resolved or its zone has servers of its own."""
    ponor = serve(recursive(internet))
    assert zone_of_denial(ponor.client.ask("x.test")) == "test."
    change(ponor, resolve_special=["test"],
           stub_zones=[{"name": "1.168.192.in-addr.arpa", "servers": [f"{lab.WITNESS}:53"], "insecure": True}])
    assert zone_of_denial(ponor.client.ask("x.test")) == ".", "the root says so now"
    assert zone_of_denial(ponor.client.ask("x.invalid")) == "invalid."
    ponor.client.ask("5.1.168.192.in-addr.arpa", "PTR")
    assert "5.1.168.192.in-addr.arpa. PTR" in internet.asked(), "the stub zone's server was asked"
    assert zone_of_denial(ponor.client.ask("5.2.168.192.in-addr.arpa", "PTR")) == "168.192.in-addr.arpa."


def test_options_change_while_serving(internet, serve):
    """Negative trust anchors, NSEC3 iterations, stub zones and the rest need no restart."""
    ponor = serve(recursive(internet))
    client = ponor.client
    assert client.ask("www.expired.com").rcode() == dns.rcode.SERVFAIL
    assert not has(client.ask("nowhere.iterated.org", do=True), "AD"), "60 iterations: as if unsigned"
    assert has(client.ask("www.good.com", do=True), "AD")
    change(ponor, negative_trust_anchors=["expired.com"], nsec3_iterations=100)
    answer = client.ask("www.expired.com", do=True)
    assert addresses(answer) == ["198.51.100.2"] and not has(answer, "AD")
    assert has(client.ask("nowhere.iterated.org", do=True), "AD")
    assert has(client.ask("www.good.com", do=True), "AD")
    change(ponor, negative_trust_anchors=[])
    answer = client.ask("www.expired.com")
    assert answer.rcode() == dns.rcode.SERVFAIL and set(errors(answer)) & BOGUS
    change(ponor, stub_zones=[{"name": "witness.org", "servers": [f"{lab.WITNESS}:53"], "insecure": True}],
           forward_zones=[{"name": "dead.com", "servers": [f"{lab.UNBOUND}:53"]}])
    assert addresses(client.ask("stub.witness.org")) == ["198.51.100.77"]
    change(ponor, dnssec=False)
    assert addresses(client.ask("www.expired.com")) == ["198.51.100.2"]


def test_every_option_at_once(internet, serve):
    """What libunbound refuses would be an error at start."""
    ponor = serve(recursive(
        internet, qname_minimisation="strict", random_case=True, random_case_exceptions=["witness.org"],
        aggressive_nsec=False, harden_glue=True, harden_below_nxdomain=False, harden_algo_downgrade=True,
        harden_referral_path=True, harden_large_queries=False, harden_short_bufsize=False,
        harden_dnssec_stripped=False, scrub_promiscuous=False, private_addresses=["10.99.0.0/16", "fd00::/8"],
        private_domains=["good.com"], target_fetch_policy=[-1, 0], negative_trust_anchors=["expired.com"],
        nsec3_iterations=0, ipv6="off", prefer="ipv4", outgoing_addresses=[lab.SECOND],
        avoided_ports=["5000-6000", "9999"], payload_size=1400, tries=2, library_cache="4MiB",
        certificate_bundle="/etc/ssl/certs/ca-certificates.crt"))
    for name in ("www.good.com", "www.nsec3.org"):
        assert has(ponor.client.ask(name, do=True), "AD"), name
    assert addresses(ponor.client.ask("www.unsigned.com")) == ["198.51.100.2"]


def test_a_refused_option_leaves_the_former_in_force(internet, serve):
    ponor = serve(recursive(internet))
    ponor.configure(merged(ponor.config, {"resolution": {"root_hints": "/nonexistent/hints"}}))
    done = ponor.run("reload")
    assert "nonexistent" in done.stdout + done.stderr
    assert has(ponor.client.ask("www.good.com", do=True), "AD")


def test_tcp_only(internet, serve):
    ponor = serve(recursive(internet, tcp_upstream=True))
    assert has(ponor.client.ask("www.good.com", do=True), "AD")


def test_dns64(internet, serve):
    """RFC 6147: made up where there is no AAAA; not for CD=1, neither first nor from the cache."""
    ponor = serve(recursive(internet, dns64_prefix="64:ff9b::/96"))
    client = ponor.client
    for _ in ("recursion", "cache"):
        for options in ({}, {"do": True}):
            assert addresses(client.ask("good.com", "AAAA", **options)) == ["64:ff9b::c633:6401"]
        for options in ({"cd": True}, {"cd": True, "do": True}):
            assert not client.ask("good.com", "AAAA", **options).answer
        assert addresses(client.ask("www.good.com", "AAAA")) == ["2001:db8:1::2"], "its own address"
        assert client.ask("nowhere.good.com", "AAAA").rcode() == dns.rcode.NXDOMAIN
        assert client.ask("www.broken.com", "AAAA").rcode() == dns.rcode.SERVFAIL, "made of bogus data"


def test_the_root_from_a_file(internet, serve):
    """RFC 8806: with a copy of the root zone, no root server is asked."""
    root = internet.zones[lab.ROOT_SERVER]["."]
    nobody = internet.folder / "nobody.hints"
    nobody.write_text(f". 3600000 NS ns1.roots.\nns1.roots. 3600000 A {lab.NOBODY}\n")
    ponor = serve(recursive(internet, root_hints=str(nobody), local_root=str(root)))
    assert has(ponor.client.ask("www.good.com", do=True), "AD")
    assert ponor.client.ask("nowhere.invalidtld").rcode() == dns.rcode.NXDOMAIN


@pytest.fixture(scope="module")
def tls_upstream(internet, tmp_path_factory) -> Iterator[tuple[str, str]]:
    """Unbound as a resolver over TLS; its endpoint and the certificate to trust."""
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    run_checked(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                 "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=upstream.example",
                 "-addext", "subjectAltName=DNS:upstream.example"])
    address = "10.53.0.30"
    with netns.entered(internet.namespace):
        netns.add_address(internet.namespace, address)
        daemon = peers.unbound(
            folder / "unbound", address, prefix=internet.prefix,
            server=[f"interface: {address}@853", "tls-port: 853", f'tls-service-key: "{key}"',
                    f'tls-service-pem: "{certificate}"', f'root-hints: "{internet.hints}"',
                    "do-not-query-localhost: no",
                    *[f'trust-anchor: "{anchor}"' for anchor in internet.trust_anchors]])
        peers.started(daemon, Client(53, address))
    yield f"{address}:853", str(certificate)
    daemon.stop()


def test_forwarding_over_tls(internet, serve, tls_upstream):
    """The name in the certificate counts: another one is no upstream. What libunbound cannot, it says."""
    endpoint, certificate = tls_upstream
    ponor = serve(recursive(internet, mode="forward", upstreams=[f"{lab.UNBOUND}:53"], timeout="2s"))
    ponor.configure(merged(ponor.config, {"resolution": {
        "upstreams": [endpoint], "upstream_tls_name": "upstream.example", "certificate_bundle": certificate}}))
    done = ponor.run("reload")
    if "OpenSSL" in done.stdout + done.stderr:  # Debian's libunbound; the former upstream stays.
        assert has(ponor.client.ask("www.good.com", do=True), "AD")
        return
    assert has(ponor.client.ask("www.good.com", do=True), "AD")
    change(ponor, upstream_tls_name="other.example")
    answer = ponor.client.ask("www.good.com", do=True)
    assert answer.rcode() == dns.rcode.SERVFAIL and errors(answer)


def test_trust_anchors_are_followed(internet, serve, tmp_path):
    """RFC 5011: the state starts from DS records and holds the root's key as VALID after the first look."""
    state = tmp_path / "ponor" / "var" / "trust-anchors" / "root.key"
    state.parent.mkdir(parents=True)
    state.write_text("\n".join(internet.trust_anchors) + "\n")
    ponor = serve(recursive(internet, trust_anchors=[]))
    assert has(ponor.client.ask("www.good.com", do=True), "AD")
    ponor.wait_for(lambda: "VALID" in state.read_text(), 20, "state of the trust anchor")
    assert "DNSKEY" in state.read_text() and "next_probe_time" in state.read_text()
    assert ponor.stop() == 0
    again = ponor.start()
    assert has(again.client.ask("www.nsec3.org", do=True), "AD")


def test_answers_outlive_a_restart(internet, serve):
    """The next run starts with the answers of the last one, older by the time between."""
    ponor = serve(recursive(internet), cache={"persistent": True})
    name = f"kept{time.time_ns()}.witness.org"
    first = ponor.client.ask(name)
    assert addresses(first) == ["198.51.100.77"] and has(ponor.client.ask("www.good.com", do=True), "AD")
    asked = internet.asked().count(f"{name}. A")
    time.sleep(1.1)
    assert ponor.stop() == 0
    file = ponor.data_dir / "answers.cache"
    assert file.stat().st_mode & 0o077 == 0, "it holds the secret of the hashes"
    ponor.start()
    again = ponor.client.ask(name)
    assert addresses(again) == ["198.51.100.77"] and again.answer[0].ttl < first.answer[0].ttl
    assert internet.asked().count(f"{name}. A") == asked
    answer = ponor.client.ask("www.good.com", do=True)
    assert has(answer, "AD") and "RRSIG" in types(answer.answer)
    # Damage, and other settings: refused, with a word in the log, and all is asked anew.
    assert ponor.stop() == 0
    octets = bytearray(file.read_bytes())
    octets[-20] ^= 0xFF
    file.write_bytes(octets)
    ponor.start()
    assert "not taken over" in ponor.log and "damaged" in ponor.log
    assert addresses(ponor.client.ask(name)) == ["198.51.100.77"]
    assert internet.asked().count(f"{name}. A") == asked + 1


def test_a_listed_zone_in_the_chain_of_trust_does_no_harm(internet, serve, tmp_path):
    """Rule 3: DNSKEY, DS and NS of listed zones are asked as ever when names of others need them."""
    feed = feeds.write(tmp_path / "feed.csv", [feeds.row("good.com"), feeds.row("nsec3.org")])
    ponor = serve(recursive(internet), feeds=[{"path": str(feed)}])
    ponor.wait_sinkholed("good.com")
    # An alias from outside into the listed zone is sinkholed; one out of a listed zone is never asked.
    assert addresses(ponor.client.ask("www.nsec3.org")) == [SINKHOLE_IPV4]
    for options in ({"do": True}, {"cd": True, "do": True}):
        answer = ponor.client.ask("chain.unsigned.com", **options)
        assert SINKHOLE_IPV4 in addresses(answer) and not has(answer, "AD")
        answer = ponor.client.ask("www.good.com", **options)
        assert addresses(answer) == [SINKHOLE_IPV4] and "RRSIG" not in types(answer.answer)
    # Bogus data of a name that is not listed stays bogus, whatever policy says of others.
    answer = ponor.client.ask("www.broken.com")
    assert answer.rcode() == dns.rcode.SERVFAIL and not answer.answer and set(errors(answer)) & BOGUS
    assert has(ponor.client.ask("fine.broken.com", do=True), "AD")
