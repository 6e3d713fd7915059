"""DESIGN §4 and §8: the other commands, the table of bad configurations and bad feeds, reload, status."""

import json
import time

import pytest

from harness import environment, families, feeds
from harness.ponor import cli, number
from test_models_cli import assert_one_line

NAME = "qzkvowpxnefy.com"


# Usage

@pytest.mark.parametrize("arguments", [["nosuchcommand"], ["models"], ["models", "nosuch"], ["serve", "--nosuch"],
                                       ["index", "lookup"], ["models", "generate"], ["hits", "list", "--since"]])
def test_wrong_usage_is_status_2(arguments):
    done = cli(*arguments)
    assert done.returncode == 2 and done.stdout == "" and done.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"], ["models", "generate", "--help"],
                                       ["index", "build", "--help"], ["hits", "list", "--help"],
                                       ["export", "--help"]])
def test_help_is_status_0_on_stdout(arguments):
    done = cli(*arguments)
    assert done.returncode == 0 and "USAGE" in done.stdout.upper() and done.stderr == ""


def test_version():
    done = cli("--version")
    assert done.returncode == 0 and done.stdout.strip()


# Configuration

def test_the_reference_is_a_valid_configuration(tmp_path):
    """`ponor config reference` prints what `ponor config check` accepts."""
    reference = cli("config", "reference")
    assert reference.returncode == 0 and reference.stderr == ""
    file = tmp_path / "reference.yaml"
    file.write_text(reference.stdout)
    checked = cli("config", "check", file)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_reference_in_the_repository_is_the_printed_one():
    files = list((environment.REPOSITORY / "config").glob("*.yaml"))
    if not files:
        pytest.skip("no config/ folder here")
    assert any(file.read_text() == cli("config", "reference").stdout for file in files)


BAD = [  # text, line, words that the message must have
    ("server:\n  lissen: ['127.0.0.1:53']\n", 2, ["lissen", "listen"]),
    ("sever:\n  workers: 1\n", 1, ["sever", "server"]),
    ("server:\n  listen: ['127.0.0.1:5300']\n  workers: lots\n", 3, ["workers", "lots"]),
    ("server:\n  workers: 0\n", 2, ["workers", "0"]),
    ("server:\n  workers: 1.5\n", 2, ["workers"]),
    ("server: { listen: ['localhost:53'] }\n", 1, ["listen", "localhost"]),
    ("server: { listen: ['127.0.0.1:70000'] }\n", 1, ["listen", "70000"]),
    ("server: { listen: [] }\n", 1, ["listen"]),
    ("server: nothing\n", 1, ["server"]),
    ("resolution:\n  mode: sideways\n", 2, ["mode", "sideways", "recursive"]),
    ("resolution:\n  mode: forward\n", None, ["upstreams"]),
    ("resolution:\n  trust_anchors: ['. IN DS twenty 8 2 abcd']\n", 2, ["trust_anchors"]),
    ("access:\n  recursion: ['10.0.0.1/8']\n", 2, ["recursion", "10.0.0.1/8"]),
    ("access:\n  recursion: ['127.0.0.0/33']\n", 2, ["recursion", "/33"]),
    ("sinkhole:\n  ipv4: ['2001:db8::1']\n", 2, ["ipv4"]),
    ("sinkhole:\n  ttl: -1\n", 2, ["ttl", "-1"]),
    ("sinkhole:\n  ttl: 99999999999\n", 2, ["ttl"]),
    ("models:\n  days_before: 400\n", 2, ["days_before", "400"]),
    ("models:\n  families: [banjory]\n", 2, ["banjory", "banjori"]),
    ("policy:\n  actions: { banjori: explode }\n", 2, ["explode", "sinkhole"]),
    ("policy:\n  allowlist: ['not a name..']\n", 2, ["allowlist"]),
    ("feeds: [ { file: x.csv } ]\n", 1, ["file", "path"]),
    ("zones: [ { name: example.net } ]\n", 1, ["file"]),
    ("zones:\n  - { name: a.net, file: z }\n  - { name: A.NET., file: z }\n", 3, ["a.net"]),
    ("hits:\n  ring_size: 64 bananas\n", 2, ["ring_size", "64 bananas"]),
    ("server:\n  workers: 1\nserver:\n  workers: 2\n", 3, ["server"]),
    ("server:\n\tworkers: 1\n", 2, []),
    ("server: [\n", None, []),
    ("- just\n- a list\n", 1, []),
    ("\x00\x01", None, []),
]


