"""Issue 4 point 8: other resolvers take Ponor's names as response policy zones (docs/rpz-out.md)."""

import itertools
import re
from pathlib import Path

import dns.rcode
import pytest
import yaml

from harness import environment, feeds, peers, rpz_peers
from harness.client import Client, addresses, query
from harness.netns import inside
from harness.ponor import SINKHOLE_IPV4, Ponor
from harness.processes import run_checked

ELSEWHERE = "198.51.100.77"
KEY = "hmac-sha256:ponor-rpz:c29tZSAzMiBvY3RldHMgb2Ygc2VjcmV0IGRhdGEuLi4="
NAMES = feeds.made_up(1000, "rpz")


@pytest.fixture(scope="module")
def net(tmp_path_factory):
    if not environment.is_root():
        pytest.skip("needs root (network namespaces)")
    with rpz_peers.network() as (left, _):
        folder = tmp_path_factory.mktemp("rpz")
        upstream = peers.authority(folder / "upstream", "127.0.0.1", ".", port=rpz_peers.UPSTREAM_PORT)
        peers.started(upstream, Client(rpz_peers.UPSTREAM_PORT, "127.0.0.1"))
        yield folder, left
        upstream.stop()


@pytest.fixture(scope="module")
def ponor(net):
    folder, left = net
    feeds.write_names(folder / "feed.csv", NAMES)
    config = yaml.safe_load(rpz_peers.snippet("ponor"))
    server = Ponor(folder / "ponor", config | {
        "feeds": [{"path": str(folder / "feed.csv")}], "index": {"check_interval": "1s"},
        "access": {"recursion": ["192.0.2.0/24"]}},
        address=rpz_peers.PONOR, port=53, prefix=inside(left))
    server.start()
    yield server
    server.stop()


def transfer(*arguments: str) -> list[list[str]]:
    """The records kdig is given, as [owner, ttl, type, data …]."""
    text = run_checked(["kdig", f"@{rpz_peers.PONOR}", "-y", KEY, "+noall", "+answer", "+nottl", "+noclass",
                        *arguments])
    return [line.split() for line in text.splitlines() if line and not line.startswith(";")]


def serial(zone: str = "ponor.rpz") -> int:
    return int(transfer(zone, "SOA")[0][4])


def swallowed(client: Client, name: str) -> bool:
    answer = client.udp(query(name), 2)
    return answer is not None and addresses(answer) == [SINKHOLE_IPV4]


@pytest.mark.needs_root
def test_the_zone_is_what_the_index_swallows(ponor):
    """AXFR = `index export` (both forms) = the names the index swallows."""
    rows = transfer("ponor.rpz", "AXFR")
    suffix = ".ponor.rpz."
    owners = {row[0].removesuffix(suffix) for row in rows if row[1] in ("A", "AAAA")}
    exact = {owner for owner in owners if not owner.startswith("*.")}
    assert exact == set(NAMES)
    assert owners - exact == {f"*.{name}" for name in NAMES}
    served = ponor.run("index", "export", "--format", "rpz", "--zone", "ponor.rpz").stdout
    lines = [line.split() for line in served.splitlines() if not line.startswith(("$", "@"))]
    assert len(lines) == 4 * len(NAMES)
    assert {line[0] for line in lines} == owners
    listed = ponor.run("index", "export", "--format", "text").stdout.split()
    assert set(listed) == exact
    assert all(ponor.sinkholes(name) for name in NAMES[::50])


@pytest.mark.needs_root
def test_only_those_who_may_learn_of_it(ponor):
    for arguments in (["ponor.rpz", "AXFR"], ["ponor.rpz", "SOA"], [f"{NAMES[0]}.ponor.rpz", "A"]):
        answer = Client(53, rpz_peers.PONOR).ask(*arguments, tcp=True) if arguments[1] != "AXFR" else None
        assert answer is None or answer.rcode() == dns.rcode.REFUSED
    assert [row[1] for row in transfer("ponor.rpz", "NS")] == ["NS"]
    assert [row[1] for row in transfer("ponor.rpz", "SOA")] == ["SOA"]


