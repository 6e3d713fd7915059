"""Issue 5: evidence and delivery together when something breaks under them: full disks, and servers that take over
from each other. DNS goes on, every lookup is scored, and every record arrives under the id it would have had anyway."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from harness import environment, feeds, receivers
from harness.client import Client
from harness.disks import fill, small_disk
from harness.ponor import SINKHOLE_IPV4, Ponor
from harness.processes import Daemon

NAMES = feeds.made_up(8, "faults")
ASKED = 5


@pytest.fixture
def hook(tmp_path):
    receiver = receivers.Webhook(tmp_path / "hook").start()
    yield receiver
    receiver.stop()


def config(tmp_path: Path, hook, **more) -> dict:
    """A server whose infections go to a webhook and into files."""
    feed = feeds.write_names(tmp_path / "feed.csv", NAMES)
    (tmp_path / "key").write_text(receivers.SECRET)
    (tmp_path / "out").mkdir(exist_ok=True)
    return {"feeds": [{"path": str(feed)}], "hits": {"ring_size": "4MiB"},
            "recipients": [{"name": "all", "min_gate": "recorded", "tlp": "red"}],
            "exports": [
                {"name": "hook", "kind": "webhook", "recipient": "all", "secret": f"file:{tmp_path / 'key'}",
                 "url": f"http://{environment.LOOPBACK}:{hook.port}/"},
                {"name": "files", "kind": "files", "recipient": "all", "format": "json",
                 "folder": str(tmp_path / "out")}],
            "delivery": {"retry_first": "200ms", "retry_longest": "1s", "timeout": "5s"}, **more}


def walk(server: Ponor, clients: range) -> None:
    """Each client asks for the first names of the list, as a bot would; every question must be answered."""
    for number in clients:
        client = Client(server.port, source=f"127.9.7.{number}", timeout=10)
        for name in NAMES[:ASKED]:
            assert SINKHOLE_IPV4 in str(client.ask(name, tcp=True)), "DNS goes on"


def scored(server: Ponor, clients: int) -> None:
    """Wait until nothing is left to store, score or send."""
    def isDone():
        status = server.status()
        sinks = {sink["name"]: sink for sink in status["delivery"]["sinks"]}
        return (status["hits"]["pending"] == status["evidence"]["pending"] == 0
                and not status["hits"].get("last_error") and not status["evidence"].get("last_error")
                and {"hook", "files"} <= set(sinks)
                and all(sink["lag"] == 0 and not sink.get("problem") for sink in sinks.values())
                and sum(hit["count"] for hit in own(server.hits())) == clients * ASKED)
    server.wait_for(isDone, 120, "rest")


def own(entries: list[dict]) -> list[dict]:
    """Without the lookups by which a test waits for a server."""
    return [entry for entry in entries if "127.9.7." in json.dumps(entry)]


def episodes(server: Ponor) -> list[tuple]:
    """What is known of each client, without what ages and without numbers given in the order of coming."""
    told = own(server.json_lines("infections", "list"))
    return sorted((one["suspect"], one["id"], one["family"], one["hits"], one["distinct_names"], one["gate"],
                   one["first_time"], one["last_time"]) for one in told)


def exported(server: Ponor) -> set[str]:
    """Ids of the records there are."""
    done = server.run("export", "json")
    assert done.returncode == 0, done.stderr
    return {json.loads(line)["id"] for line in done.stdout.splitlines()}


def without_fault(server: Ponor, folder: Path) -> Ponor:
    """The stored hits scored by somebody else in one go: what evidence there would be had nothing happened."""
    other = Ponor(folder, {"feeds": server.config["feeds"]})
    other.data_dir.mkdir()
    for file in server.data_dir.glob("ponor.sqlite*"):
        shutil.copy(file, other.data_dir)
    return other


def check(server: Ponor, hook, folder: Path, clients: int) -> None:
    """Nothing is missing: hits, episodes, messages and the files of the day."""
    scored(server, clients)
    assert server.status()["hits"]["dropped"] == 0
    assert server.stop() == 0
    found = episodes(server)
    assert len(found) == clients and all(one[3] == ASKED for one in found)
    other = without_fault(server, folder / "again")
    assert episodes(other) == found
    assert exported(other) == exported(server)

    revisions: dict[str, list[int]] = {}
    for entry in hook.taken:
        body = json.loads(entry["body"])
        assert entry["id"] == f"{body['id']}_{body['revision']}" and entry["signed"]
        revisions.setdefault(body["id"], []).append(body["revision"])
    assert set(revisions) == exported(server)
    assert all(set(told) == set(range(1, max(told) + 1)) for told in revisions.values()), "no revision is left out"
    with closing(sqlite3.connect(server.data_dir / "evidence.sqlite")) as database:
        (records,) = database.execute("SELECT count(*) FROM feed").fetchone()
    assert sum(len(set(told)) for told in revisions.values()) == records, "each record that was made arrived"

    done = server.run("deliver", "run", "--once", "--close-days")
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for file in (folder / "out").glob("*.jsonl") for line in file.read_text().splitlines()]
    assert {line["id"] for line in lines} == exported(server)


# Disks

@pytest.mark.needs_root
def test_a_full_data_directory_delays_evidence_and_delivery_and_loses_nothing(start, tmp_path, hook):
    with small_disk(tmp_path / "disk", "64m") as disk:
        server = start(config(tmp_path, hook, data_dir=str(disk / "var")))
        server.wait_sinkholed(f"ready.{NAMES[-1]}")
        walk(server, range(1, 5))
        server.wait_for(lambda: len(hook.taken) >= 4, 60, "first deliveries")
        ballast = fill(disk)
        walk(server, range(5, 45))
        server.wait_for(lambda: server.status()["hits"].get("last_error"), 30, "an error of the hits")
        walk(server, range(45, 65))
        ballast.unlink()
        walk(server, range(65, 71))
        check(server, hook, tmp_path, 70)


@pytest.mark.needs_root
def test_a_full_disk_under_the_evidence_delays_it_and_loses_nothing(start, tmp_path, hook):
    """Hits and cursors are on another disk, so that the engine has something to fail with."""
    with small_disk(tmp_path / "disk", "4m") as disk:
        data = tmp_path / "var"
        data.mkdir()
        (data / "evidence.sqlite").symlink_to(disk / "evidence.sqlite")
        # The sandbox opens the data directory, and nothing that a link in it leads to.
        server = start(config(tmp_path, hook, data_dir=str(data), sandbox="off"))
        server.wait_sinkholed(f"ready.{NAMES[-1]}")
        walk(server, range(1, 5))
        server.wait_for(lambda: len(hook.taken) >= 4, 60, "first deliveries")
        ballast = fill(disk)
        for first in range(5, 165, 20):
            walk(server, range(first, first + 20))
        server.wait_for(lambda: server.status()["evidence"].get("last_error"), 60, "an error of the evidence")
        status = server.status()
        assert "full" in status["evidence"]["last_error"] and not status["hits"].get("last_error")
        assert status["evidence"]["pending"] > 0
        assert "full" in server.run("status").stdout
        walk(server, range(165, 171))
        ballast.unlink()
        check(server, hook, tmp_path, 170)


# Servers

def successor(server: Ponor, number: int) -> Daemon:
    return Daemon("ponor", [environment.PONOR, "serve", "--takeover", "--config", server.config_file],
                  server.folder / f"successor{number}.log").start()


def deliverers(server: Ponor) -> list[int]:
    """Process ids of those that deliver for a server."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"deliver" in words and str(server.config_file).encode() in words:
            found.append(int(process.name))
    return found


def test_takeovers_lose_no_record_and_leave_one_deliverer(start, tmp_path, hook):
    server = start(config(tmp_path, hook, server={"linger": "20s"}))
    server.wait_sinkholed(f"ready.{NAMES[-1]}")
    walk(server, range(1, 11))
    server.wait_for(lambda: hook.taken, 60, "first deliveries")
    hook.behave("slow:0.05")  # so that something is under way whenever a server goes
    for number in range(1, 4):
        first = number * 20
        walk(server, range(first, first + 10))
        old, server.daemon = server.daemon, successor(server, number)
        walk(server, range(first + 10, first + 15))
        server.daemon.wait_until(lambda: "answering" in server.daemon.tail(), 60, "takeover")
        walk(server, range(first + 15, first + 20))
        assert old.process.wait(60) == 0, old.tail()
    hook.behave("ok")
    walk(server, range(11, 20))
    scored(server, 79)
    (pid,) = deliverers(server)
    assert f"pid {pid}" in server.status()["delivery"]["process"]
    check(server, hook, tmp_path, 79)
    assert deliverers(server) == []
