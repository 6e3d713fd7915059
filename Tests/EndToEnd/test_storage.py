"""Issue 2, "What must be shown": full disk, read-only data directory, damaged database, damaged
index, two servers on one data directory. Each gives one clear error or a bounded, counted loss,
and DNS keeps answering."""

import time
import contextlib
import os
import sqlite3
import tempfile
from pathlib import Path

import pytest

from harness import environment, feeds
from harness.disks import fill, small_disk
from harness.load import Walker
from harness.ponor import Ponor
from harness.processes import run_checked

NAMES = feeds.made_up(20_000, "storage")


def config(tmp_path: Path, **more) -> dict:
    feed = feeds.write_names(tmp_path / "feed.csv", NAMES)
    return {"feeds": [{"path": str(feed)}], "hits": {"ring_size": "256KiB"}, **more}


def ready(server: Ponor) -> Ponor:
    server.wait_sinkholed(f"ready.{NAMES[0]}")
    return server


def walk(server: Ponor, begin: int, end: int) -> set[str]:
    """Ask NAMES[begin:end] at full speed; every one must be answered."""
    walker = Walker(server.port, NAMES[begin:end])
    walker.walk()
    walker.close()
    assert len(walker.answered) == end - begin, "DNS keeps answering"
    return walker.answered


def recorded(server: Ponor) -> int:
    """Lookups in the database, without those of `ready`."""
    return sum(hit["count"] for hit in server.hits() if not hit["qname"].startswith("ready."))


def dropped(server: Ponor) -> int:
    """Hits that were lost and counted."""
    return server.status()["hits"]["dropped"]


def lines(server: Ponor, *words: str) -> list[str]:
    """Log lines that contain all these words, in any case."""
    return [line for line in server.log.splitlines() if all(word.lower() in line.lower() for word in words)]


# Disk

@pytest.mark.needs_root
def test_a_disk_that_fills_up_costs_a_counted_loss_only(start, tmp_path):
    with small_disk(tmp_path / "disk", "24m") as disk:
        server = ready(start(config(tmp_path, data_dir=str(disk / "var"))))
        walk(server, 0, 100)
        server.wait_for(lambda: recorded(server) == 100, 10, "first hits")
        ballast = fill(disk)
        walk(server, 100, 20_000)
        server.wait_for(lambda: lines(server, "full"), 10, "one clear error")
        assert len(lines(server, "error")) < 20, "not one line per hit"
        ballast.unlink()
        server.wait_for(lambda: recorded(server) + dropped(server) >= 20_000, 30,
                        "every hit stored or counted as dropped")
        assert recorded(server) + dropped(server) == 20_000
        assert server.stop() == 0


@pytest.mark.needs_root
def test_a_full_disk_at_the_start(start, tmp_path):
    """Nothing can be written: the server still answers DNS, or says in one line why it does not start."""
    with small_disk(tmp_path / "disk", "1m") as disk:
        fill(disk)
        server = Ponor(tmp_path / "ponor", config(tmp_path, data_dir=str(disk)))
        answers_or_explains(server, str(disk))


@pytest.mark.needs_root
def test_a_read_only_data_directory(tmp_path):
    """A read-only mount, since root passes over permission bits."""
    with small_disk(tmp_path / "disk", "8m") as disk:
        run_checked(["mount", "-o", "remount,ro", disk])
        server = Ponor(tmp_path / "ponor", config(tmp_path, data_dir=str(disk)))
        answers_or_explains(server, str(disk))


@pytest.mark.needs_root
def test_a_disk_that_becomes_read_only_while_serving(start, tmp_path):
    with small_disk(tmp_path / "disk", "64m") as disk:
        server = ready(start(config(tmp_path, data_dir=str(disk / "var"))))
        walk(server, 0, 100)
        server.wait_for(lambda: recorded(server) == 100, 10, "first hits")
        with contextlib.suppress(AssertionError):  # refused while files are open for writing
            run_checked(["mount", "-o", "remount,ro", disk])
        walk(server, 100, 5_000)
        run_checked(["mount", "-o", "remount,rw", disk])
        assert server.stop() == 0


def answers_or_explains(server: Ponor, path: str) -> None:
    """DNS is answered with an error in the log, or the process ends with one line that names the path."""
    server.spawn()
    try:
        server.daemon.wait_until(lambda: server.answers() or not server.daemon.running, 15, "answer or end")
        if server.daemon.running:
            server.wait_for(lambda: lines(server, path), 10, f"log line naming {path}")
        else:
            assert server.daemon.returncode == 1
            assert len(server.log.splitlines()) <= 3 and path in server.log, server.log
    finally:
        if server.daemon.running:
            server.stop()
        assert len(lines(server, "fatal error")) == 0 and "Stack dump" not in server.log


# Database

@pytest.mark.parametrize("damage", ["noise", "truncated", "empty", "newer schema", "a directory"])
def test_a_damaged_database_does_not_stop_dns(start, tmp_path, damage):
    server = ready(start(config(tmp_path)))
    walk(server, 0, 500)
    server.wait_for(lambda: recorded(server) == 500, 10, "hits")
    assert server.stop() == 0
    database = server.data_dir / "ponor.sqlite"
    spoil(database, damage)
    server.start()
    server.wait_sinkholed(NAMES[1])
    walk(server, 500, 1_000)
    assert damage == "empty" or lines(server, database.name), "one clear error names the file"
    assert server.daemon.running


