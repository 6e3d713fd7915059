"""Issue 5, Evidence 1, 2, 3, 5, 6: scores, cases, rebuilds, privacy, with the real server and real queries."""

import ipaddress
import json
import random
import time
import urllib.request

import dns.edns
import pytest

from harness import environment, feeds, metrics
from harness.client import Client, query
from harness.load import Walker
from harness.ponor import cli

NAMES = feeds.made_up(12, "evidence")
BOT, OTHER, STRANGER = "127.9.8.7", "127.9.8.8", "127.9.8.9"


@pytest.fixture
def server(start, tmp_path):
    ponor = start({"feeds": [{"path": str(feeds.write_names(tmp_path / "feed.csv", NAMES))}],
                   "http": {"listen": f"127.0.0.1:{environment.free_port()}"}})
    ponor.wait_sinkholed(f"ready.{NAMES[-1]}")
    return ponor


def walk(server, source: str, count: int = 5, tcp: bool = True) -> None:
    """Ask for the first names of the list, one after the other, as a bot would."""
    client = Client(server.port, source=source)
    for name in NAMES[:count]:
        assert client.ask(name, tcp=tcp)


def infection(server, client: str) -> dict:
    (one,) = server.json_lines("infections", "list", "--client", client)
    return one


# Scores

def test_the_list_shows_the_score_right_after_the_hits(server):
    walk(server, BOT)
    one = infection(server, BOT)
    assert one["hits"] == 5 and one["distinct_names"] == 5 and one["family"] == "testfeed"
    assert one["gate"] == "likely" and one["confidence"] > 0.9 and one["reasons"]
    assert one["case"] == "PN-" + time.strftime("%Y", time.gmtime()) + "-000002", "the first is of the start-up probe"
    assert one["state"] == "new" and one["scope"] == "line" and one["address_verified"] is True
    assert one["suspect"] == f"address:{BOT}" and len(one["id"]) == 36
    text = server.run("infections", "list", "--client", BOT).stdout
    assert one["case"] in text and "likely" in text


def test_a_single_lookup_is_recorded_and_no_more(server):
    walk(server, STRANGER, 1, tcp=False)
    one = infection(server, STRANGER)
    assert one["gate"] == "recorded" and one["address_verified"] is False
    assert server.json_lines("infections", "list", "--client", STRANGER, "--gate", "suspected") == []
    walk(server, BOT)
    assert [one["suspect"] for one in server.json_lines("infections", "list", "--gate", "likely")] == [f"address:{BOT}"]


def test_explain_shows_terms_whose_sum_is_the_score(server):
    walk(server, BOT)
    one = infection(server, BOT)
    for word in (one["case"], one["id"], one["id"][:8], BOT, one["suspect"]):
        (told,) = server.json_lines("infections", "explain", word)
        assert told["case"] == one["case"]
    assert {name["name"] for name in told["names"]} == set(NAMES[:5])
    for hypothesis in ("infected", "analyst", "relay"):
        assert sum(term[hypothesis] for term in told["terms"]) == pytest.approx(told["sum"][hypothesis])
    assert sum(told["probabilities"].values()) == pytest.approx(1)
    assert told["probabilities"]["infected"] == pytest.approx(told["confidence"])
    text = server.run("infections", "explain", one["case"]).stdout
    for part in (one["case"], NAMES[0], "terms", "probabilities", "what would make it surer"):
        assert part in text
    unknown = server.run("infections", "explain", "PN-2001-000001")
    assert unknown.returncode == 1 and len(unknown.stderr.splitlines()) == 1


def test_names_asked_for_by_mistake_do_not_prove_an_analyst_or_relay(server):
    """MX questions only: mail relays do that, bots do not."""
    client = Client(server.port, source=OTHER)
    for name in NAMES[:2]:
        client.ask(name, "MX", tcp=True)
    assert infection(server, OTHER)["gate"] == "recorded"


# Restarts

def explained(server) -> list[dict]:
    """Everything said of all episodes, apart from figures that age by the second."""
    told = []
    for one in server.json_lines("infections", "list"):
        (episode,) = server.json_lines("infections", "explain", one["case"])
        for key in ("scored_time", "terms", "sum", "probabilities"):
            episode.pop(key)
        episode["confidence"] = round(episode["confidence"], 3)
        told.append(episode)
    return sorted(told, key=lambda episode: episode["case"])


