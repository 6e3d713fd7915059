"""Issue 2 point 7: recursion and validation through a small real Internet (see harness/lab.py).

A good signature gives AD, a broken one SERVFAIL with EDE; policy is applied when an answer is
served, also to CNAME chains out of the cache, and a sinkholed name is never asked upstream.
"""

import socket
import threading
import time
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.rcode
import pytest

from harness import feeds, lab, netns
from harness.client import Client, addresses, errors, has, query, types
from harness.ponor import SINKHOLE_IPV4, Ponor, merged

pytestmark = pytest.mark.needs_root

TARGET, MIDDLE, LATER, OBSERVED = ("listedtarget.com", "vialisted.middlelisted.net", "laterlisted.net",
                                   "observed.witness.org")
BOGUS, EXPIRED, NO_DNSKEY, NO_RRSIG, UNREACHABLE, NETWORK = 6, 7, 9, 10, 22, 23
FAILURES = {UNREACHABLE, NETWORK}


@pytest.fixture(autouse=True)
def inside(internet) -> Iterator[None]:
    """Each test runs in the lab's network namespace."""
    with netns.entered(internet.namespace):
        yield


def recursive(internet) -> dict:
    return {"mode": "recursive", "root_hints": str(internet.hints),
            "trust_anchors": internet.trust_anchors, "allow_loopback": True, "timeout": "4s"}


def settings(resolution: dict, feed) -> dict:
    return {"resolution": resolution, "feeds": [{"path": str(feed)}],
            "access": {"recursion": [f"{lab.PONOR}/32", f"{lab.SECOND}/32"]},
            "policy": {"actions": {"observedfamily": "observe"}}}


def write_feed(path, *more: str):
    rows = [feeds.row(name) for name in (TARGET, MIDDLE, "x.witness.org", *more)]
    return feeds.write(path, [*rows, feeds.row(OBSERVED, "observedfamily")])


def run_in_lab(internet, folder, resolution: dict, feed, address: str = lab.SECOND) -> Ponor:
    with netns.entered(internet.namespace):
        ponor = Ponor(folder, settings(resolution, feed), address=address, port=53,
                      prefix=internet.prefix, client=Client(53, address, timeout=8))
        ponor.start()
        ponor.wait_sinkholed(TARGET)
        return ponor


@pytest.fixture(scope="module")
def feed(tmp_path_factory):
    return write_feed(tmp_path_factory.mktemp("feed") / "feed.csv")


@pytest.fixture(scope="module", params=["recursive", "forward"])
def ponor(request, internet, tmp_path_factory, feed) -> Iterator[Ponor]:
    """Ponor recursing itself, and Ponor forwarding to Unbound; both validate."""
    resolution = recursive(internet)
    if request.param == "forward":
        resolution |= {"mode": "forward", "upstreams": [f"{lab.UNBOUND}:53"]}
    running = run_in_lab(internet, tmp_path_factory.mktemp(request.param), resolution, feed, lab.PONOR)
    yield running
    with netns.entered(internet.namespace):
        assert running.stop() == 0


@pytest.fixture
def client(ponor) -> Client:
    return ponor.client


# Validation

@pytest.mark.parametrize("name, address", [
    ("www.good.com", "198.51.100.2"), ("x.wild.good.com", "198.51.100.4"), ("good.com", "198.51.100.1"),
    ("www.nsec3.org", "198.51.100.2"), ("y.wild.nsec3.org", "198.51.100.4"), ("alias.good.com", "198.51.100.2"),
    ("chain.good.com", "198.51.100.2")])
def test_good_signatures_give_ad(client, name, address):
    for _ in ("recursion", "cache"):
        answer = client.ask(name, do=True)
        assert addresses(answer) == [address] and has(answer, "AD", "RA") and not has(answer, "AA")
        assert "RRSIG" in types(answer.answer)


