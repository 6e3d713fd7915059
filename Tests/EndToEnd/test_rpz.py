"""Issue 4 point 7: response policy zones, with BIND and Unbound as the oracle, and Ponor's own rules:
never ask for a name that a rule decides, judge what is cached, leave single bad records out.
"""

import gzip
import http.server
import threading
from collections.abc import Iterator

import dns.flags
import dns.rcode
import pytest

from harness import environment, feeds, lab, load, netns, peers, policy_zones
from harness.client import Client, addresses, errors, has, query
from harness.ponor import SINKHOLE_IPV4, Ponor

BIND, UNBOUND, PONOR, CLIENT, BLOCKED = ("10.53.0.31", "10.53.0.32", "10.53.0.33", "10.53.0.41",
                                         "10.53.0.40")
SILENCE = 1.2


def summary(answer) -> tuple:
    """What is compared: code, TC bit and the answer section without TTLs."""
    if answer is None:
        return ("no answer",)
    records = sorted((str(rrset.name).lower(), rrset.rdtype, str(rdata).lower())
                     for rrset in answer.answer for rdata in rrset)
    return (dns.rcode.to_text(answer.rcode()), bool(answer.flags & dns.flags.TC), tuple(records))


class Trio:
    """BIND, Unbound and Ponor with the same zones in the same Internet."""

    def __init__(self, bind: Client, unbound: Client, ponor: Ponor):
        self.bind, self.unbound, self.ponor = bind, unbound, ponor

    def ask(self, which: str, name: str, qtype: str, source: str = CLIENT, tcp: bool = False):
        client = getattr(self, which)
        client = client.client if isinstance(client, Ponor) else client
        client = Client(53, client.address, timeout=8, source=source)
        message = query(name, qtype)
        return client.tcp(message) if tcp else client.udp(message)


@pytest.fixture(scope="module")
def trio(internet, tmp_path_factory) -> Iterator[Trio]:
    folder = tmp_path_factory.mktemp("rpz")
    for address in (BIND, UNBOUND, PONOR, CLIENT, BLOCKED):
        netns.add_address(internet.namespace, address)
    files = policy_zones.write(folder / "zones")
    server, clauses = policy_zones.unbound_options(files)
    daemons = [policy_zones.bind(folder / "bind", BIND, files, internet.prefix),
               peers.unbound(folder / "unbound", UNBOUND, clauses=clauses, prefix=internet.prefix,
                             server=[*server, f'root-hints: "{internet.hints}"'])]
    ponor = Ponor(folder / "ponor", settings(internet, files), address=PONOR, port=53, prefix=internet.prefix,
                  client=Client(53, PONOR, timeout=8, source=CLIENT))
    try:
        # Only while starting: the other tests of this file run outside of the namespace.
        with netns.entered(internet.namespace):
            for daemon, address in zip(daemons, (BIND, UNBOUND)):
                peers.started(daemon, Client(53, address, source=CLIENT))
            ponor.start()
        yield Trio(Client(53, BIND), Client(53, UNBOUND), ponor)
    finally:
        stopped = ponor.stop()
        for daemon in daemons:
            daemon.stop()
    assert stopped == 0


def settings(internet, files) -> dict:
    return {"resolution": {"mode": "recursive", "root_hints": str(internet.hints), "allow_loopback": True,
                           "trust_anchors": internet.trust_anchors, "timeout": "4s"},
            "access": {"recursion": ["10.53.0.0/24"]},
            "rpz": [{"name": name, "file": str(file), "record": name == "one.rpz", "protect": False}
                    for name, file in files.items()]}


@pytest.fixture
def inside(internet) -> Iterator[None]:
    with netns.entered(internet.namespace):
        yield