@pytest.mark.needs_root
@pytest.mark.parametrize("kind", [rpz_peers.Bind, rpz_peers.Unbound, rpz_peers.Recursor, rpz_peers.KnotResolver])
def test_resolver_takes_the_zone_and_its_differences(net, ponor, kind):
    folder, _ = net
    feeds.write_names(folder / "feed.csv", NAMES)
    ponor.wait_for(lambda: ponor.sinkholes(NAMES[-1]) and zone_status(ponor, "ponor.rpz")["names"] == len(NAMES),
                   20, "the first names")
    peer = kind(folder / kind.__name__).start()
    try:
        ponor.wait_for(lambda: swallowed(peer.client, NAMES[1]), 30, f"policy in {kind.__name__}\n{peer.log[-3000:]}")
        assert swallowed(peer.client, f"www.{NAMES[2]}")
        assert addresses(peer.client.ask("unlisted.example")) == [ELSEWHERE]

        before = serial(peer.zone) if peer.zone == "ponor.rpz" else None
        fresh = feeds.made_up(40, kind.__name__)
        feeds.write_names(folder / "feed.csv", NAMES[:-3] + fresh)
        ponor.wait_for(lambda: ponor.sinkholes(fresh[0]), 20, "the next index")
        # Without NOTIFY they would look again after a minute, the zone's refresh interval.
        ponor.wait_for(lambda: peer.logged(peer.increment), 20, f"difference in {kind.__name__}\n{peer.log[-3000:]}")
        # A name asked for before the change would be in the resolver's cache.
        unasked = itertools.cycle(fresh[1:])
        ponor.wait_for(lambda: swallowed(peer.client, next(unasked)), 15,
                       f"a new name in {kind.__name__}")
        assert peer.logged(peer.count), peer.log[-3000:]
        assert peer.logged(peer.told), peer.log[-3000:]
        assert addresses(peer.client.ask(NAMES[-2])) == [ELSEWHERE], "a name that is gone"
        assert swallowed(peer.client, NAMES[3])
        if before:
            rows = transfer("ponor.rpz", f"IXFR={before}")
            # 4 SOA records; A and AAAA at each name and its wildcard.
            assert [row[1] for row in rows].count("SOA") == 4
            assert len(rows) == 4 + 4 * (3 + 40)
    finally:
        peer.stop()


def zone_status(ponor: Ponor, name: str) -> dict:
    return next(zone for zone in ponor.status()["rpz_out"] if zone["name"] == name)


def test_file_and_http(start, tmp_path):
    """The same text as a file, over HTTP with an entity tag, and from the command line."""
    import urllib.error
    import urllib.request
    port = environment.free_port()
    names = feeds.made_up(50, "file")
    feed = feeds.write_names(tmp_path / "feed.csv", names)
    server = start({"feeds": [{"path": str(feed)}], "http": {"listen": f"127.0.0.1:{port}"},
                    "rpz_out": [{"name": "a.rpz", "action": "nxdomain", "wildcard": False, "http": True,
                                 "file": str(tmp_path / "a.zone")}]})
    text = (tmp_path / "a.zone").read_text()
    assert sorted(re.findall(r"^(\S+) CNAME \.$", text, re.M)) == sorted(names)
    url = f"http://127.0.0.1:{port}/rpz/a.rpz.rpz"
    with urllib.request.urlopen(url, timeout=5) as answer:
        tag = answer.headers["ETag"]
        assert answer.read().decode() == text
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(urllib.request.Request(url, headers={"If-None-Match": tag}), timeout=5)
    assert caught.value.code == 304
    assert server.run("index", "export", "--format", "rpz", "--zone", "a.rpz").stdout == text


def test_serial_and_history_survive_a_restart(start, tmp_path):
    names = feeds.made_up(50, "again")
    feed = feeds.write_names(tmp_path / "feed.csv", names)
    server = start({"feeds": [{"path": str(feed)}], "index": {"check_interval": "1s"},
                    "rpz_out": [{"name": "a.rpz", "transfer": {"allow": ["127.0.0.0/8"]}}]})
    first = zone_status(server, "a.rpz")["serial"]
    assert server.stop() == 0
    server.start()
    assert zone_status(server, "a.rpz")["serial"] == first, "nothing has changed"
    feeds.write_names(feed, names[1:])
    server.wait_for(lambda: zone_status(server, "a.rpz")["serial"] > first, 20, "a new version")
    assert server.stop() == 0
    server.start()
    rows = server.client.kdig("a.rpz", f"IXFR={first}", "+noall", "+answer").splitlines()
    rows = [row for row in rows if row and not row.startswith(";")]
    assert len(rows) == 4 + 4, "one name at itself and at its wildcard, A and AAAA"


@pytest.mark.skipif(environment.SCALE < 2, reason="a million names take 40 s: PONOR_E2E_SCALE=2")
def test_every_built_in_family(start):
    """All names of all families: those of the zone, of the index and of the export are the same."""
    wordlists = str(environment.WORDLISTS)
    server = start({"models": {"families": "all", "wordlists": wordlists},
                    "rpz_out": [{"name": "a.rpz", "wildcard": False, "action": "nxdomain",
                                 "transfer": {"allow": ["127.0.0.0/8"]}}]})
    zone = zone_status(server, "a.rpz")
    exported = set(server.run("index", "export", "--format", "text", seconds=120).stdout.split())
    status = server.status()["index"]
    assert zone["names"] + zone["too_long"] == len(exported) <= status["names"]
    text = server.client.kdig("a.rpz", "AXFR", "+noall", "+answer", "+nottl", "+noclass")
    owners = {unescaped(line.split()[0].removesuffix(".a.rpz.")) for line in text.splitlines()
              if line.endswith("CNAME\t.")}
    assert owners == exported


def unescaped(text: str) -> str:
    text = re.sub(r"\\(\d{3})", lambda match: chr(int(match.group(1))), text)
    return re.sub(r"\\(.)", r"\1", text)