def test_ad_without_do_only_if_asked_for(client):
    """RFC 6840 §5.7: AD=1 in a query asks for it; DO=0 gets no signature records."""
    asked = client.ask("www.good.com", ad=True)
    assert has(asked, "AD") and "RRSIG" not in types(asked.answer)
    assert not has(client.ask("www.good.com"), "AD")


@pytest.mark.parametrize("name, qtype, code", [
    ("nowhere.good.com", "A", dns.rcode.NXDOMAIN), ("www.good.com", "MX", dns.rcode.NOERROR),
    ("ent.good.com", "A", dns.rcode.NOERROR), ("nowhere.nsec3.org", "A", dns.rcode.NXDOMAIN),
    ("www.nsec3.org", "MX", dns.rcode.NOERROR), ("nowhere.invalidtld", "A", dns.rcode.NXDOMAIN)])
def test_denials_are_validated_and_carry_their_proof(client, name, qtype, code):
    for _ in ("recursion", "cache"):
        answer = client.ask(name, qtype, do=True)
        assert answer.rcode() == code and not answer.answer and has(answer, "AD")
        assert {"SOA", "RRSIG"} < types(answer.authority)
        assert types(answer.authority) & {"NSEC", "NSEC3"}
    plain = client.ask(name, qtype)
    assert types(plain.authority) == {"SOA"}


@pytest.mark.parametrize("name, codes", [
    ("www.broken.com", {BOGUS}), ("www.expired.com", {EXPIRED, BOGUS}), ("www.stripped.com", {NO_RRSIG, BOGUS}),
    ("www.naked.com", {NO_DNSKEY, NO_RRSIG, BOGUS}), ("www.wrongds.com", {NO_DNSKEY, BOGUS}),
    ("tobroken.good.com", {BOGUS})])
def test_bad_signatures_are_servfail_with_ede(client, name, codes):
    for _ in ("recursion", "cache"):
        answer = client.ask(name)
        assert answer.rcode() == dns.rcode.SERVFAIL and not answer.answer and not has(answer, "AD")
        assert set(errors(answer)) & codes, answer.options
    assert client.ask(name, edns=False).edns == -1


@pytest.mark.parametrize("name, address", [("www.broken.com", "203.0.113.66"), ("www.expired.com", "198.51.100.2"),
                                           ("www.wrongds.com", "198.51.100.2")])
def test_checking_disabled_gives_the_data(internet, ponor, client, name, address):
    """RFC 4035 §3.2.2. A forwarder gets it from its upstream; either way without AD."""
    answer = client.ask(name, cd=True, do=True)
    assert addresses(answer) == [address] and has(answer, "CD") and not has(answer, "AD")
    again = client.ask(name)
    assert again.rcode() == dns.rcode.SERVFAIL, "CD data must not reach those who want validation"


def test_one_bad_record_does_not_spoil_its_zone(client):
    answer = client.ask("fine.broken.com", do=True)
    assert addresses(answer) == ["198.51.100.6"] and has(answer, "AD")


@pytest.mark.parametrize("name", ["www.unsigned.com", "www.island.com", "chain.unsigned.com"])
def test_insecure_names_resolve_without_ad(client, name):
    answer = client.ask(name, do=True)
    assert "198.51.100.2" in addresses(answer) and not has(answer, "AD")


# Resolution

def test_a_large_answer_is_truncated_on_udp_and_whole_on_tcp(client):
    short = client.ask("big.good.com", "TXT")
    assert has(short, "TC")
    whole = client.ask("big.good.com", "TXT", tcp=True)
    assert len(whole.answer[0]) == 12 and not has(whole, "TC")


def test_ttls_age_in_the_cache(client):
    first = client.ask("short.good.com").answer[0].ttl
    time.sleep(1.1)
    assert client.ask("short.good.com").answer[0].ttl < first <= 2
    time.sleep(2)
    assert client.ask("short.good.com").answer[0].ttl <= 2, "asked anew, not TTL 0 for ever"


