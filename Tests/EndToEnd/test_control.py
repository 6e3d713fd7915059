"""Issue 4 point 10: metrics, `ponor control` and `ponor explain`."""

import json
import os
import re
import subprocess
import urllib.error
import urllib.request

import dns.rcode
import pytest

from harness import environment, feeds, metrics
from harness.client import Client, addresses
from harness.ponor import SINKHOLE_IPV4, Ponor

LISTED, COLLIDING, BLOCKED = "vvqkxmvwprtz.com", "wikipedia.org", "blocked.example.net"
RESOLVED = ["198.51.100.77"]
ZONE = """$ORIGIN own.example.
@ 3600 IN SOA ns.own.example. host.own.example. 7 3600 600 86400 300
@ 3600 IN NS ns.own.example.
ns 3600 IN A 192.0.2.1
"""
POLICY = """$ORIGIN policy.test.
@ 3600 IN SOA localhost. host.localhost. 1 3600 600 86400 300
@ 3600 IN NS localhost.
blocked.example.net CNAME .
passed.example.net CNAME rpz-passthru.
"""


@pytest.fixture(scope="module")
def server(start_shared, tmp_path_factory, upstream) -> Ponor:
    folder = tmp_path_factory.mktemp("control")
    rows = [feeds.row(LISTED, "alpha"), feeds.row(COLLIDING, "beta")]
    feed = feeds.write(folder / "feed.csv", rows)
    (folder / "own.zone").write_text(ZONE)
    (folder / "policy.zone").write_text(POLICY)
    ponor = start_shared({
        "feeds": [{"path": str(feed)}], "resolution": upstream.resolution,
        "zones": [{"name": "own.example", "file": str(folder / "own.zone")}],
        "rpz": [{"name": "policy.test", "file": str(folder / "policy.zone")}],
        "rpz_out": [{"name": "out.example"}],
        "http": {"listen": f"127.0.0.1:{environment.free_port()}"},
        "views": [{"name": "closed", "clients": ["127.0.4.0/24"], "recursion": False}],
    })
    ponor.wait_sinkholed(LISTED)
    ponor.client.ask(BLOCKED)
    ponor.client.ask("warm.example.org")
    return ponor


def text(server: Ponor) -> str:
    with urllib.request.urlopen(f"http://{server.config['http']['listen']}/metrics") as response:
        assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        return response.read().decode()


def figures(server: Ponor) -> dict[str, metrics.Family]:
    families, problems = metrics.read(text(server))
    assert not problems
    return families


# Metrics

GOOD = """# HELP ponor_a_total Things.
# TYPE ponor_a_total counter
ponor_a_total{kind="x"} 1
ponor_a_total{kind="y\\"z"} 2
# HELP ponor_b_seconds Time.
# TYPE ponor_b_seconds histogram
ponor_b_seconds_bucket{le="0.1"} 1
ponor_b_seconds_bucket{le="+Inf"} 2
ponor_b_seconds_sum 3.5
ponor_b_seconds_count 2
"""


def test_the_linter_knows_good_from_bad():
    assert metrics.lint(GOOD) == []
    changes = [
        ("# HELP ponor_a_total Things.\n", "", "no HELP"), ("# TYPE ponor_a_total counter\n", "", "no TYPE"),
        ("ponor_a_total", "ponor_a", "_total"), ('kind="y\\"z"', 'kind="x"', "twice"),
        ('{kind="x"}', "{kind=x}", "cannot be read"), ('"+Inf"} 2', '"+Inf"} 0', "cumulative"),
        ('le="+Inf"', 'le="1"', "no bucket +Inf"), ("_count 2", "_count 3", "_count"),
        ("ponor_b_seconds_sum 3.5\n", "", "no _sum"), ("ponor_b_seconds", "ponor_b_milliseconds", "base unit"),
        ("ponor_a_total", "ponorA_total", "snake case"), (" 1\n", " one\n", "no number"),
    ]
    for old, new, expected in changes:
        problems = metrics.lint(GOOD.replace(old, new))
        assert any(expected in problem for problem in problems), (new, problems)