def spoil(database: Path, damage: str) -> None:
    """Damage an SQLite file."""
    data = database.read_bytes()
    for extra in database.parent.glob(database.name + "-*"):
        extra.unlink()
    if damage == "newer schema":
        with contextlib.closing(sqlite3.connect(database)) as connection:
            connection.execute("INSERT INTO grdb_migrations VALUES ('v999-from-the-future')")
            connection.commit()
        return
    database.unlink()
    if damage == "a directory":
        database.mkdir()
    else:
        database.write_bytes({"noise": os.urandom(len(data)), "truncated": data[:len(data) // 2 - 100],
                              "empty": b""}[damage])


def test_a_database_locked_by_another_program_loses_nothing(start, tmp_path):
    server = ready(start(config(tmp_path, hits={"ring_size": "16MiB"})))
    database = server.data_dir / "ponor.sqlite"
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        walk(server, 0, 5_000)
        connection.execute("ROLLBACK")
    server.wait_for(lambda: recorded(server) == 5_000, 30, "all hits after the lock is gone")


# Index

def index_files(server: Ponor) -> list[Path]:
    """The published index generations, newest last."""
    files = [file for file in server.data_dir.rglob("*") if file.is_file() and "index" in str(file.relative_to(
        server.data_dir)).lower() and file.stat().st_size > 10_000]
    return sorted(files, key=lambda file: file.stat().st_mtime)


@pytest.mark.parametrize("damage", ["truncated", "flipped", "version", "empty", "header"])
def test_a_damaged_index_is_refused_and_dns_keeps_answering(start, tmp_path, damage):
    """At the start: a clear error that names the file, then the previous generation or a new one."""
    server = ready(start(config(tmp_path)))
    assert server.stop() == 0
    newest = index_files(server)[-1]
    spoil_index(newest, damage)
    server.start()
    server.wait_sinkholed(NAMES[0], 30)
    assert lines(server, newest.name), "one clear error names the file"


def test_a_damaged_index_does_not_push_out_the_one_to_fall_back_on(start, tmp_path):
    """Kept generations are those that can be used: a second accident finds one too."""
    server = ready(start(config(tmp_path)))
    (good,) = index_files(server)
    for accident in (False, True):
        assert server.stop() == 0
        if accident:
            spoil_index(index_files(server)[-1], "flipped")
        late = f"{accident}qkxmvwprtz.com".lower()
        feeds.write_names(tmp_path / "late.csv", [late], "f")
        changes = config(tmp_path)
        server.configure({**changes, "feeds": [*changes["feeds"], {"path": str(tmp_path / "late.csv")}]})
        server.start()
        server.wait_sinkholed(late, 30)
        server.wait_for(lambda: len(index_files(server)) == 2, 10, "two generations kept")
    assert good in index_files(server)


def spoil_index(file: Path, damage: str) -> None:
    data = bytearray(file.read_bytes())
    middle = len(data) // 2
    if damage == "truncated":
        del data[middle:]
    elif damage == "flipped":
        data[middle] ^= 0x10
    elif damage == "version":
        data[8:12] = b"\xfe\xff\xff\xff"
    elif damage == "empty":
        data.clear()
    else:
        data[:16] = bytes(16)
    file.unlink()
    file.write_bytes(data)


@pytest.mark.parametrize("damage", ["truncated", "flipped", "version"])
def test_the_command_line_refuses_a_damaged_index(start, tmp_path, damage):
    server = ready(start(config(tmp_path)))
    assert server.stop() == 0
    newest = index_files(server)[-1]
    spoil_index(newest, damage)
    done = server.run("index", "lookup", NAMES[0])
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1
    assert newest.name in done.stderr


# Two servers

def test_two_servers_on_one_data_directory(start, tmp_path):
    """The second ends with one line; the first does not notice."""
    first = ready(start(config(tmp_path)))
    second = Ponor(tmp_path / "second", config(tmp_path, data_dir=str(first.data_dir)))
    second.spawn()
    deadline = time.monotonic() + 15
    while second.daemon.running and time.monotonic() < deadline:
        time.sleep(0.1)
    if second.daemon.running:
        second.stop()
        raise AssertionError("two servers share a data directory")
    assert second.daemon.returncode == 1
    assert len(second.log.splitlines()) <= 2 and str(first.data_dir) in second.log, second.log
    walk(first, 0, 1_000)
    first.wait_for(lambda: recorded(first) == 1_000, 10, "hits of the first server")


def test_the_lock_does_not_outlive_a_killed_server(start, tmp_path):
    server = ready(start(config(tmp_path)))
    server.kill()
    server.start()
    server.wait_sinkholed(NAMES[0])


@pytest.mark.needs_root
def test_a_data_directory_of_another_user(tmp_path):
    """As an unprivileged user: one line that names the directory, no stack trace."""
    for parent in (environment.PONOR, *environment.PONOR.parents):
        if not parent.stat().st_mode & 0o005:
            pytest.skip(f"{parent} is closed to other users")
    with tempfile.TemporaryDirectory(prefix="ponor-e2e-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "foreign").mkdir(mode=0o700)
        feeds.write_names(folder / "feed.csv", NAMES[:10])
        server = Ponor(folder / "ponor", config(folder, data_dir=str(folder / "foreign/var")),
                       prefix=["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"])
        answers_or_explains(server, str(folder / "foreign"))


# Rights

def test_only_the_owner_may_read_who_is_infected(start):
    server = start({})
    private = [file for file in server.data_dir.rglob("*")
               if ".sqlite" in file.name or file.suffix == ".hits" or file.is_socket()]
    assert {file.name for file in private} >= {"ponor.sqlite", "control.sock", "ring-0.hits"}
    assert not [file for file in private if file.stat().st_mode & 0o077]