def test_negative_answers_are_cached(ponor, internet, client):
    """RFC 2308: the second question for a missing type does not reach the authority."""
    name = f"negative{time.time_ns()}.witness.org"
    for _ in range(3):
        assert not client.ask(name, "AAAA").answer
    assert internet.asked().count(f"{name}. AAAA") == 1


def test_positive_answers_are_cached_whatever_the_case(ponor, internet, client):
    name = f"positive{time.time_ns()}.witness.org"
    for spelling in (name, name.upper(), name.title()):
        answer = client.ask(spelling)
        assert answer.question[0].name.to_text() == f"{spelling}."
        assert answer.answer[0].name.to_text().lower() == f"{name}."
    assert internet.asked().count(f"{name}. A") == 1


@pytest.mark.parametrize("name", ["www.lame.com", "www.dead.com", "loop.unsigned.com"])
def test_what_cannot_be_resolved_is_servfail(client, name):
    answer = client.ask(name, "A")
    assert answer.rcode() in (dns.rcode.SERVFAIL, dns.rcode.NOERROR) and not addresses(answer)
    if not name.startswith("loop"):
        assert answer.rcode() == dns.rcode.SERVFAIL and errors(answer), "an EDE says why"


# Policy on the way

def test_the_sinkholed_name_is_never_asked_upstream(internet, ponor, client):
    for name in ("x.witness.org", "deep.x.witness.org"):
        assert addresses(client.ask(name)) == [SINKHOLE_IPV4]
    assert not [line for line in internet.asked() if line.startswith(("x.witness.org.", "deep.x."))]


@pytest.mark.parametrize("name", ["tolisted.good.com", "tolisted.unsigned.com", "vialisted.good.com"])
@pytest.mark.parametrize("flags", [{}, {"do": True}, {"cd": True, "do": True}])
def test_a_chain_through_a_listed_name_is_sinkholed_first_and_from_the_cache(client, name, flags):
    """Unbound #954 and others: the first answer was blocked, the cached one was not."""
    for turn in range(3):
        answer = client.ask(name, **flags)
        assert SINKHOLE_IPV4 in addresses(answer), f"turn {turn}"
        assert "198.51.100.1" not in addresses(answer) and "198.51.100.2" not in addresses(answer)
        assert not has(answer, "AD") and 4 in errors(answer)


def test_a_chain_tells_the_truth_to_clients_without_sinkhole_answers(ponor, client):
    """`access.sinkhole` holds for names on the way as for the name asked."""
    before = ponor.config
    ponor.configure(merged(before, {"access": {"sinkhole": ["192.0.2.0/24"]}}))
    try:
        ponor.reload()
        ponor.wait_for(lambda: SINKHOLE_IPV4 not in addresses(client.ask(TARGET)), 30, "reload")
        for _ in ("recursion", "cache"):
            assert SINKHOLE_IPV4 not in addresses(client.ask("tolisted.good.com"))
    finally:
        ponor.configure(before)
        ponor.reload()
    ponor.wait_for(lambda: SINKHOLE_IPV4 in addresses(client.ask("tolisted.good.com")), 30, "reload")


def test_hits_of_a_chain_name_the_listed_name(ponor, client):
    client.ask("tolisted.good.com")
    def found():
        return [hit for hit in ponor.hits() if hit["matched"].rstrip(".").lower() == TARGET]
    hit = ponor.wait_for(found, 10, "hit of the chain")[0]
    assert hit["client"] == lab.PONOR


def test_an_observed_name_resolves_and_is_recorded(ponor, client):
    assert addresses(client.ask(OBSERVED)) == ["198.51.100.77"]
    ponor.wait_for(lambda: [hit for hit in ponor.hits() if hit["matched"].rstrip(".") == OBSERVED
                            and hit["action"] == "observe"], 10, "observed hit")