def test_metrics_follow_the_naming_rules_and_count_what_was_asked(server):
    before = figures(server)
    client = server.client
    for _ in range(3):
        assert addresses(client.ask(LISTED)) == [SINKHOLE_IPV4]
    client.ask(LISTED, "AAAA", tcp=True)
    assert addresses(client.ask("m1.example.org")) == RESOLVED
    assert addresses(client.ask("m1.example.org")) == RESOLVED
    assert client.ask(BLOCKED).rcode() == dns.rcode.NXDOMAIN
    client.ask(COLLIDING)
    client.ask("ns.own.example", "TYPE4711")
    after = figures(server)

    def grown(name: str, suffix: str = "", **labels: str) -> float:
        old = before[name].value(suffix, **labels) if name in before else 0
        return after[name].value(suffix, **labels) - old

    assert grown("ponor_responses_total", transport="udp", type="A", rcode="NOERROR") == 6
    assert grown("ponor_responses_total", transport="tcp", type="AAAA", rcode="NOERROR") == 1
    assert grown("ponor_responses_total", type="A", rcode="NXDOMAIN") == 1
    assert grown("ponor_responses_total", type="other") == 1
    assert grown("ponor_hits_total", family="alpha", action="sinkhole") == 4
    assert grown("ponor_hits_total", family="beta", action="colliding") == 1
    assert grown("ponor_cache_misses_total") == 2 and grown("ponor_cache_hits_total") == 1
    assert grown("ponor_recursion_duration_seconds", "_count") == 2
    assert grown("ponor_recursion_duration_seconds", "_bucket", le="+Inf") == 2
    assert grown("ponor_rpz_matches_total", zone="policy.test", action="nxdomain") == 1
    assert after["ponor_zone_serial"].value(zone="own.example.") == 7
    assert after["ponor_index_names"].value() == 2 and after["ponor_index_builds_total"].value() >= 1
    assert after["process_resident_memory_bytes"].value() > 1 << 20
    assert after["process_start_time_seconds"].value() > 1.7e9


def test_promtool_has_nothing_to_say(server):
    done = subprocess.run(["promtool", "check", "metrics"], input=text(server), text=True,
                          capture_output=True, timeout=20)
    assert done.returncode == 0, done.stdout + done.stderr


OPTIONAL = {
    "ponor_zone_checked_timestamp_seconds": ("gauge", ["zone"], "When a copy was last known to be current."),
    "ponor_zone_expires_timestamp_seconds": ("gauge", ["zone"], "When a copy expires."),
    "ponor_rpz_skipped_records": ("gauge", ["zone", "reason"],
                                  "Records of a response policy zone left out, by reason."),
}


def update_table(file, families: dict[str, metrics.Family]) -> None:
    rows = dict(OPTIONAL)
    for name, family in families.items():
        labels = list(dict.fromkeys(label for _, pairs in family.series for label, _ in pairs if label != "le"))
        rows[name] = (family.kind, labels, family.help)
    lines = [f"| `{name}` | {kind} | {', '.join(f'`{label}`' for label in labels)} | {help} |"
             for name, (kind, labels, help) in sorted(rows.items())]
    head, rest = file.read_text().split("|:--|:--|:--|:--|\n", 1)
    tail = re.sub(r"\A(\|.*\n)*", "", rest)
    file.write_text(head + "|:--|:--|:--|:--|\n" + "\n".join(lines) + "\n" + tail)


def test_the_table_in_the_documentation_is_what_is_served(server):
    file = environment.REPOSITORY / "docs/control.md"
    if os.environ.get("PONOR_UPDATE"):
        update_table(file, figures(server))
    page = file.read_text()
    rows = re.findall(r"^\| `((?:ponor|process)_\w+)` \| (\w+) \| ([^|]*) \| ([^|]*) \|$", page, re.M)
    documented = {name: (kind, set(re.findall(r"`(\w+)`", labels)), help.strip())
                  for name, kind, labels, help in rows}
    assert len(documented) == len(rows)
    served = {name: (family.kind, {label for _, pairs in family.series for label, _ in pairs} - {"le"}, family.help)
              for name, family in figures(server).items()}
    assert set(served) - set(documented) == set() and set(documented) - set(served) <= set(OPTIONAL)
    for name, facts in served.items():
        assert documented[name] == facts, name


