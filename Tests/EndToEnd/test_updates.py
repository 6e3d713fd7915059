"""Issue 2 point 4: a running resolver takes new feeds, seeds and days by itself, without a reload."""

from datetime import datetime, timedelta, timezone

import pytest

from harness import families, feeds
from harness.ponor import Ponor, cli

OFTEN = {"check_interval": "1s"}
SEED_FILE = """
family: dircrypt
seeds:
  - label: "DEADBEEF"
    parameters: { seed: 0xDEADBEEF, count: 20 }
    first_seen: 2026-11-20
"""


def test_a_changed_feed_is_noticed(start, tmp_path):
    path = tmp_path / "feed.csv"
    feeds.write_names(path, ["ppqkxmvwprtz.com"])
    server = start({"feeds": [{"path": str(path)}], "index": OFTEN})
    server.wait_sinkholed("ppqkxmvwprtz.com")
    feeds.write_names(path, ["qqqkxmvwprtz.com"])
    server.wait_sinkholed("qqqkxmvwprtz.com", 20)
    assert not server.sinkholes("ppqkxmvwprtz.com")


def test_a_seed_file_that_is_dropped_in_is_noticed(start, tmp_path):
    """DESIGN §4: seeds are data; hits name the new seed."""
    folder = tmp_path / "seeds.d"
    folder.mkdir()
    server = start({"models": {"families": ["dircrypt"], "seeds": [str(folder)]}, "index": OFTEN})
    (folder / "new.yaml").write_text(SEED_FILE)
    generated = cli("models", "generate", "dircrypt", "--seed", "DEADBEEF", "--seeds", folder)
    assert generated.returncode == 0, generated.stderr
    names = generated.stdout.splitlines()
    assert len(names) == 20
    server.wait_sinkholed(names[7], 20)
    (row,) = server.lookup(names[7])
    assert (row["family"], row["seed"], row["ordinal"]) == ("dircrypt", "DEADBEEF", 7)


def test_a_bad_seed_file_is_named_and_the_rest_serves(start, tmp_path):
    folder = tmp_path / "seeds.d"
    folder.mkdir()
    (folder / "bad.yaml").write_text("family: dircrypt\nseeds:\n  - label: x\n    parameters: { sead: 1 }\n")
    server = start({"models": {"families": ["dircrypt"], "seeds": [str(folder)]}})
    known = cli("models", "generate", "dircrypt", "--seed", "F2113C2A").stdout.splitlines()[0]
    server.wait_sinkholed(known)
    assert f"{folder / 'bad.yaml'}:" in server.log


@pytest.mark.long
def test_the_next_days_are_built_before_midnight(start):
    """At `index.rebuild_at` the window moves on by one day; nobody has to do anything."""
    now = datetime.now(timezone.utc)
    if now.hour == 23 and now.minute > 57:
        pytest.skip("too close to midnight")
    evening = now + timedelta(minutes=2)
    server = start({"models": {"families": ["newgoz"], "days_before": 0, "days_after": 1, "grace": "0s"},
                    "index": OFTEN | {"rebuild_at": f"{evening:%H:%M}"}})
    in_two_days = (families.today() + timedelta(days=2)).isoformat()
    name = cli("models", "generate", "newgoz", "--date", in_two_days, "--count", "1").stdout.strip()
    listed = bool(listed_now(server, name))
    assert not listed, "not yet in the window"
    server.wait_for(lambda: listed_now(server, name), 150, "the next day in the index")


def listed_now(server: Ponor, name: str) -> list[dict]:
    """Rows of the index, whatever the day: a lookup for the day after tomorrow."""
    day = (families.today() + timedelta(days=2)).isoformat()
    return [row for row in server.lookup(name) if row["valid_from"].startswith(day)]


def test_an_unchanged_start_does_not_build_again(start, tmp_path):
    """Ready at once with the index present: the generation after a restart is the one before."""
    feed = feeds.write_names(tmp_path / "feed.csv", ["rrqkxmvwprtz.com"])
    server = start({"feeds": [{"path": str(feed)}]})
    server.wait_sinkholed("rrqkxmvwprtz.com")
    before = server.status()["index"]["generation"]
    assert server.stop() == 0
    server.start(5)
    assert server.sinkholes("rrqkxmvwprtz.com"), "the first answer obeys the index"
    assert server.status()["index"]["generation"] == before