def test_a_name_listed_after_it_was_cached_is_sinkholed_at_once(ponor, client, feed):
    """Both when asked itself and at the end of a cached chain; delisting works as well."""
    names = [f"www.{LATER}", "latelisted.unsigned.com"]
    for name in names:
        assert "198.51.100.2" in addresses(client.ask(name))
    try:
        write_feed(feed, LATER)
        ponor.reload()
        ponor.wait_for(lambda: all(SINKHOLE_IPV4 in addresses(client.ask(name)) for name in names),
                       30, "late listing")
    finally:
        write_feed(feed)
        ponor.reload()
    ponor.wait_for(lambda: all("198.51.100.2" in addresses(client.ask(name)) for name in names),
                   30, "delisting")


# Limits and failures

def test_strangers_may_not_recurse(ponor):
    stranger = Client(53, lab.PONOR, source=lab.STRANGER)
    for name in ("www.good.com", TARGET):
        answer = stranger.ask(name)
        assert answer.rcode() == dns.rcode.REFUSED and not answer.answer and 18 in errors(answer)


def test_silence_of_an_authority_ends_in_servfail(client):
    begin = time.monotonic()
    answer = client.ask("drop-1.witness.org")
    assert answer.rcode() == dns.rcode.SERVFAIL and time.monotonic() - begin < 8
    assert errors(answer)


def test_slow_authorities_do_not_hold_up_others(ponor, client):
    """Fifty resolutions that nobody answers are in flight; cached and sinkholed names are answered meanwhile."""
    threads = [threading.Thread(target=client.udp, args=(query(f"drop-{number}-{id(ponor)}.witness.org"),))
               for number in range(50)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        assert addresses(client.ask("www.good.com")) and addresses(client.ask(TARGET))
    assert any(thread.is_alive() for thread in threads), "none waited for the others"
    for thread in threads:
        thread.join()


def rcodes_of_burst(client: Client, names: list[str]) -> list[int]:
    """The codes of all answers to queries that leave at once, in one go: a busy machine cannot spread them."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug:
        plug.settimeout(8)
        plug.connect((client.address, client.port))
        for packet in [query(name).to_wire() for name in names]:
            plug.send(packet)
        return [dns.message.from_wire(plug.recv(4096)).rcode() for _ in names]


def test_resolutions_in_flight_are_limited(internet, tmp_path, feed):
    """Beyond `resolution.outstanding` the answer is an immediate SERVFAIL; afterwards all is well."""
    limited = run_in_lab(internet, tmp_path, recursive(internet) | {"outstanding": 5, "threads": 1}, feed)
    try:
        assert addresses(limited.client.ask("www.witness.org"))
        results = rcodes_of_burst(limited.client, [f"slow-flight{number}.witness.org" for number in range(40)])
        assert results.count(dns.rcode.SERVFAIL) >= 20 and results.count(dns.rcode.NOERROR) >= 1
        assert addresses(limited.client.ask("after.witness.org")) == ["198.51.100.77"]
    finally:
        assert limited.stop() == 0


def test_a_dead_upstream_is_servfail_with_ede_and_sinkholing_goes_on(internet, tmp_path, feed):
    resolution = recursive(internet) | {"mode": "forward", "upstreams": [f"{lab.NOBODY}:53"], "timeout": "3s"}
    broken = run_in_lab(internet, tmp_path, resolution, feed)
    try:
        answer = broken.client.ask("www.good.com")
        assert answer.rcode() == dns.rcode.SERVFAIL and set(errors(answer)) & FAILURES
        assert addresses(broken.client.ask(TARGET)) == [SINKHOLE_IPV4]
    finally:
        assert broken.stop() == 0


def test_recursion_does_not_depend_on_the_rd_bit_for_sinkholing(client):
    """RD=0: a listed name is still swallowed, an unknown one is not looked up."""
    assert addresses(client.ask(TARGET, rd=False)) == [SINKHOLE_IPV4]
    answer = client.ask("neverseen.witness.org", rd=False)
    assert not answer.answer and not answer.flags & dns.flags.RD