# Control verbs

def control(server: Ponor, *arguments: str) -> str:
    done = server.run("control", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_one_name_or_everything_is_forgotten(server, upstream):
    def asked(name: str) -> int:
        server.client.ask(name)
        return sum(name in line for line in upstream.asked())

    names = ["f1.flush.example", "f2.flush.example"]
    assert [asked(name) for name in names] == [1, 1] and [asked(name) for name in names] == [1, 1]
    assert "f1.flush.example.: 1 answers forgotten" in control(server, "flush", names[0])
    assert [asked(name) for name in names] == [2, 1], "only that name is asked for again"
    others = ["flush.example", "xflush.example"]
    for name in others:
        server.client.ask(name)
    before = len(upstream.asked())
    assert "Flush.example. and all below: 3 answers forgotten" in control(server, "flush", "--zone", "Flush.example")
    assert [asked(name) for name in names] == [3, 2]
    for name in others:
        server.client.ask(name)
    assert len(upstream.asked()) == before + 3, "the neighbour's name is still known"
    control(server, "flush", "--all")
    assert [asked(name) for name in names] == [4, 3]
    for arguments in ([], ["a.example", "--all"]):
        assert server.run("control", "flush", *arguments).returncode == 2
    bad = server.run("control", "flush", "a..b")
    assert bad.returncode == 1 and "'a..b' is no domain name" in bad.stderr


def test_verbs_that_change_something_are_taken_on_the_socket_only(server):
    for path in ("flush?all=1", "rollback", "explain?name=a.example&client=127.0.0.1"):
        method = "GET" if path.startswith("explain") else "POST"
        request = urllib.request.Request(f"http://{server.config['http']['listen']}/{path}", method=method)
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(request)
        assert error.value.code == 403


def test_the_generation_before_comes_back_until_the_next_rebuild(start, tmp_path):
    first, second, third = feeds.made_up(3, "rollback")
    feed = feeds.write_names(tmp_path / "feed.csv", [first])
    server = start({"feeds": [{"path": str(feed)}], "index": {"check_interval": "1 s"}})
    server.wait_sinkholed(first)
    assert server.run("control", "rollback").returncode == 1, "there is none before the first"
    feeds.write_names(feed, [second])
    server.wait_sinkholed(second)
    new, old = json.loads(control(server, "generations", "--json"))
    assert new["is_in_force"] and not old["is_in_force"] and new["names"] == old["names"] == 1
    assert f"generation {old['generation']} is in force" in control(server, "rollback")
    assert server.sinkholes(first) and not server.sinkholes(second)
    assert server.status()["index"]["state"].startswith("put back")
    assert f"* {old['generation']}" in control(server, "generations")
    feeds.write_names(feed, [third])
    server.wait_sinkholed(third)
    assert not server.sinkholes(first) and server.status()["index"]["state"] == "current"


# Explain

def explain(server: Ponor, name: str, *arguments: str, client: str = "127.0.0.1") -> dict:
    done = server.run("explain", name, "--client", client, "--json", *arguments)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    result["steps"] = {step["stage"]: "\n".join(step["found"]) for step in result["steps"]}
    return result


def test_each_kind_of_query_is_explained_as_it_is_answered(server):
    listed = explain(server, LISTED)
    assert "alpha seed s1, valid 2020-01-01" in listed["steps"]["index"] and "ordinal" in listed["steps"]["index"]
    assert listed["outcome"] == "NOERROR" and SINKHOLE_IPV4 in listed["answer"][0]
    assert listed["steps"]["view"].startswith("default")
    assert "collides" in explain(server, COLLIDING)["steps"]["index"]
    blocked = explain(server, BLOCKED)
    assert "policy.test.: qname rule, nxdomain" in blocked["steps"]["rpz"] and blocked["outcome"] == "NXDOMAIN"
    assert "passthru" in explain(server, "passed.example.net")["steps"]["rpz"]
    assert "answered from a zone of ours" in explain(server, "ns.own.example")["steps"]["zones"]
    assert "special-use" in explain(server, "a.onion")["steps"]["special"]
    closed = explain(server, "any.example.org", client="127.0.4.7")
    assert closed["steps"]["view"].startswith("closed") and closed["outcome"] == "REFUSED"
    past = explain(server, LISTED, "--date", "2019-06-01")
    assert "not at this time" in past["steps"]["index"]


def test_limits_health_and_zones_made_for_transfer_are_explained(start, upstream):
    server = start({"resolution": upstream.resolution, "health": {"name": "health.test"},
                    "rpz_out": [{"name": "out.example", "transfer": {"allow": ["127.0.0.1/32"]}}],
                    "rate_limit": {"responses_per_second": 20, "nxdomains_per_second": 5, "exempt": ["127.0.0.2/32"]},
                    "query_limit": {"queries_per_second": 100}})
    limits = explain(server, "a.example")["steps"]["limits"]
    assert "queries: 100/s, counted for 127.0.0.1/32" in limits
    assert "answer 20/s" in limits and "nxdomain 5/s" in limits and "127.0.0.0/24" in limits
    assert "only those over UDP" in explain(server, "a.example", "--transport", "tcp")["steps"]["limits"]
    assert "responses: the client is exempt" in explain(server, "a.example", client="127.0.0.2")["steps"]["limits"]
    assert "the health name" in explain(server, "health.test")["steps"]["health"]
    assert "health" not in explain(server, "a.health.test")["steps"]
    offered = explain(server, "out.example", "--type", "SOA")["steps"]["rpz_out"]
    assert "out.example., which is made" in offered and "the client may" in offered
    assert "REFUSED" in explain(server, "out.example", client="127.0.0.2")["steps"]["rpz_out"]
    assert "REFUSED" in explain(server, "a.out.example")["steps"]["rpz_out"]


def test_explaining_asks_nobody_and_leaves_nothing_behind(server, upstream):
    name = "never.explained.example"
    matches = figures(server)["ponor_rpz_matches_total"].value()
    hits = figures(server)["ponor_hits_total"].value()
    first = explain(server, name)
    assert first["outcome"] == "what recursion finds" and first["steps"]["cache"] == "no answer"
    assert "upstreams 127.0.0.1" in first["steps"]["recursion"]
    explain(server, LISTED)
    explain(server, BLOCKED)
    assert not any(name in line for line in upstream.asked())
    assert figures(server)["ponor_rpz_matches_total"].value() == matches
    assert figures(server)["ponor_hits_total"].value() == hits
    assert addresses(server.client.ask(name)) == RESOLVED
    second = explain(server, name)
    assert "stored" in second["steps"]["cache"] and second["outcome"] == "NOERROR"
    assert "198.51.100.77" in second["answer"][0]


def test_wrong_questions_are_told_so(server):
    for arguments, expected in [(["a..b", "--client", "127.0.0.1"], "no domain name"),
                                (["a.example", "--client", "here"], "no IP address"),
                                (["a.example", "--client", "::1", "--type", "XYZ"], "no type of records"),
                                (["a.example", "--client", "::1", "--listener", "9.9.9.9:53"], "no listening address")]:
        done = server.run("explain", *arguments)
        assert done.returncode == 1 and expected in done.stderr, done.stderr


def test_without_a_server_the_configuration_is_explained(start, tmp_path):
    (name,) = feeds.made_up(1, "offline")
    feed = feeds.write_names(tmp_path / "feed.csv", [name])
    server = start({"feeds": [{"path": str(feed)}]})
    server.wait_sinkholed(name)
    assert server.stop() == 0
    result = explain(server, name)
    assert "none is running" in result["steps"]["server"] and SINKHOLE_IPV4 in result["answer"][0]
    assert "ponor explain" not in server.run("control", "trace", name, "--client", "127.0.0.1").stdout