def test_kill_9_in_the_middle_loses_and_repeats_nothing(start, tmp_path):
    names = feeds.made_up(6_000, "killed")
    server = start({"feeds": [{"path": str(feeds.write_names(tmp_path / "feed.csv", names))}]})
    server.wait_sinkholed(f"ready.{names[0]}")
    chance = random.Random(environment.SEED)
    answered = 1
    for number in range(environment.scaled(6, least=3)):
        walker = Walker(server.port, names[number * 900:(number + 1) * 900])
        deadline = time.monotonic() + chance.uniform(0.05, 0.4)
        walker.walk(stop=lambda: time.monotonic() > deadline)
        server.kill()
        walker.drain()
        walker.close()
        answered += len(walker.answered)
        server.start()
    (one,) = server.json_lines("infections", "list")
    (told,) = server.json_lines("infections", "explain", one["case"])
    assert told["lookups"] == one["hits"] == sum(hit["count"] for hit in server.hits()) >= answered
    before = explained(server)
    done = server.run("evidence", "rebuild")
    assert done.returncode == 0, done.stderr
    assert explained(server) == before, "a rebuild gives what was computed live"


def test_a_rebuild_keeps_cases_and_their_work(server):
    walk(server, BOT)
    walk(server, OTHER, 2)
    case = infection(server, BOT)["case"]
    assert server.run("infections", "mark", case, "notified", "--note", "by mail").returncode == 0
    before = explained(server)
    assert server.run("evidence", "rebuild").returncode == 0
    assert explained(server) == before
    assert infection(server, BOT)["state"] == "notified"


def test_without_a_server_the_command_scores_itself(server):
    walk(server, BOT)
    server.kill()
    one = infection(server, BOT)
    assert one["gate"] == "likely" and one["hits"] == 5
    assert server.run("evidence", "status").returncode == 0


# Cases

def test_the_work_on_a_case(server):
    walk(server, BOT)
    case = infection(server, BOT)["case"]
    assert [due["case"] for due in server.json_lines("infections", "due")] == [case]
    for state in ("notified", "acknowledged", "cleaned"):
        assert server.run("infections", "mark", case, state, "--note", "ticket 7").returncode == 0
    assert server.json_lines("infections", "due") == []
    (told,) = server.json_lines("infections", "explain", case)
    assert [step["state"] for step in told["steps"]] == ["notified", "acknowledged", "cleaned-claimed"]
    assert all(step["note"] == "ticket 7" and step["who"].startswith("uid ") for step in told["steps"])
    walk(server, BOT, 3)
    assert infection(server, BOT)["state"] == "reopened", "seen after it was claimed to be clean"
    for words, status in ((["PN-1999-000001", "notified"], 1), (["nonsense", "notified"], 2), ([case, "verified"], 1)):
        done = server.run("infections", "mark", *words)
        assert done.returncode == status and len(done.stderr.splitlines()) == 1, done.stderr
    (figures,) = server.json_lines("infections", "stats")
    assert figures["family"] == "testfeed" and figures["counts"]["notified"] == 1


def records(server, client: str) -> list[dict]:
    done = server.run("export", "json")
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return [record for record in found if record["client"]["address"] == client]


def test_a_false_positive_is_withdrawn_and_reaches_the_score(server):
    walk(server, BOT)
    one = infection(server, BOT)
    (record,) = records(server, BOT)
    assert record["gate"] == "likely" and record["episode"] == one["id"]
    assert server.run("infections", "mark", one["case"], "false-positive").returncode == 0
    (withdrawn,) = records(server, BOT)
    assert withdrawn["id"] == record["id"] and withdrawn["change"] == "withdrawn"
    assert withdrawn["revision"] == record["revision"] + 1
    after = infection(server, BOT)
    assert after["confidence"] < one["confidence"] and after["state"] == "false-positive"
    walk(server, BOT, 8)
    assert infection(server, BOT)["state"] == "false-positive"
    assert records(server, BOT) == [withdrawn], "nothing more is said of it"


# Privacy

def traces(server, client: str) -> list[str]:
    """Files of the data directory in which the client's address stands, as octets or text."""
    wanted = (ipaddress.ip_address(client).packed, client.encode())
    files = [file for file in server.data_dir.rglob("*") if file.is_file()]
    return [file.name for file in files if any(word in file.read_bytes() for word in wanted)]


