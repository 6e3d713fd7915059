"""Issue 2, "When it is done" (4): a Shadowserver CSV that IntelMQ's own parser accepts."""

import csv
import io
import json
import subprocess
import sys

import pytest

from harness import environment, feeds
from harness.processes import run

CONSUMER = environment.REPOSITORY / "Tests/Consumers/check_shadowserver.py"
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
    if done.returncode == 77:
        pytest.skip(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr


# Records and formats

SCENARIO = environment.REPOSITORY / "Tests/Consumers/scenario.jsonl"


def export(*arguments, **options):
    return run([environment.PONOR, "export", *arguments], **options)


def test_formats_are_listed_and_the_schema_is_printed():
    listed = export("--list").stdout.splitlines()
    assert {"json", "csv", "shadowserver", "intelmq", "xarf", "n6", "iodef", "abuseio"} <= {line.split()[0] for line in listed}
    assert json.loads(export("--schema").stdout)["properties"]["lookups"]["maxItems"] == 10
    assert export().returncode == 2


def test_hits_become_canonical_records(server):
    done = server.run("export", "json")
    record = json.loads(done.stdout.splitlines()[0])
    assert record["family"] == "necurs" and record["count"] >= 2 * len(NAMES) and record["distinct_names"] == len(NAMES)
    assert record["client"]["address"] == "127.0.0.1" and record["verified"] and record["confidence"] > 0
    # What was written can be read, and is written the same.
    again = subprocess.run([environment.PONOR, "export", "json", "--records", "-", "--gate", "recorded"],
                           input=done.stdout, capture_output=True, text=True, timeout=60)
    assert again.stdout == done.stdout, again.stderr


def test_only_what_is_suspected_leaves_unless_asked_for():
    counts = [len(export("json", "--records", SCENARIO, *gate).stdout.splitlines())
              for gate in ([], ["--gate", "recorded"], ["--gate", "confirmed"])]
    # A withdrawal always leaves: whoever was told must be told again.
    assert counts == [27, 29, 4]
    assert "2 records below --gate suspected" in export("json", "--records", SCENARIO).stderr


def test_a_folder_gets_a_file_per_day_and_report(tmp_path):
    done = export("shadowserver", "--records", SCENARIO, "--output", tmp_path, "--name", "my-isp")
    assert done.returncode == 0 and done.stdout == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "2026-11-22-event4_sinkhole-my_isp-all.csv", "2026-11-22-event4_sinkhole_dns-my_isp-all.csv",
        "2026-11-22-event6_sinkhole-my_isp-all.csv", "2026-11-23-event4_sinkhole-my_isp-all.csv"]
    assert "1 record skipped: IPv6 client, forwarder" in done.stderr


def test_several_files_need_a_folder_and_bad_lines_are_told(tmp_path):
    assert export("abuseio", "--records", SCENARIO).returncode == 2
    assert export("json", "--records", tmp_path / "none").returncode == 1
    lines = SCENARIO.read_text().splitlines()
    (tmp_path / "records").write_text("\n".join(["{", lines[0], '{"schema":1}', lines[1][:200], lines[2]]))
    done = export("json", "--records", tmp_path / "records", "--output", tmp_path / "out")
    assert done.returncode == 0 and len((tmp_path / "out").read_text().splitlines()) == 2
    assert "records:1: no infection record: the line is not JSON" in done.stderr
    assert "3 of 5 lines are no infection records" in done.stderr
    assert not [path for path in tmp_path.iterdir() if "partial" in path.name]