@pytest.mark.parametrize("text, line, words", BAD, ids=[repr(text)[1:40] for text, _, _ in BAD])
def test_bad_configuration_is_refused_with_its_place(tmp_path, text, line, words):
    """`config check` and `serve` both: file, line, the culprit and the nearest valid key."""
    file = tmp_path / "ponor.yaml"
    file.write_text(text)
    checked = cli("config", "check", file)
    served = cli("serve", "--config", file, seconds=10)
    for done in (checked, served):
        assert done.returncode == 1, (done.returncode, done.stderr)
        message = done.stderr + done.stdout
        assert f"{file}:{line}" in message if line else str(file) in message, message
        for word in words:
            assert word.lower() in message.lower(), message


def test_all_problems_are_reported_at_once(tmp_path):
    file = tmp_path / "ponor.yaml"
    file.write_text("server:\n  lissen: []\nsinkhole:\n  ttl: -1\n")
    message = "".join((done := cli("config", "check", file)).stdout) + done.stderr
    assert f"{file}:2" in message and f"{file}:4" in message


@pytest.mark.parametrize("command", [["config", "check"], ["serve", "--config"]])
def test_a_missing_configuration_file(tmp_path, command):
    assert_one_line(cli(*command, tmp_path / "nowhere.yaml"), 1, "nowhere.yaml")


def test_a_port_in_use_is_one_line(start, tmp_path):
    first = start({})
    second = tmp_path / "second.yaml"
    second.write_text(json.dumps(first.config | {"data_dir": str(tmp_path / "other")}))
    done = cli("serve", "--config", second, seconds=20)
    assert done.returncode == 1
    assert f":{first.port}" in done.stderr.strip().splitlines()[-1]


# Feeds

def test_bad_feed_rows_are_counted_and_the_good_ones_serve(start, tmp_path):
    rows = [feeds.row(NAME), "", "# comment", "no-family-here.com", "a..b.com,f,s,,", "x" * 300 + ".com,f,s,,",
            "bad date.com,f,s,,", "datebad.com,f,s,yesterday,", "reversed.com,f,s,2027-01-02,2027-01-01",
            "192.0.2.1,f,s,,", feeds.row(f"second{NAME}")]
    feed = feeds.write(tmp_path / "feed.csv", rows)
    server = start({"feeds": [{"path": str(feed)}]})
    server.wait_sinkholed(NAME)
    assert server.sinkholes(f"second{NAME}")
    server.wait_for(lambda: [line for line in server.log.splitlines() if str(feed) in line], 5, "log line")
    told = [line for line in server.log.splitlines() if str(feed) in line]
    assert any(f"{feed}:5" in line or "line 5" in line for line in told), told


def test_a_missing_feed_is_named_and_the_others_serve(start, tmp_path):
    feed = feeds.write_names(tmp_path / "feed.csv", [NAME])
    server = start({"feeds": [{"path": str(tmp_path / "missing.csv")}, {"path": str(feed)}]})
    server.wait_sinkholed(NAME)
    assert "missing.csv" in server.log


# Index

def test_index_build_lookup_and_export(tmp_path):
    """A day's index from the models alone, without a server."""
    file = tmp_path / "today.index"
    day = families.today().isoformat()
    config = tmp_path / "ponor.yaml"
    config.write_text(json.dumps({"data_dir": str(tmp_path / "var"), "models": {"families": ["newgoz", "simda"]},
                                  "http": {"listen": "off"}}))
    built = cli("index", "build", "--config", config, "--date", day, "--days-before", "1", "--days-after", "1",
                "--output", file, seconds=120)
    assert built.returncode == 0, built.stderr
    assert file.stat().st_size > 10_000
    assert cli("index", "build", "--config", config, "--date", "soon", "--output", file).returncode == 2
    unwritable = cli("index", "build", "--config", config, "--output", tmp_path / "no/such/dir/x")
    assert_one_line(unwritable, 1, "no/such/dir")


@pytest.mark.parametrize("form", ["rpz", "csv", "text", "json", "hosts", "stix", "misp", "suricata-rules"])
def test_index_export(start, tmp_path, form):
    feed = feeds.write_names(tmp_path / "feed.csv", [NAME])
    server = start({"feeds": [{"path": str(feed)}]})
    server.wait_sinkholed(NAME)
    done = server.run("index", "export", "--format", form)
    assert done.returncode == 0 and NAME in done.stdout
    assert server.run("index", "export", "--format", "nosuch").returncode == 2
    assert server.run("index", "export").returncode == 2
    listed = server.run("index", "export", "--list").stdout
    assert form in [line.split()[0] for line in listed.splitlines()]
    file = tmp_path / "names"
    assert server.run("index", "export", "--format", form, "--output", str(file)).returncode == 0
    assert NAME in file.read_text() and done.stdout.count(NAME) == file.read_text().count(NAME)


