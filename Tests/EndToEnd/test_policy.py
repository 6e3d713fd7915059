"""Issue 2 points 4 and 6, DESIGN §5: actions per family, gates, and an index that changes live."""

from datetime import timedelta

import dns.rcode
import pytest

from harness import families, feeds
from harness.client import Client, addresses, errors, has, types
from harness.ponor import SINKHOLE_IPV4

RESOLVED = ["198.51.100.77"]  # what the upstream says to every name

ACTIONS = {"sinkhole": "aaqkxmvwprtz.com", "nxdomain": "bbqkxmvwprtz.net",
           "observe": "ccqkxmvwprtz.org", "off": "ddqkxmvwprtz.info"}


def feed_of(path, names_by_family: dict[str, str]) -> list[dict]:
    rows = [feeds.row(name, family) for family, name in names_by_family.items()]
    return [{"path": str(feeds.write(path, rows))}]


def recorded(server, name: str) -> list[dict]:
    return [hit for hit in server.hits() if hit["matched"].rstrip(".") == name]


@pytest.fixture(scope="module")
def server(start_shared, tmp_path_factory, upstream):
    """One family for each action; the family is called as its action."""
    path = tmp_path_factory.mktemp("feed") / "actions.csv"
    ponor = start_shared({"feeds": feed_of(path, ACTIONS), "resolution": upstream.resolution,
                          "policy": {"actions": {action: action for action in ACTIONS}}})
    ponor.wait_sinkholed(ACTIONS["sinkhole"])
    return ponor


def test_sinkhole_action(server):
    name = ACTIONS["sinkhole"]
    assert addresses(server.client.ask(name)) == [SINKHOLE_IPV4]
    hit = server.wait_for(lambda: recorded(server, name), what="hit")[0]
    assert hit["action"] == "sinkhole"


@pytest.mark.parametrize("qtype", ["A", "AAAA", "HTTPS", "TXT", "ANY"])
def test_nxdomain_action_denies_name_and_subdomains(server, qtype):
    for name in (ACTIONS["nxdomain"], f"www.{ACTIONS['nxdomain']}"):
        answer = server.client.ask(name, qtype)
        assert answer.rcode() == dns.rcode.NXDOMAIN and not answer.answer
        assert types(answer.authority) == {"SOA"} and not has(answer, "AD")
        assert errors(answer) == [15], "EDE 15 Blocked"
    hits = server.wait_for(lambda: recorded(server, ACTIONS["nxdomain"]), what="hit")
    assert {hit["action"] for hit in hits} == {"nxdomain"}


def test_observe_action_resolves_normally_and_records(server):
    name = ACTIONS["observe"]
    answer = server.client.ask(name)
    assert addresses(answer) == RESOLVED and not has(answer, "AA") and not {4, 15} & set(errors(answer))
    hits = server.wait_for(lambda: recorded(server, name), what="hit")
    assert {hit["action"] for hit in hits} == {"observe"}


def test_off_action_resolves_normally_and_leaves_no_trace(server):
    assert addresses(server.client.ask(ACTIONS["off"])) == RESOLVED
    server.client.ask(ACTIONS["sinkhole"], "AAAA")
    server.wait_for(lambda: [hit for hit in server.hits() if hit["qtype"] == "AAAA"], what="later hit")
    assert recorded(server, ACTIONS["off"]) == []


def test_hits_of_all_questions_are_recorded(server):
    """Not only A: who asks HTTPS or MX for a listed name is a hit as well."""
    for qtype in ("HTTPS", "MX", "SOA"):
        server.client.ask(f"deep.{ACTIONS['sinkhole']}", qtype)
    def found():
        return {hit["qtype"] for hit in recorded(server, ACTIONS["sinkhole"])
                if hit["qname"].startswith("deep.")} >= {"HTTPS", "MX", "SOA"}
    server.wait_for(found, what="hits of three types")


