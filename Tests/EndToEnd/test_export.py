"""Issue 2, "When it is done" (4): a Shadowserver CSV that IntelMQ's own parser accepts."""

import csv
import io
import sys

import pytest

from harness import environment, feeds
from harness.processes import run

CONSUMER = environment.REPOSITORY / "Tests/Consumers/intelmq_shadowserver.py"
NAMES = feeds.made_up(5, "export")


@pytest.fixture(scope="module")
def server(start_shared, tmp_path_factory):
    feed = feeds.write_names(tmp_path_factory.mktemp("feed") / "feed.csv", NAMES, family="necurs", seed="magic9")
    ponor = start_shared({"feeds": [{"path": str(feed)}]})
    ponor.wait_sinkholed(f"ready.{NAMES[0]}")
    for name in NAMES:
        for tcp in (False, True):
            ponor.client.ask(name, tcp=tcp)
    ponor.wait_for(lambda: len({hit["matched"] for hit in ponor.hits()}) == len(NAMES), 10, "hits")
    return ponor


def test_the_columns_are_those_of_event4_sinkhole(server):
    done = server.run("export", "shadowserver")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert rows and all(None not in row and None not in row.values() for row in rows)
    for row in rows:
        assert row["src_ip"] == "127.0.0.1" and int(row["src_port"]) > 0
        assert row["protocol"] in ("udp", "tcp") and row["infection"] == "necurs"
        assert row["timestamp"][:4].isdigit()


def test_output_goes_to_a_file_if_asked(server, tmp_path):
    done = server.run("export", "shadowserver", "--output", tmp_path / "out.csv")
    assert done.returncode == 0 and done.stdout == ""
    assert (tmp_path / "out.csv").read_text().startswith('"timestamp"') or \
        (tmp_path / "out.csv").read_text().startswith("timestamp")


def test_an_empty_period_and_an_unknown_format(server):
    nothing = server.run("export", "shadowserver", "--since", "2015-01-01", "--until", "2015-01-02")
    assert nothing.returncode == 1 and len(nothing.stdout.splitlines()) <= 1
    unknown = server.run("export", "nosuchformat")
    assert unknown.returncode == 2 and "shadowserver" in unknown.stderr


@pytest.mark.long
def test_intelmq_accepts_it(server, tmp_path):
    if not CONSUMER.exists():
        pytest.skip(f"no {CONSUMER}")
    file = tmp_path / f"{'2026-11-23'}-event4_sinkhole.csv"
    assert server.run("export", "shadowserver", "--output", file).returncode == 0
    done = run([sys.executable, CONSUMER, file], seconds=300)
    assert done.returncode == 0, done.stdout + done.stderr
