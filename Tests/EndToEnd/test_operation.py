"""Issue 4, point 9: privileges, sandbox, service manager and health."""

import os
import pwd
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import dns.edns
import pytest

from harness import environment, feeds, peers
from harness.client import Client, addresses, errors, query
from harness.manager import NotifySocket
from harness.ponor import Ponor
from harness.processes import Daemon, run

NAMES = feeds.made_up(200, "operation")


def feed(tmp_path: Path) -> list[dict]:
    return [{"path": str(feeds.write_names(tmp_path / "feed.csv", NAMES))}]


def process(server: Ponor) -> dict[str, str]:
    """The fields of the process's status file."""
    text = Path(f"/proc/{server.daemon.pid}/status").read_text()
    return {key: value.strip() for key, value in (line.split(":", 1) for line in text.splitlines())}


# Privileges

@pytest.mark.needs_root
def test_root_is_given_up_and_low_ports_can_still_be_opened(tmp_path):
    if not environment.is_root():
        pytest.skip("needs root")
    folder = Path("/var/tmp") / f"ponor-e2e-{os.getpid()}"  # the user has no way into pytest's folders
    folder.mkdir(mode=0o755)
    server = Ponor(folder, {"server": {"user": "nobody", "workers": 2}, "feeds": feed(folder)}, port=853)
    try:
        server.start()
        server.wait_sinkholed(NAMES[0])
        status = process(server)
        nobody = str(pwd.getpwnam("nobody").pw_uid)
        assert set(status["Uid"].split()) == {nobody} and status["NoNewPrivs"] == "1"
        threads = {}
        for task in Path(f"/proc/{server.daemon.pid}/task").iterdir():
            name = (task / "comm").read_text().strip()
            threads[name] = int(re.search(r"CapEff:\s+(\w+)", (task / "status").read_text()).group(1), 16)
        assert threads.pop("ponor-bind") == 1 << 10, "one thread may bind low ports"
        assert set(threads.values()) == {0}, threads
        assert (server.data_dir / "ponor.sqlite").stat().st_uid == int(nobody)
        assert server.status()["operation"]["user"] == "nobody"
        # Another address at a low port, opened by the server as it is now.
        listen = ["127.0.0.1:853", "127.0.0.2:853"]
        server.configure({**{key: value for key, value in server.config.items()},
                          "server": {**server.config["server"], "listen": listen}})
        server.reload()
        other = Client(853, "127.0.0.2")
        assert other.ask(NAMES[1]).answer and other.ask(NAMES[1], tcp=True).answer
        assert server.stop() == 0
        assert server.start().stop() == 0, "a second start finds its own files"
    finally:
        if server.daemon:
            server.daemon.kill()
        shutil.rmtree(folder)


def test_a_user_that_does_not_exist_is_named(tmp_path):
    server = Ponor(tmp_path / "ponor", {"server": {"user": "nobody-at-all"}}).spawn()
    assert server.daemon.process.wait(20) == 1
    assert "there is no user 'nobody-at-all'" in server.log


# Sandbox

def test_a_confined_process_cannot_do_what_an_attacker_would(tmp_path):
    """`ponor sandbox check` confines itself as a server does, then tries."""
    server = Ponor(tmp_path / "ponor", {"sandbox": "required"})
    done = server.run("sandbox", "check")
    assert done.returncode == 0, done.stdout + done.stderr
    for attempt in ("read /etc/shadow", "run /bin/sh", "trace the parent process", "write /tmp", "write /etc",
                    "listen on TCP port 1", "connect to TCP port 25", "make a user namespace"):
        assert f"right: {attempt}: fails" in done.stdout
    assert "right: write the data directory: works" in done.stdout
    assert "right: run the program itself: works" in done.stdout
    server.configure({"sandbox": "off"})
    done = server.run("sandbox", "check")
    assert done.returncode == 1 and "WRONG: read /etc/shadow: works" in done.stdout, "the attempts are real ones"