def test_sinkholed_and_denied_names_are_never_asked_upstream(server, upstream):
    for action in ("sinkhole", "nxdomain"):
        server.client.ask(f"leak.{ACTIONS[action]}")
        assert not [line for line in upstream.asked() if ACTIONS[action] in line]


def test_allowlist_wins_over_the_index(start, tmp_path, upstream):
    """An allowed name, and what lies below it, is resolved normally and recorded as colliding."""
    names = {"one": "eeqkxmvwprtz.com", "two": "ffqkxmvwprtz.com"}
    server = start({"feeds": feed_of(tmp_path / "feed.csv", names), "resolution": upstream.resolution,
                    "policy": {"allowlist": [names["one"]]}})
    server.wait_sinkholed(names["two"])
    for name in (names["one"], f"www.{names['one']}"):
        assert addresses(server.client.ask(name)) == RESOLVED, f"{name} is allowed"
    hits = server.wait_for(lambda: recorded(server, names["one"]), what="colliding hit")
    assert {hit["action"] for hit in hits} == {"colliding"}


def test_clients_outside_the_sinkhole_list_are_neither_swallowed_nor_recorded(start, tmp_path, upstream):
    """Neither from the cache nor on the first question, whose answer comes from recursion."""
    name, outsider, insider = "ttqkxmvwprtz.com", "127.0.0.8", "127.0.0.9"
    server = start({"feeds": feed_of(tmp_path / "feed.csv", {"f": name}), "resolution": upstream.resolution,
                    "access": {"sinkhole": [insider]}})
    inside, outside = (Client(server.port, source=source) for source in (insider, outsider))
    server.wait_for(lambda: addresses(inside.ask(name)) == [SINKHOLE_IPV4], what="index")
    for asked in (name, name, f"www.{name}"):
        assert addresses(outside.ask(asked)) == RESOLVED, asked
    server.wait_for(lambda: recorded(server, name), what="hit")
    assert {hit["client"] for hit in recorded(server, name)} == {insider}


def test_an_allowlist_change_is_obeyed_by_the_next_answer(start, tmp_path):
    name = "ssqkxmvwprtz.com"
    server = start({"feeds": feed_of(tmp_path / "feed.csv", {"f": name})})
    server.wait_sinkholed(name)
    server.configure({"feeds": [{"path": str(tmp_path / "feed.csv")}], "policy": {"allowlist": [name]}})
    server.reload()
    server.wait_for(lambda: not server.sinkholes(name), 10, "allowed name")


@pytest.mark.parametrize("name", ["google.com", "microsoft.com", "com", "co.uk", "in-addr.arpa"])
def test_names_that_must_never_be_swallowed_are_not(start, tmp_path, upstream, name):
    """A feed that lists a popular name or a whole TLD must not take the Internet down."""
    server = start({"feeds": feed_of(tmp_path / "feed.csv", {"bad": name, "good": "ggqkxmvwprtz.org"}),
                    "resolution": upstream.resolution})
    server.wait_sinkholed("ggqkxmvwprtz.org")
    for asked in (name, f"www.{name}", f"x.y.{name}"):
        assert addresses(server.client.ask(asked)) == RESOLVED, f"{asked} was not resolved normally"
    assert {hit["action"] for hit in recorded(server, name)} <= {"colliding"}


def test_names_inside_own_zones_are_not_swallowed(start, tmp_path):
    zone = tmp_path / "own.zone"
    zone.write_text("$ORIGIN own-operator.net.\n$TTL 300\n@ SOA ns h 1 60 60 60 60\n@ NS ns\n"
                    "ns A 192.0.2.1\nwww A 192.0.2.2\n")
    names = {"bad": "www.own-operator.net", "good": "hhqkxmvwprtz.com"}
    server = start({"feeds": feed_of(tmp_path / "feed.csv", names),
                    "zones": [{"name": "own-operator.net", "file": str(zone)}]})
    server.wait_sinkholed(names["good"])
    assert addresses(server.client.ask(names["bad"])) == ["192.0.2.2"]