def test_index_lookup_of_several_names(start, tmp_path):
    feed = feeds.write_names(tmp_path / "feed.csv", [NAME])
    server = start({"feeds": [{"path": str(feed)}]})
    server.wait_sinkholed(NAME)
    (row,) = server.lookup(NAME, "not-listed.com")
    assert (row["family"], row["seed"]) == ("testfeed", "s1")
    assert server.lookup(f"deep.www.{NAME}"), "a subdomain belongs to the listed name"
    assert server.run("index", "lookup", NAME).stdout, "for people as well"
    assert server.run("index", "lookup", "not-listed.com").returncode == 1
    assert server.run("index", "lookup", NAME, "--date", "2015-01-01").returncode == 1


# Hits and infections

@pytest.fixture
def visited(start, tmp_path):
    """A server that was asked for three names of one family."""
    names = [NAME, f"a{NAME}", f"b{NAME}"]
    server = start({"feeds": [{"path": str(feeds.write_names(tmp_path / "feed.csv", names))}]})
    server.wait_sinkholed(f"ready.{NAME}")
    for name in names:
        server.client.ask(name)
    server.wait_for(lambda: len({hit["matched"] for hit in server.hits()}) == 3, 10, "hits")
    return server


def test_hits_list(visited):
    keys = {"time", "last_time", "client", "client_port", "server", "transport", "qname", "matched", "qtype",
            "action", "family", "variant", "seed", "valid_from", "valid_to", "ordinal", "count"}
    for hit in visited.hits():
        assert keys <= set(hit), keys - set(hit)
        assert hit["time"].endswith("Z") and "." in hit["time"], "microseconds, UTC"
    assert visited.run("hits", "list").stdout.count(NAME) >= 3


def test_infections_list_is_an_honest_aggregate(visited):
    (infection,) = visited.json_lines("infections", "list")
    assert infection["client"] == "127.0.0.1" and infection["family"] == "testfeed"
    assert infection["distinct_names"] == 3
    assert visited.run("infections", "list").returncode == 0


def test_nothing_found_is_status_1(start):
    server = start({})
    for command in (["hits", "list"], ["infections", "list"]):
        done = server.run(*command)
        assert done.returncode == 1 and done.stdout == ""


def test_lists_work_while_the_server_is_down(visited):
    before = len(visited.hits())
    assert visited.stop() == 0
    assert len(visited.hits()) == before


# Status and reload

def test_status(visited):
    status = visited.status()
    assert number(status, "uptime") >= 0 and number(status, "names") >= 3
    assert visited.run("status").returncode == 0
    assert visited.stop() == 0
    assert_one_line(visited.run("status"), 1)
    assert_one_line(visited.run("reload"), 1)


def test_a_reload_with_a_bad_file_changes_nothing(visited):
    visited.config_file.write_text("server:\n  lissen: []\n")
    visited.hang_up()
    visited.wait_for(lambda: f"{visited.config_file}:2" in visited.log, 10, "message with file and line")
    assert visited.sinkholes(NAME)


def test_a_reload_applies_what_it_can_and_names_what_needs_a_restart(visited):
    changed = json.loads(json.dumps(visited.config))
    changed["sinkhole"]["ttl"] = 7
    changed["server"]["workers"] = 2
    visited.config_file.write_text(json.dumps(changed))
    visited.reload()
    visited.wait_for(lambda: visited.client.ask(NAME).answer[0].ttl == 7, 10, "new TTL")
    visited.wait_for(lambda: "workers" in visited.log and "restart" in visited.log, 5, "restart hint")


def test_no_log_line_per_query(visited):
    before = len(visited.log.splitlines())
    for _ in range(200):
        visited.client.ask(NAME)
        visited.client.ask("unlisted.example")
    time.sleep(0.5)
    assert len(visited.log.splitlines()) - before < 5


def test_it_starts_without_any_configuration(tmp_path):
    """DESIGN §8: a useful resolver on loopback with the built-in models."""
    done = cli("config", "check", cwd=tmp_path)
    assert done.returncode in (0, 2)
