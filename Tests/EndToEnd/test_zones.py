"""Issue 2 point 8: local zones, compared with NSD serving the same file over thousands of questions."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import dns.flags
import dns.rcode
import pytest

from harness import environment, peers, zonefile
from harness.client import Client, addresses, has, query
from harness.ponor import Ponor

HOSTS = environment.scaled(1_000, least=300)
QUESTIONS = environment.scaled(4_000, least=2_000)


@dataclass
class Pair:
    """Ponor and NSD with the same zone."""

    ponor: Client
    nsd: Client
    zone: zonefile.Zone


@pytest.fixture(scope="module")
def pair(start_shared, tmp_path_factory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("zones")
    zone = zonefile.generate(HOSTS, random.Random(environment.SEED))
    file = folder / "zonetest.zone"
    file.write_text(zone.text)
    port = environment.free_port()
    oracle = Client(port)
    nsd = peers.nsd(folder / "nsd", [environment.LOOPBACK], {zonefile.ORIGIN: file}, port=port)
    peers.started(nsd, oracle, zonefile.ORIGIN)
    server = start_shared({"zones": [{"name": zonefile.ORIGIN, "file": str(file)}]})
    yield Pair(server.client, oracle, zone)
    nsd.stop()


def section(rrsets) -> set[tuple]:
    """A section as a set: order, case of owners and grouping do not matter."""
    return {(rrset.name.to_text().lower(), rrset.rdtype, rrset.ttl, rdata.to_text().lower())
            for rrset in rrsets for rdata in rrset}


def differences(ours, theirs) -> list[str]:
    """What differs between two answers; ours may leave out or add NS below a positive answer."""
    found = []
    if ours.rcode() != theirs.rcode():
        found.append(f"rcode {dns.rcode.to_text(ours.rcode())}, NSD {dns.rcode.to_text(theirs.rcode())}")
    if has(ours, "AA") != has(theirs, "AA"):
        found.append(f"AA {has(ours, 'AA')}, NSD {has(theirs, 'AA')}")
    if has(ours, "TC") != has(theirs, "TC"):
        found.append(f"TC {has(ours, 'TC')}, NSD {has(theirs, 'TC')}")
    if has(theirs, "TC"):
        return found
    if section(ours.answer) != section(theirs.answer):
        found.append(f"answer {section(ours.answer) ^ section(theirs.answer)}")
    positive = bool(theirs.answer)
    if not positive and section(ours.authority) != section(theirs.authority):
        found.append(f"authority {section(ours.authority) ^ section(theirs.authority)}")
    if positive and section(theirs.authority) and not section(ours.authority) <= section(theirs.authority):
        found.append(f"authority {section(ours.authority) - section(theirs.authority)}")
    return found


def is_any(qtype: str) -> bool:
    return qtype == "ANY"


@pytest.mark.parametrize("edns", [True, False], ids=["edns", "plain"])
def test_answers_are_those_of_nsd(pair, edns):
    asked = zonefile.questions(pair.zone, QUESTIONS, random.Random(environment.SEED + 1))
    wrong = []
    for name, qtype in asked:
        if is_any(qtype):
            continue  # RFC 8482 leaves a choice: see below
        message = query(name, qtype, edns=edns, rd=False)
        ours, theirs = pair.ponor.udp(message), pair.nsd.udp(message)
        found = ["no answer"] if ours is None else differences(ours, theirs)
        wrong += [f"{name} {qtype}: {what}" for what in found]
    assert not wrong, f"{len(wrong)} differences in {len(asked)} questions:\n" + "\n".join(wrong[:20])


def test_any_is_part_of_what_nsd_has(pair):
    """RFC 8482: any subset, but the same code and never nothing where there is something."""
    for name, qtype in zonefile.questions(pair.zone, 300, random.Random(environment.SEED + 2)):
        if is_any(qtype):
            message = query(name, qtype, rd=False)
            ours, theirs = pair.ponor.tcp(message), pair.nsd.tcp(message)
            assert (ours.rcode(), has(ours, "AA")) == (theirs.rcode(), has(theirs, "AA")), name
            assert bool(ours.answer) == bool(theirs.answer), name


def test_truncated_answers_are_whole_over_tcp(pair):
    large = [(name, qtype) for name, qtype in zonefile.questions(pair.zone, QUESTIONS, random.Random(5))
             if qtype in ("AAAA", "TXT") and has(pair.nsd.udp(query(name, qtype, edns=False)), "TC")]
    assert large, "the zone has large RRsets"
    for name, qtype in large[:50]:
        message = query(name, qtype, edns=False)
        assert section(pair.ponor.tcp(message).answer) == section(pair.nsd.tcp(message).answer)


def test_referrals_carry_their_glue(pair):
    for name in ("www.cut", "cut", "x.signedcut"):
        message = query(f"{name}.{zonefile.ORIGIN}", "A", rd=False)
        ours, theirs = pair.ponor.udp(message), pair.nsd.udp(message)
        assert section(ours.additional) == section(theirs.additional), name
        assert not has(ours, "AA") and not ours.answer


# Files that change and files that are broken

HEAD = "$ORIGIN reloaded.net.\n$TTL 60\n@ SOA ns h {serial} 60 60 60 60\n@ NS ns\nns A 192.0.2.1\n"


def reloaded(server: Ponor) -> list[str]:
    return addresses(server.client.ask("www.reloaded.net"))


@pytest.fixture
def server(start, tmp_path) -> Ponor:
    (tmp_path / "zone").write_text(HEAD.format(serial=1) + "www A 192.0.2.2\n")
    return start({"zones": [{"name": "reloaded.net", "file": str(tmp_path / "zone")}]})


def test_a_changed_file_is_served_after_reload(server, tmp_path):
    (tmp_path / "zone").write_text(HEAD.format(serial=2) + "www A 192.0.2.3\n")
    server.reload()
    server.wait_for(lambda: reloaded(server) == ["192.0.2.3"], 10, "new zone")


@pytest.mark.parametrize("what, line", [
    ("syntax", "www A 192.0.2.300"), ("unknown type", "www NOSUCHTYPE x"), ("unbalanced", "www TXT ( \"x\""),
    ("data beside CNAME", "ns CNAME www"), ("outside of the zone", "www.elsewhere.example. A 192.0.2.9"),
    ])
def test_a_broken_file_is_refused_with_its_line_and_the_former_version_serves(server, tmp_path, what, line):
    assert reloaded(server) == ["192.0.2.2"]
    (tmp_path / "zone").write_text(HEAD.format(serial=2) + f"other A 192.0.2.7\n{line}\n")
    server.run("reload")
    mark = f"{tmp_path / 'zone'}:"
    server.wait_for(lambda: mark in server.log, 10, f"message naming {mark}LINE for {what}")
    message = next(text for text in server.log.splitlines() if mark in text)
    number = message.split(mark)[1].split(":")[0].split()[0].rstrip(",;")
    assert number.isdigit() and 6 <= int(number) <= 8, message
    assert reloaded(server) == ["192.0.2.2"], "the former version keeps serving"
    assert server.client.ask("other.reloaded.net").rcode() == dns.rcode.NXDOMAIN


def test_a_broken_file_at_the_start_does_not_stop_the_rest(start, tmp_path):
    """The zone is refused with one line; other zones are served."""
    (tmp_path / "bad").write_text("$ORIGIN bad.net.\n@ SOA ns h 1 60 60 60 60\nwww A nonsense\n")
    (tmp_path / "good").write_text(HEAD.format(serial=1) + "www A 192.0.2.2\n")
    server = start({"zones": [{"name": "bad.net", "file": str(tmp_path / "bad")},
                              {"name": "reloaded.net", "file": str(tmp_path / "good")}]})
    assert reloaded(server) == ["192.0.2.2"]
    assert f"{tmp_path / 'bad'}:3" in server.log


def test_an_answer_is_cut_only_when_it_does_not_fit(start, tmp_path):
    """Room is kept for OPT, not for options that are not sent: each size up to the limit comes whole."""
    zone = tmp_path / "fit.zone"
    sizes = range(900, 1240)
    records = [f'h{size} TXT {" ".join(text_of(size))}' for size in sizes]
    zone.write_text("\n".join(["$ORIGIN fit.net.", "$TTL 3600", "@ SOA ns h 1 2 3 4 5", "@ NS ns",
                               "ns A 192.0.2.1", *records]) + "\n")
    server = start({"zones": [{"name": "fit.net", "file": str(zone)}]})
    for payload in (1000, 1232):
        fitting = []
        for size in sizes:
            message = query(f"h{size}.fit.net", "TXT", rd=False, payload=payload)
            whole = server.client.tcp(message).to_wire()
            if len(whole) <= payload:
                fitting.append(size)
            assert has(server.client.udp(message), "TC") == (len(whole) > payload), (payload, len(whole))
        assert 0 < len(fitting) < len(sizes)


def text_of(octets: int) -> list[str]:
    """Character strings whose rdata takes so many octets."""
    strings = []
    while octets > 0:
        length = min(octets - 1, 255)
        strings.append(f'"{"t" * length}"')
        octets -= length + 1
    return strings
