"""Issue 2 point 9: `kill -9` under load, many times. Every answered hit is recorded, each once,
and at most one batch per worker more (hits whose record was written but whose answer was not sent)."""

import random
import time
from collections import Counter

import pytest

from harness import environment, feeds
from harness.load import Walker, question

ROUNDS = environment.scaled(20, least=5)
NAMES_PER_ROUND = 10_000
BATCH = 64      # recvmmsg/sendmmsg batch of a worker
WORKERS = 2


def counts(server) -> Counter:
    """How often each name was recorded."""
    recorded: Counter = Counter()
    for hit in server.hits():
        recorded[hit["qname"].rstrip(".").lower()] += hit["count"]
    return recorded


def compare(recorded: Counter, walkers: list[Walker]) -> None:
    """Answered ⊆ recorded, each once, and few recorded beyond the answered."""
    for number, walker in enumerate(walkers):
        lost = [name for name in walker.answered if recorded[name] == 0]
        twice = [name for name in walker.names if recorded[name] > 1]
        more = [name for name in walker.names if recorded[name] and name not in walker.answered]
        assert not lost, f"round {number}: {len(lost)} of {len(walker.answered)} answered hits lost: {lost[:3]}"
        assert not twice, f"round {number}: {len(twice)} recorded more than once: {twice[:3]}"
        assert len(more) <= BATCH * WORKERS, f"round {number}: {len(more)} recorded but never answered"


@pytest.fixture
def server(start, tmp_path):
    names = feeds.made_up(ROUNDS * NAMES_PER_ROUND, "crash")
    feed = feeds.write_names(tmp_path / "feed.csv", names)
    ponor = start({"feeds": [{"path": str(feed)}], "server": {"workers": WORKERS}})
    ponor.names = names
    ponor.wait_sinkholed(f"x.{names[-1]}")
    return ponor


@pytest.mark.long
def test_kill_9_under_load_loses_no_answered_hit(server):
    chance = random.Random(environment.SEED)
    walkers = []
    for number in range(ROUNDS):
        names = server.names[number * NAMES_PER_ROUND:(number + 1) * NAMES_PER_ROUND]
        walker = Walker(server.port, names)
        deadline = time.monotonic() + chance.uniform(0.01, 0.25)
        walker.walk(stop=lambda: time.monotonic() > deadline)
        server.kill()
        walker.drain()
        walker.close()
        walkers.append(walker)
        server.start()
        if number in (0, ROUNDS - 1):
            expected = sum(len(one.answered) for one in walkers)
            server.wait_for(lambda: sum(counts(server).values()) >= expected, 30, "recovered hits")
            compare(counts(server), walkers)
    assert sum(len(walker.answered) for walker in walkers) > 50 * ROUNDS, "there was load"


def test_a_graceful_stop_drains(start, tmp_path):
    """SIGTERM under load: all answered hits are stored when the process has ended with 0."""
    names = feeds.made_up(20_000, "drain")
    server = start({"feeds": [{"path": str(feeds.write_names(tmp_path / "feed.csv", names))}]})
    server.wait_sinkholed(f"x.{names[0]}")
    walker = Walker(server.port, names[:10_000])
    deadline = time.monotonic() + 0.2
    walker.walk(stop=lambda: time.monotonic() > deadline)
    assert server.stop() == 0
    walker.drain()
    compare(counts(server), [walker])


def test_a_kill_during_recovery_and_index_build_is_survived(start, tmp_path):
    """Killed again and again right after the start: the next start is as good as the first."""
    names = feeds.made_up(20_000, "again")
    server = start({"feeds": [{"path": str(feeds.write_names(tmp_path / "feed.csv", names))}]})
    server.wait_sinkholed(f"x.{names[0]}")
    walker = Walker(server.port, names[:5_000])
    walker.walk()
    server.kill()
    for delay in (0, 0.005, 0.01, 0.02, 0.05, 0.1):
        server.spawn()
        time.sleep(delay)
        server.kill()
    server.start()
    server.wait_sinkholed(f"y.{names[0]}")
    server.wait_for(lambda: len(counts(server)) >= len(walker.answered), 20, "recovered hits")
    compare(counts(server), [walker])


def test_repeats_are_folded_into_counts_without_loss(start, tmp_path):
    """A client that asks one name thousands of times is one row or few, and the sum is right."""
    name = "qzkvowpxnefy.com"
    server = start({"feeds": [{"path": str(feeds.write_names(tmp_path / "feed.csv", [name]))}]})
    server.wait_sinkholed(f"x.{name}")
    walker = Walker(server.port, [name] * 2_000)  # one socket: the same client and port
    for number in range(2_000):
        walker.sock.send(question(number, name))
        walker.sock.recv(2048)
    walker.close()
    server.wait_for(lambda: counts(server)[name] == 2_000, 20, "2,000 lookups in the counts")
    rows = [hit for hit in server.hits() if hit["qname"].rstrip(".") == name]
    assert all(hit["time"] <= hit["last_time"] for hit in rows)