def test_a_running_server_is_confined_and_says_so(start, tmp_path):
    server = start({"sandbox": "required", "feeds": feed(tmp_path)})
    server.wait_sinkholed(NAMES[0])  # the index was built by a confined process
    status = process(server)
    assert (status["Seccomp"], status["NoNewPrivs"]) == ("2", "1")
    measures = server.status()["operation"]["sandbox"]
    assert any(word.startswith("landlock") for word in measures) and any("seccomp" in word for word in measures)
    for task in Path(f"/proc/{server.daemon.pid}/task").iterdir():
        assert "Seccomp:\t2" in (task / "status").read_text(), "the filter holds for every thread"
    assert "landlock" in server.run("status").stdout


def test_a_reload_beyond_the_sandbox_is_said_to_need_a_restart(start, tmp_path):
    server = start({"feeds": feed(tmp_path)})
    server.wait_sinkholed(NAMES[0])
    port = environment.free_port()
    server.configure({**server.config, "feeds": [{"path": "/etc/shadow"}],
                      "server": {**server.config["server"], "listen": [f"127.0.0.1:{server.port}",
                                                                       f"127.0.0.1:{port}"]}})
    done = server.run("reload")
    assert f"the sandbox allows TCP port {port} only after a restart" in done.stdout
    assert "not applied: /etc/shadow: the sandbox covers it only after a restart" in done.stdout


def test_off_confines_nothing(start):
    server = start({"sandbox": "off"})
    assert process(server)["Seccomp"] == "0"
    assert server.status()["operation"]["sandbox"] == []


# Service manager

UNITS = environment.REPOSITORY / "config" / "systemd"


def test_the_units_are_valid_and_well_confined(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("needs systemd-analyze")
    for file in UNITS.iterdir():
        text = file.read_text().replace("/usr/bin/ponor", str(environment.PONOR.resolve()))
        (tmp_path / file.name).write_text(text)
    done = run(["systemd-analyze", "verify", *sorted(map(str, tmp_path.glob("ponor*")))])
    assert done.returncode == 0 and "ponor" not in done.stderr, done.stderr
    for unit in UNITS.glob("*.service"):
        done = run(["systemd-analyze", "security", "--offline=true", "--threshold=20", unit])
        assert done.returncode == 0, done.stdout[-200:]  # the threshold is in tenths: exposure at most 2.0


@pytest.mark.parametrize("kind", ["path", "abstract"])
def test_the_service_manager_hears_of_every_change(tmp_path, kind):
    address = str(tmp_path / "notify") if kind == "path" else f"@ponor-e2e-{os.getpid()}"
    manager = NotifySocket(address)
    server = Ponor(tmp_path / "ponor", {"feeds": feed(tmp_path)})
    server.daemon = Daemon(
        "ponor", [environment.PONOR, "serve", "--config", server.config_file], server.folder / "ponor.log",
        {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "600000"}).start()
    while not manager.has("READY"):
        assert server.daemon.running, server.daemon.tail()
    # Ready means: the index is in, the sockets are open.
    assert server.sinkholes(NAMES[0]) and server.client.ask(NAMES[0], tcp=True).answer
    ready = next(message for message in manager.messages if "READY" in message)
    assert "names listed" in ready["STATUS"]
    beats = sum(message.get("WATCHDOG") == "1" for message in manager.poll())
    server.wait_for(lambda: sum(m.get("WATCHDOG") == "1" for m in manager.poll()) >= beats + 2, 10, "watchdog")
    seen = len(manager.poll())
    server.hang_up()
    server.wait_for(lambda: any("READY" in message for message in manager.poll()[seen:]), 10, "end of reload")
    news = [message for message in manager.poll()[seen:] if "WATCHDOG" not in message]
    assert news[0]["RELOADING"] == "1" and "READY" in news[1]
    assert 0 < int(news[0]["MONOTONIC_USEC"]) <= time.monotonic_ns() // 1000
    assert server.stop() == 0
    assert manager.has("STOPPING")


# Health

HEALTH = {"name": "health.ponor.internal", "interval": "100ms"}


def unfit(server: Ponor) -> list[str]:
    """The reasons of `ponor health`; its exit status, /healthz and the health name must agree."""
    done = server.run("health")
    reasons = [] if done.stdout.strip() == "fit" else done.stdout.splitlines()
    assert done.returncode == (1 if reasons else 0), done
    return reasons


def test_health_over_http_dns_and_command_line(start, tmp_path):
    port = environment.free_port()
    server = start({"health": HEALTH, "http": {"listen": f"127.0.0.1:{port}"}, "feeds": feed(tmp_path),
                    "access": {"recursion": ["192.0.2.0/24"]}})
    assert unfit(server) == []
    answer = server.client.ask(HEALTH["name"])
    assert addresses(answer) == ["127.0.0.1"] and answer.answer[0].ttl == 0
    assert '"ok"' in str(server.client.ask(HEALTH["name"].upper(), "TXT", tcp=True))
    empty = server.client.ask(HEALTH["name"], "AAAA")
    assert empty.rcode() == 0 and not empty.answer
    # The index gets older than it may: unfit everywhere, and the name says so.
    server.configure({**server.config, "health": {**HEALTH, "index_max_age": "1s"}})
    server.reload()
    (reason,) = server.wait_for(lambda: unfit(server), 10, "staleness")
    assert reason.startswith("the index is stale")
    answer = server.client.ask(HEALTH["name"])
    assert answer.rcode() == 2 and errors(answer) == [14]
    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5)
    assert raised.value.code == 503
    assert server.status()["operation"]["unfit"] == [reason.replace(reason, server.status()["operation"]["unfit"][0])]
    server.configure({**server.config, "health": HEALTH})
    server.reload()
    server.wait_for(lambda: not unfit(server), 10, "fitness")
    assert server.client.ask(HEALTH["name"]).rcode() == 0