def test_answers_are_those_of_bind_and_unbound(trio, inside):
    """Every question twice, so that the second answer comes from the caches."""
    odd = []
    for name, qtype in policy_zones.QUESTIONS * 2:
        bind, unbound, ponor = (summary(trio.ask(which, name, qtype)) for which in ("bind", "unbound", "ponor"))
        if ponor != bind and name not in policy_zones.OTHER_THAN_BIND:
            odd.append(("bind", name, qtype, bind, ponor))
        if ponor != unbound and name not in policy_zones.OTHER_THAN_UNBOUND:
            odd.append(("unbound", name, qtype, unbound, ponor))
    assert not odd, "\n".join(map(str, odd))


@pytest.mark.parametrize("name", ["plain.policy.net", "pass.policy.net", "nxdomain.policy.net"])
def test_the_address_of_the_client_is_judged_first(trio, inside, name):
    answers = {which: summary(trio.ask(which, name, "A", source=BLOCKED)) for which in ("bind", "unbound", "ponor")}
    assert answers["ponor"] == answers["bind"] == answers["unbound"]
    assert answers["ponor"][2] == ()


def test_drop_is_silence(trio, inside):
    client = Client(53, PONOR, source=CLIENT)
    assert client.udp(query("drop.policy.net"), SILENCE) is None
    assert client.udp(query("plain.policy.net")) is not None


def test_tcp_only_is_an_empty_truncated_answer(trio, inside):
    udp = trio.ask("ponor", "tcp.policy.net", "A")
    assert has(udp, "TC") and not udp.answer
    assert addresses(trio.ask("ponor", "tcp.policy.net", "A", tcp=True)) == ["203.0.113.6"]
    assert summary(udp) == summary(trio.ask("bind", "tcp.policy.net", "A"))


def test_hints_of_https_records_are_judged(trio, inside):
    """Neither BIND nor Unbound looks at them: the way around response address rules."""
    assert trio.ask("ponor", "hints.policy.net", "HTTPS").rcode() == dns.rcode.NXDOMAIN


def test_rewritten_answers_are_honest(trio, inside):
    client = Client(53, PONOR, source=CLIENT)
    for flags in ({}, {"do": True}, {"do": True, "cd": True}):
        answer = client.ask("www.good.com", **flags)
        assert addresses(answer) == ["192.0.2.16"]
        assert not has(answer, "AD") and errors(answer) == [4]
    assert errors(client.ask("nxdomain.policy.net", do=True)) == [15]
    assert errors(client.ask("plain.policy.net")) == []
    assert client.ask("nxdomain.policy.net", rd=False).rcode() == dns.rcode.REFUSED


def test_matches_are_counted_recorded_and_shown(trio, inside):
    zones = {zone["name"]: zone for zone in trio.ponor.status()["rpz"]}
    assert list(zones) == list(policy_zones.ZONES)
    before = zones["one.rpz"]["matches"].get("nxdomain", 0)
    trio.ask("ponor", "nxdomain.policy.net", "A")
    assert trio.ponor.status()["rpz"][0]["matches"]["nxdomain"] == before + 1
    assert zones["one.rpz"]["serial"] == 1 and zones["one.rpz"]["rules"] > 20
    assert zones["one.rpz"]["skipped"] == {}

    def found():
        return [hit for hit in trio.ponor.hits() if "nxdomain.policy.net" in str(hit)]
    hit = trio.ponor.wait_for(found, 20, "hit")[0]
    assert "rpz:one.rpz" in str(hit)


def test_policy_reaches_what_is_cached_and_an_unchanged_file_is_not_read_again(trio, inside):
    log = trio.ponor.log
    trio.ponor.reload()
    assert trio.ponor.log.count("rpz zone loaded") == log.count("rpz zone loaded")
    assert addresses(trio.ask("ponor", "plain.policy.net", "A")) == ["203.0.113.12"]
    zone = trio.ponor.folder.parent / "zones" / "three.rpz"
    zone.write_text(zone.read_text() + "plain.policy.net CNAME .\nlate.policy.net CNAM .\n")
    trio.ponor.reload()
    assert trio.ask("ponor", "plain.policy.net", "A").rcode() == dns.rcode.NXDOMAIN
    assert trio.ponor.status()["rpz"][2]["skipped"] == {"syntax": 1}


