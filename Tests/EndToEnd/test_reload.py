"""Issue 4, point 9: what a running server changes without a restart, and what it says of the rest."""

import json
import socket
import threading
import urllib.request

import pytest

from harness import environment, feeds
from harness.client import Client, query, receive_tcp, send_tcp
from harness.ponor import Ponor

NAMES = feeds.made_up(50, "reload")


@pytest.fixture
def server(start, tmp_path) -> Ponor:
    feed = feeds.write_names(tmp_path / "feed.csv", NAMES)
    ponor = start({"feeds": [{"path": str(feed)}], "server": {"workers": 1}, "sandbox": "off"})
    ponor.wait_sinkholed(NAMES[0])
    return ponor


def change(server: Ponor, changes: dict):
    """Change the configuration and reload; the reload's exit status and output."""
    config = {key: value for key, value in server.config.items() if key != "data_dir"}
    server.configure({**config, **{key: {**config.get(key, {}), **value} if isinstance(value, dict) else value
                                   for key, value in changes.items()}})
    return server.run("reload")


def test_addresses_come_and_go(server):
    other = Client(environment.free_port())
    both = [f"127.0.0.1:{server.port}", f"127.0.0.1:{other.port}"]
    assert other.udp(query(NAMES[0]), 0.3) is None
    assert change(server, {"server": {"listen": both}}).returncode == 0
    for client in (server.client, other):
        assert client.ask(NAMES[0]).answer and client.ask(NAMES[0], tcp=True).answer
    # A connection that stands goes on when its address is not listened on any more.
    with server.client.connect() as open_connection:
        send_tcp(open_connection, query(NAMES[1]).to_wire())
        assert receive_tcp(open_connection)
        assert change(server, {"server": {"listen": both[1:]}}).returncode == 0
        send_tcp(open_connection, query(NAMES[2]).to_wire())
        assert receive_tcp(open_connection)
    assert other.ask(NAMES[0]).answer and other.ask(NAMES[0], tcp=True).answer
    assert server.client.udp(query(NAMES[0]), 0.3) is None
    with pytest.raises(ConnectionRefusedError):
        server.client.connect()
    server.client, server.port = other, other.port


def test_an_address_that_cannot_be_had_changes_nothing(server):
    done = change(server, {"server": {"listen": [f"127.0.0.1:{server.port}", "192.0.2.1:5399"]}})
    assert done.returncode == 1 and "192.0.2.1:5399" in done.stderr and "server.listen" not in done.stdout
    assert server.client.ask(NAMES[0]).answer and server.client.ask(NAMES[0], tcp=True).answer


def test_workers_come_and_go_while_queries_flow(server):
    lost, stop = [], threading.Event()

    def ask(number: int) -> None:
        client = Client(server.port)
        while not stop.is_set():
            if client.udp(query(NAMES[number]), 2) is None:
                lost.append(number)

    threads = [threading.Thread(target=ask, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for workers in (3, 1, 4, 2):
        assert change(server, {"server": {"workers": workers}}).returncode == 0
        names = [line.split()[-1] for line in server_threads(server)]
        assert sum(name.startswith("ponor-udp") for name in names) == workers, names
    stop.set()
    for thread in threads:
        thread.join()
    assert not lost
    asked = server.status()["queries"]["by_kind"]["sinkholed"]
    server.wait_for(lambda: sum(hit["count"] for hit in server.hits()) == asked, 10, "all hits of all workers")


def server_threads(server: Ponor) -> list[str]:
    from pathlib import Path
    return [file.read_text().strip() for file in Path(f"/proc/{server.daemon.pid}/task").glob("*/comm")]


def test_http_log_limits_and_recording(server):
    ports = [environment.free_port(), environment.free_port()]
    for port in ports:
        assert change(server, {"http": {"listen": f"127.0.0.1:{port}"}}).returncode == 0
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            assert answer.status == 200
    with pytest.raises(OSError):
        urllib.request.urlopen(f"http://127.0.0.1:{ports[0]}/healthz", timeout=5)

    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = change(server, {"http": {"listen": f"127.0.0.1:{taken.getsockname()[1]}"}})
        assert done.returncode == 1 and "cannot listen" in done.stderr
    with urllib.request.urlopen(f"http://127.0.0.1:{ports[1]}/status", timeout=5) as answer:
        assert answer.status == 200
    assert change(server, {"http": {"listen": "off"}}).returncode == 0

    assert change(server, {"log": {"format": "json"}}).returncode == 0
    assert json.loads(server.log.splitlines()[-1])["message"] == "configuration reloaded"
    assert change(server, {"log": {"format": "text", "level": "error"}}).returncode == 0
    lines = len(server.log.splitlines())
    assert change(server, {"server": {"tcp": {"max_connections_per_client": 1, "max_connections": 10}}}).returncode == 0
    assert len(server.log.splitlines()) == lines

    with server.client.connect() as first, server.client.connect() as second:
        send_tcp(first, query(NAMES[3]).to_wire())
        assert receive_tcp(first)
        assert second.recv(1) == b"", "the second connection of a client is refused now"

    before = server.status()["hits"]["appended"]
    assert change(server, {"hits": {"enabled": False}}).returncode == 0
    assert server.client.ask(NAMES[4]).answer
    assert server.status()["hits"]["appended"] == before
    assert change(server, {"hits": {"enabled": True}}).returncode == 0
    assert server.client.ask(NAMES[4]).answer
    assert server.status()["hits"]["appended"] == before + 1


def test_cache_lifetimes(start, upstream):
    server = start({"resolution": upstream.resolution})
    kinds = lambda: server.status()["queries"]["by_kind"]  # noqa: E731
    server.client.ask("one.example")
    server.wait_for(lambda: server.client.ask("one.example") and kinds()["cache_hit"], 10, "cached answer")
    assert change(server, {"cache": {"max_ttl": 1}}).returncode == 0
    server.client.ask("two.example")
    recursed = kinds()["recursed"]
    server.wait_for(lambda: server.client.ask("two.example") and kinds()["recursed"] > recursed, 10,
                    "the end of an answer that may be kept for one second")
    assert server.client.ask("one.example") and kinds()["recursed"] == recursed + 1, "older answers stay"


def test_what_needs_a_restart_is_said_until_there_is_one(server):
    done = change(server, {"cache": {"memory": "32MiB"}})
    assert done.returncode == 0 and "not applied: cache.memory: 64MiB -> 32MiB (needs a restart)" in done.stdout
    assert "not in force: cache.memory: 64MiB -> 32MiB (needs a restart)" in server.status()["warnings"]
    assert change(server, {"cache": {"memory": "64MiB"}}).returncode == 0
    assert not [line for line in server.status()["warnings"] if "not in force" in line]
