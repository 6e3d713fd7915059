"""Issue 4, point 9: a restart in the middle of thousands of queries a second loses none of them."""

import time

import pytest

from harness import environment, feeds
from harness.flood import Flood
from harness.load import Walker
from harness.manager import ServiceSockets
from harness.ponor import Ponor
from harness.processes import Daemon

NAMES = feeds.made_up(500, "restart")
RATE = 5_000
SECONDS = 3


def config(tmp_path, **more) -> dict:
    feed = feeds.write_names(tmp_path / "feed.csv", NAMES)
    return {"feeds": [{"path": str(feed)}], "hits": {"ring_size": "16MiB"},
            "server": {"workers": 2, "linger": "20s"}, **more}


def successor(server: Ponor, number: int) -> Daemon:
    daemon = Daemon("ponor", [environment.PONOR, "serve", "--takeover", "--config", server.config_file],
                    server.folder / f"successor{number}.log")
    return daemon.start()


def hits(server: Ponor) -> int:
    return sum(hit["count"] for hit in server.hits())


@pytest.mark.parametrize("mode", ["udp", "tcp"])
def test_a_takeover_loses_no_query_and_no_hit(start, tmp_path, mode):
    server = start(config(tmp_path))
    server.wait_sinkholed(NAMES[0])
    old = server.daemon
    flood = Flood(tmp_path, server.port, NAMES, seconds=SECONDS, rate=RATE, mode=mode)
    time.sleep(1)
    server.daemon = successor(server, 1)
    server.daemon.wait_until(lambda: "answering" in server.daemon.tail(), 20, "takeover")
    if mode == "udp":
        # And once more: a successor can be taken over from too.
        second = successor(server, 2)
        second.wait_until(lambda: "answering" in second.tail(), 20, "second takeover")
        assert server.daemon.process.wait(30) == 0
        server.daemon = second
    outcome = flood.outcome()
    assert old.process.wait(30) == 0, old.tail()
    assert outcome.lost == 0, outcome
    assert outcome.completed == outcome.sent > RATE * SECONDS * 0.5, outcome
    assert "NOERROR" in outcome.rcodes and "," not in outcome.rcodes, outcome
    expected = outcome.completed + len([1]) if mode == "udp" else outcome.completed + 1
    server.wait_for(lambda: hits(server) >= expected, 20, "all hits in the database")
    assert hits(server) == expected, "each answer is one hit, none lost and none twice"
    assert server.status()["pid"] == server.daemon.pid
    left = [file.name for file in (server.data_dir / "hits").iterdir()]
    server.wait_for(lambda: not list((server.data_dir / "hits").glob("*.retired")), 10, f"rings drained {left}")


def test_a_failed_takeover_leaves_the_old_server_answering(start, tmp_path):
    """The successor is killed as soon as it has asked for the sockets, again and again."""
    server = start(config(tmp_path))
    server.wait_sinkholed(NAMES[0])
    walker = Walker(server.port, NAMES * 40)
    for number, delay in enumerate((0.01, 0.03, 0.06, 0.1)):
        dead = successor(server, number)
        deadline = time.monotonic() + delay
        walker.walk(stop=lambda: time.monotonic() > deadline)
        if "answering" in dead.tail():
            server.daemon = dead
            break
        dead.kill()
        if has_given_way(server):
            break  # on a busy machine it was killed after it had all it wanted: nothing failed
    else:
        server.wait_for(lambda: server.answers(), 5, "answer")
        server.wait_for(lambda: server.status()["hits"]["pending"] == 0, 20, "stored hits")


def has_given_way(server: Ponor) -> bool:
    """Whether a server has left its place to another, once it has made up its mind about those that asked."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        text = server.log
        gave_way, stayed = text.count("has taken over"), text.count("this one goes on")
        if text.count("is about to take over") == gave_way + stayed:
            return gave_way > 0
        time.sleep(0.02)
    raise AssertionError(f"the server does not make up its mind\n{server.log}")


def test_takeover_without_a_server_is_a_start(start, tmp_path):
    server = Ponor(tmp_path / "alone", config(tmp_path))
    server.daemon = successor(server, 0)
    server.daemon.wait_until(server.answers, 20, "answer")
    assert "starting as usual" in server.daemon.tail()
    assert server.stop() == 0


@pytest.mark.parametrize("sockets", [1, 3])
def test_a_restart_with_sockets_of_the_service_manager_loses_no_query(tmp_path, sockets):
    server = Ponor(tmp_path / "unit", config(tmp_path))
    lent = ServiceSockets(server.port, udp=sockets)
    command = [environment.PONOR, "serve", "--config", server.config_file]
    try:
        server.daemon = lent.lend(command, tmp_path / "first.log").start()
        server.wait_sinkholed(NAMES[0])
        assert server.status()["operation"]["inherited_sockets"] == sockets + 1
        flood = Flood(tmp_path, server.port, NAMES, seconds=SECONDS, rate=RATE)
        time.sleep(1)
        assert server.stop() == 0
        server.daemon = lent.lend(command, tmp_path / "second.log").start()
        outcome = flood.outcome()
        assert outcome.lost == 0 and outcome.completed == outcome.sent > RATE * SECONDS * 0.5, outcome
        assert server.client.ask(NAMES[1], tcp=True).answer
        assert server.stop() == 0
    finally:
        lent.close()


def test_a_socket_that_the_configuration_does_not_name_is_refused(tmp_path):
    server = Ponor(tmp_path / "unit", config(tmp_path))
    lent = ServiceSockets(environment.free_port())
    daemon = lent.lend([environment.PONOR, "serve", "--config", server.config_file], tmp_path / "log").start()
    assert daemon.process.wait(20) == 1
    assert "which server.listen does not name" in daemon.tail()
    lent.close()


def test_a_stop_under_load_loses_nothing_that_was_accepted(start, tmp_path):
    """SIGTERM while queries come: first unfit, then no more queries, then the last hits stored."""
    server = start(config(tmp_path, server={"workers": 2, "drain": "1s"}, health={"name": "health.test"}))
    server.wait_sinkholed(NAMES[0])
    assert server.client.ask("health.test").rcode() == 0
    flood = Flood(tmp_path, server.port, NAMES, seconds=1, rate=RATE)
    server.daemon.signal(15)
    server.wait_for(lambda: server.client.ask("health.test").rcode() == 2, 2, "SERVFAIL for the health name")
    outcome = flood.outcome()
    assert server.daemon.process.wait(20) == 0
    assert hits(server) >= outcome.completed + 1