def test_recursion_that_is_down_makes_unfit(start, tmp_path):
    port = environment.free_port()
    folder = tmp_path / "upstream"
    upstream = peers.authority(folder, environment.LOOPBACK, ".", port=port)
    peers.started(upstream, Client(port))
    server = start({"resolution": {"mode": "forward", "upstreams": [f"127.0.0.1:{port}"], "dnssec": False,
                                   "allow_loopback": True, "timeout": "300ms"},
                    "health": {**HEALTH, "recursion_probe": ["probe.example"]}})
    server.wait_for(lambda: not unfit(server), 10, "fitness")
    assert "probe.example" in " ".join((folder / "questions.log").read_text().split())
    upstream.stop()
    # The authority's answers may be kept for a while; another name has not been asked yet.
    server.configure({**server.config, "health": {**HEALTH, "recursion_probe": ["other.example"]}})
    server.reload()
    (reason,) = server.wait_for(lambda: unfit(server), 10, "failure")
    assert reason == "recursion is down: no answer for other.example"


@pytest.mark.needs_root
def test_a_hit_log_that_is_stuck_makes_unfit(start, tmp_path):
    """Another process holds the database: hits wait, then the server says that it is stuck."""
    import sqlite3
    server = start({"health": {**HEALTH, "hits_stall": "1s"}, "feeds": feed(tmp_path)})
    server.wait_sinkholed(NAMES[0])
    server.wait_for(lambda: server.status()["hits"]["pending"] == 0, 10, "stored hits")
    with sqlite3.connect(server.data_dir / "ponor.sqlite", isolation_level=None) as database:
        database.execute("BEGIN EXCLUSIVE")
        for name in NAMES:
            assert server.client.ask(name).answer, "DNS goes on"
        reasons = server.wait_for(lambda: [line for line in unfit(server) if "stuck" in line], 20, "stuck hit log")
        assert "200 hits wait" in reasons[0]
        assert server.client.ask(HEALTH["name"]).rcode() == 2
        database.execute("ROLLBACK")
    server.wait_for(lambda: not unfit(server), 30, "fitness")
    assert sum(hit["count"] for hit in server.hits()) >= len(NAMES)


def test_a_server_that_is_told_to_stop_is_unfit_first(start, tmp_path):
    server = start({"health": HEALTH, "server": {"drain": "2s"}, "feeds": feed(tmp_path)})
    server.wait_sinkholed(NAMES[0])
    assert unfit(server) == []
    server.daemon.signal(15)
    (reason,) = server.wait_for(lambda: unfit(server), 2, "unfitness")
    assert reason == "the server is stopping"
    assert server.sinkholes(NAMES[0]), "it still answers"
    assert server.daemon.process.wait(20) == 0


def test_health_of_a_server_that_does_not_run(tmp_path):
    server = Ponor(tmp_path / "ponor")
    done = server.run("health")
    assert done.returncode == 1 and "no server is running" in done.stderr