@pytest.mark.parametrize("how", ["command", "signal"])
def test_the_index_changes_and_the_next_answer_obeys(start, tmp_path, how):
    """A feed gains a name, loses a name: after `ponor reload` or SIGHUP answers follow."""
    first, second = "iiqkxmvwprtz.com", "jjqkxmvwprtz.com"
    path = tmp_path / "feed.csv"
    server = start({"feeds": feed_of(path, {"f": first})})
    server.wait_sinkholed(first)
    assert not server.sinkholes(second)
    feeds.write_names(path, [second], "f")
    server.reload() if how == "command" else server.hang_up()
    server.wait_sinkholed(second, 30)
    assert not server.sinkholes(first), "a name that left the feed is resolved again"


def test_answers_flow_while_the_index_is_swapped(start, tmp_path):
    """No query is lost or late while a larger index is built and published."""
    path = tmp_path / "feed.csv"
    stable, late = "kkqkxmvwprtz.com", "llqkxmvwprtz.com"
    server = start({"feeds": feed_of(path, {"f": stable})})
    server.wait_sinkholed(stable)
    feeds.write_names(path, [stable, *feeds.made_up(100_000, "swap"), late], "f")
    server.reload()
    def swapped():
        assert server.sinkholes(stable), "an answer was lost or wrong during the swap"
        return server.sinkholes(late)
    server.wait_for(swapped, 60, "new index")


def test_a_feed_name_outside_of_its_dates_is_not_swallowed(start, tmp_path):
    today = families.today()
    def day(offset: int) -> str:
        return (today + timedelta(days=offset)).isoformat()
    rows = [feeds.row("mmqkxmvwprtz.com", start=day(-1), end=day(2)),
            feeds.row("nnqkxmvwprtz.com", start=day(-60), end=day(-40)),
            feeds.row("ooqkxmvwprtz.com", start=day(40), end=day(60))]
    server = start({"feeds": [{"path": str(feeds.write(tmp_path / "feed.csv", rows))}]})
    server.wait_sinkholed("mmqkxmvwprtz.com")
    for name in ("nnqkxmvwprtz.com", "ooqkxmvwprtz.com"):
        assert not server.sinkholes(name), name


def test_observe_then_sinkhole_denies_the_first_names(start, tmp_path):
    names = [f"step{number}qkxmvwprtz.com" for number in range(12)]
    feed = feeds.write(tmp_path / "walk.csv", [feeds.row(name, "walker") for name in names])
    ponor = start({"feeds": [{"path": str(feed)}],
                   "policy": {"actions": {"walker": "observe-then-sinkhole"}, "observed_names": 2}})
    ponor.wait_for(lambda: ponor.client.ask(names[0]).rcode() == dns.rcode.NXDOMAIN, what="index")
    answers = [ponor.client.ask(name) for name in names]
    denied = [answer.rcode() == dns.rcode.NXDOMAIN for answer in answers]
    # Names that share a bit of the memory count as one: two or a few more are denied, in front or not.
    assert denied[0] and 2 <= sum(denied) <= 6
    assert all(addresses(answer) == [SINKHOLE_IPV4]
               for answer, isDenied in zip(answers, denied) if not isDenied)
    # The same name gets the same answer, whatever type is asked and over whatever transport.
    for name, isDenied in zip(names, denied):
        assert (ponor.client.ask(name, "AAAA").rcode() == dns.rcode.NXDOMAIN) == isDenied
        assert (ponor.client.ask(name, tcp=True).rcode() == dns.rcode.NXDOMAIN) == isDenied
    # Another client begins by itself.
    other = Client(ponor.port, source="127.0.0.9")
    assert other.ask(names[-1]).rcode() == dns.rcode.NXDOMAIN
    hits = ponor.wait_for(lambda: [hit for hit in ponor.hits() if hit["client"] == "127.0.0.9"], what="hit")
    assert hits[0]["action"] == "nxdomain"