# Against a forwarder's upstream, without the lab


def serve(start, upstream, tmp_path, *zones: dict, **more) -> Ponor:
    return start({"resolution": upstream.resolution, "rpz": list(zones), **more})


def zone_file(tmp_path, name: str, rules: str, compress: bool = False) -> str:
    file = tmp_path / name
    text = (policy_zones.HEAD.format(serial=7) + rules).encode()
    file.write_bytes(gzip.compress(text) if compress else text)
    return str(file)


def test_a_decided_name_is_never_asked_upstream(start, upstream, tmp_path):
    ponor = serve(start, upstream, tmp_path,
                  {"name": "a.rpz", "file": zone_file(tmp_path, "a", "never.blocked.net CNAME .\n", compress=True)})
    assert ponor.client.ask("never.blocked.net").rcode() == dns.rcode.NXDOMAIN
    assert addresses(ponor.client.ask("other.net")) == ["198.51.100.77"]
    asked = upstream.asked()
    assert not any("never.blocked" in question for question in asked) and any("other.net" in q for q in asked)


OVERRIDES = {"nxdomain": "NXDOMAIN", "nodata": "NOERROR", "cname": "NOERROR", "passthru": "NOERROR",
             "disabled": "NOERROR", "tcp-only": "NOERROR"}


@pytest.mark.parametrize("policy", OVERRIDES)
def test_overrides(start, upstream, tmp_path, policy):
    zone = {"name": "a.rpz", "file": zone_file(tmp_path, "a", "x.net A 192.0.2.1\n"), "policy": policy}
    if policy == "cname":
        zone["target"] = "walled.net"
    ponor = serve(start, upstream, tmp_path, zone)
    answer = ponor.client.ask("x.net")
    assert dns.rcode.to_text(answer.rcode()) == OVERRIDES[policy]
    assert has(answer, "TC") == (policy == "tcp-only")
    assert addresses(answer) == (["198.51.100.77"] if policy in ("cname", "passthru", "disabled") else [])
    assert ("walled.net." in str(answer)) == (policy == "cname")


def test_protected_names_are_guarded(start, upstream, tmp_path):
    file = zone_file(tmp_path, "a", "*.com CNAME .\ngoogle.com CNAME .\n*.net CNAME rpz-passthru.\nb.net CNAME .\n")
    ponor = serve(start, upstream, tmp_path, {"name": "a.rpz", "file": file})
    assert addresses(ponor.client.ask("www.example.com")) == ["198.51.100.77"]
    assert addresses(ponor.client.ask("google.com")) == ["198.51.100.77"]
    assert ponor.client.ask("b.net").rcode() == dns.rcode.NXDOMAIN
    assert ponor.status()["rpz"][0]["skipped"] == {"protected": 2}


def test_the_index_is_one_zone_among_others(start, upstream, tmp_path):
    """Zones come before the index, PASSTHRU there keeps a listed name from being swallowed, and
    `after_index` turns the order round."""
    listed = ("data.listed.net", "pass.listed.net", "late.listed.net")
    before = zone_file(tmp_path, "a", f"{listed[0]} A 192.0.2.77\n{listed[1]} CNAME rpz-passthru.\n")
    after = zone_file(tmp_path, "b", "late.listed.net CNAME .\nlate.other.net CNAME .\n")
    ponor = serve(start, upstream, tmp_path, {"name": "a.rpz", "file": before},
                  {"name": "b.rpz", "file": after, "after_index": True},
                  {"name": "c.rpz", "file": zone_file(tmp_path, "c", "elsewhere.net CNAME .\n"), "views": ["nobody"]},
                  feeds=[{"path": str(feeds.write_names(tmp_path / "feed.csv", listed))}])
    ponor.wait_sinkholed(listed[2])
    assert addresses(ponor.client.ask(listed[0])) == ["192.0.2.77"]
    assert addresses(ponor.client.ask(listed[1])) == ["198.51.100.77"]
    assert addresses(ponor.client.ask(listed[2])) == [SINKHOLE_IPV4]
    assert ponor.client.ask("late.other.net").rcode() == dns.rcode.NXDOMAIN
    assert addresses(ponor.client.ask("elsewhere.net")) == ["198.51.100.77"]
    hits = ponor.wait_for(lambda: [hit for hit in ponor.hits() if listed[1] in str(hit)], 20, "hit")
    assert hits[0]["action"] == "colliding"