def test_access_and_erasure(server):
    walk(server, BOT)
    walk(server, OTHER)
    assert infection(server, BOT) and traces(server, BOT)
    report = json.loads(server.run("privacy", "report", BOT).stdout)
    assert len(report["hits"]) == 5 and len(report["episodes"]) == 1 and len(report["records"]) == 1
    assert [read["action"] for read in report["reads"]][-1] == "privacy report"
    done = server.run("privacy", "erase", BOT)
    assert done.returncode == 0, done.stderr
    assert "5 hits" in done.stdout and "1 episodes" in done.stdout
    assert server.json_lines("infections", "list", "--client", BOT) == []
    assert traces(server, BOT) == []
    assert infection(server, OTHER)["hits"] == 5
    assert json.loads(server.run("privacy", "report", BOT).stdout)["hits"] == []


def test_devices_behind_a_forwarder_are_found_and_erased_by_their_own_addresses(start, tmp_path):
    forwarder, mine, other = "127.9.8.51", "10.77.203.7", "10.77.203.8"
    server = start({"feeds": [{"path": str(feeds.write_names(tmp_path / "feed.csv", NAMES))}],
                    "access": {"forwarders": [forwarder]}})
    server.wait_sinkholed(f"ready.{NAMES[-1]}")
    client = Client(server.port, source=forwarder)
    for number, address in enumerate((mine, other)):
        options = [dns.edns.ECSOption(address, 32), dns.edns.GenericOption(65001, bytes([2, 0, 0x5E, 0x10, 0, number]))]
        for name in NAMES[:5]:
            assert client.udp(query(name, options=options))
    server.wait_for(lambda: len(server.hits()) == 11, what="hits")

    def stored(address: str) -> tuple[int, int, int]:
        report = json.loads(server.run("privacy", "report", address).stdout)
        return len(report["hits"]), len(report["episodes"]), len(report["records"])
    assert stored(mine) == stored(other) == (5, 1, 1)
    assert stored(forwarder) == (10, 2, 2), "a forwarder's address means all devices behind it"
    done = server.run("privacy", "erase", mine)
    assert done.returncode == 0 and "5 hits" in done.stdout and "1 episodes" in done.stdout, done.stderr
    assert traces(server, mine) == [] and stored(mine) == (0, 0, 0)
    assert stored(other) == (5, 1, 1), "other devices of the forwarder are others"


def test_every_read_is_on_record(server):
    walk(server, BOT)
    server.hits()
    infection(server, BOT)
    server.json_lines("infections", "explain", BOT)
    server.run("export", "shadowserver")
    notes = server.json_lines("privacy", "audit")
    assert [note["action"] for note in notes] == ["hits list", "infections list", "infections explain", "export"]
    assert all(note["who"].startswith("uid ") and note["via"] == "command" for note in notes)
    about = server.json_lines("privacy", "audit", "--subject", BOT)
    assert [note["action"] for note in about] == ["infections list", "infections explain"]
    assert all(BOT not in json.dumps(note) for note in notes)


# Status

def test_status_and_metrics(server):
    walk(server, BOT)
    infection(server, BOT)
    evidence = server.status()["evidence"]
    assert evidence["pending"] == 0 and evidence["open"]["likely"] == 1 and evidence.get("last_error") is None
    assert "open episodes" in server.run("status").stdout
    with urllib.request.urlopen(f"http://{server.config['http']['listen']}/metrics") as response:
        text = response.read().decode()
    families, problems = metrics.read(text)
    assert problems == [] and metrics.lint(text) == []
    assert {"ponor_evidence_pending", "ponor_evidence_scored_total", "ponor_evidence_open_episodes",
            "ponor_evidence_quarantined_names", "ponor_evidence_failing"} <= set(families)


def test_settings_are_checked_when_the_server_starts(server, tmp_path):
    broken = tmp_path / "parameters.yaml"
    broken.write_text("version: mine\nprior: 7\n")
    server.configure({"evidence": {"parameters": str(broken)}})
    done = server.run("infections", "list")
    assert done.returncode == 1 and str(broken) in done.stderr and len(done.stderr.splitlines()) == 1
    printed = cli("evidence", "parameters")
    assert printed.returncode == 0 and "version:" in printed.stdout