def test_new_versions_under_load_lose_no_query(start, upstream, tmp_path):
    names = feeds.made_up(4_000, "rpz", "net")
    rules = "".join(f"{name} A 192.0.2.1\n" for name in names)
    ponor = serve(start, upstream, tmp_path, {"name": "a.rpz", "file": zone_file(tmp_path, "a", rules)})
    walker = load.Walker(ponor.port, names)
    asking = threading.Thread(target=walker.walk)
    asking.start()
    for version in range(3):
        (tmp_path / "a.new").write_text(rules + f"version{version}.net CNAME .\n")
        (tmp_path / "a.new").rename(tmp_path / "a")
        ponor.reload()
    asking.join()
    walker.close()
    assert len(walker.answered) == len(names)
    assert ponor.client.ask("version2.net").rcode() == dns.rcode.NXDOMAIN


class Feed(http.server.BaseHTTPRequestHandler):
    """A web server with one zone, which it does not send to those that have it."""

    body, version, log = b"", "1", []

    def do_GET(self):  # noqa: N802 - the library's name
        known = self.headers.get("If-None-Match")
        Feed.log.append(known)
        if known == f'"{Feed.version}"':
            self.send_response(304)
            self.end_headers()
            return
        self.send_response(200 if Feed.body else 503)
        self.send_header("ETag", f'"{Feed.version}"')
        self.send_header("Content-Length", str(len(Feed.body)))
        self.end_headers()
        self.wfile.write(Feed.body)

    def log_message(self, *_):
        pass


@pytest.fixture
def feed() -> Iterator[str]:
    Feed.body, Feed.version, Feed.log = b"", "1", []
    server = http.server.ThreadingHTTPServer((environment.LOOPBACK, 0), Feed)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{environment.LOOPBACK}:{server.server_address[1]}/zone"
    server.shutdown()


def test_a_zone_is_fetched_kept_and_not_fetched_again(start, upstream, tmp_path, feed):
    Feed.body = gzip.compress(b"web.net CNAME .\n")
    ponor = serve(start, upstream, tmp_path, {"name": "web.rpz", "url": feed, "interval": "10s"})

    def blocked() -> bool:
        return ponor.client.ask("web.net").rcode() == dns.rcode.NXDOMAIN
    ponor.wait_for(blocked, 20, "fetched zone")
    ponor.stop()
    Feed.body = b""  # From now on the server only says 304 or fails.
    ponor.start()
    assert blocked(), "the kept copy is in force before the first answer"
    ponor.wait_for(lambda: '"1"' in Feed.log, 20, "conditional request")
    assert blocked()


def test_a_failing_or_oversized_fetch_is_told_and_keeps_the_old_version(start, upstream, tmp_path, feed):
    ponor = serve(start, upstream, tmp_path, {"name": "web.rpz", "url": feed, "max_size": "4KiB"})
    ponor.wait_for(lambda: any("503" in warning for warning in ponor.status()["warnings"]), 20, "warning")
    Feed.body = b"web.net CNAME .\n" * 1000
    ponor.stop()
    ponor.start()
    ponor.wait_for(lambda: any("larger" in warning for warning in ponor.status()["warnings"]), 20, "warning")
    assert addresses(ponor.client.ask("web.net")) == ["198.51.100.77"]
