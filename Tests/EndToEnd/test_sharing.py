"""Issue 5, exports 8 and 9: the delivering process beside a server, and what recipients fetch over HTTP.

The hits are real: names of a feed, asked for over TCP.
"""

import hashlib
import hmac
import json
import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from harness import environment, feeds, metrics, receivers
from harness.client import query
from harness.ponor import SINKHOLE_IPV4

NAMES = feeds.made_up(12, "sharing")
TOKEN = "isp-token-of-the-test"


@pytest.fixture
def shared(tmp_path, start):
    """A server with a webhook, TAXII and reports; its HTTP port and the webhook."""
    hook = receivers.Webhook(tmp_path / "hook").start()
    (tmp_path / "key").write_text(receivers.SECRET)
    (tmp_path / "token").write_text(TOKEN)
    feed = feeds.write_names(tmp_path / "feed.csv", NAMES)
    port = environment.free_port()

    def make(**changes):
        server = start({
            "feeds": [{"path": str(feed)}], "http": {"listen": f"{environment.LOOPBACK}:{port}"},
            "recipients": [
                {"name": "isp", "prefixes": ["127.0.0.0/8"], "min_gate": "recorded", "tlp": "red",
                 "token": f"file:{tmp_path / 'token'}", "taxii": True, "reports": True},
                {"name": "other", "prefixes": ["192.0.2.0/24"], "min_gate": "recorded", "tlp": "red",
                 "token": f"file:{tmp_path / 'key'}", "taxii": True, "reports": True}],
            "exports": [{"name": "hook", "kind": "webhook", "recipient": "isp", "secret": f"file:{tmp_path / 'key'}",
                         "url": f"http://{environment.LOOPBACK}:{hook.port}/"}],
            "delivery": {"retry_first": "200ms", "retry_longest": "1s", "timeout": "1s"}, **changes})
        server.wait_sinkholed(NAMES[0])
        return server
    yield make, port, hook
    hook.stop()


def child(server) -> int | None:
    """The process id of the delivering process."""
    found = re.search(r"pid (\d+)", (server.status().get("delivery") or {}).get("process", ""))
    return int(found[1]) if found else None


def hook_sink(server) -> dict:
    """Where the webhook's sink stands."""
    return next((sink for sink in server.status()["delivery"]["sinks"] if sink["name"] == "hook"), {})


def first_seen(taken: list[dict]) -> dict[str, list[int]]:
    """Revisions of each record in the order in which they came first; repeats are allowed."""
    revisions: dict[str, list[int]] = {}
    for entry in taken:
        body = json.loads(entry["body"])
        told = revisions.setdefault(body["id"], [])
        if body["revision"] not in told:
            told.append(body["revision"])
    return revisions


def ask_all(server) -> None:
    for name in NAMES:
        assert SINKHOLE_IPV4 in str(server.client.ask(name, tcp=True))


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return True
    except ProcessLookupError:
        return False


def post(port: int, path: str, form: dict, key: str = TOKEN):
    body = json.dumps(form).encode()
    code = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    request = urllib.request.Request(f"http://{environment.LOOPBACK}:{port}{path}", body, {"HMAC2": code})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read()


def test_lookups_reach_the_webhook_and_what_breaks_stays_away_from_dns(shared):
    make, port, hook = shared
    hook.behave("503")
    server = make()
    ask_all(server)
    # Once it is noted: a process that is killed between its try and the note would try as for the first time.
    server.wait_for(lambda: hook.seen and hook_sink(server).get("failures"), 60, "a try that failed")
    # The receiver fails, the delivering process is killed again and again: every query is answered.
    answered, killed = 0, set()
    for number in range(600):
        answered += server.client.udp(query(NAMES[number % len(NAMES)]), 10) is not None
        if number % 150 == 75:
            killed.add(pid := server.wait_for(lambda: (pid := child(server)) not in killed and pid, 60,
                                              "delivering process"))
            os.kill(pid, signal.SIGKILL)
    assert answered == 600
    hook.behave("ok")
    # The receiver has a message before the sink notes that it was taken, and the last process that was killed is
    # started again after 8 s only.
    server.wait_for(lambda: hook.taken and hook_sink(server).get("delivered"), 120, "delivery")
    record = json.loads(hook.taken[-1]["body"])
    assert record["family"] == "testfeed" and record["client"]["address"] == "127.0.0.1"
    assert all(entry["id"] and entry["signed"] for entry in hook.seen)
    # At least once, none lost, in order. A try that timed out may have been taken all the same: that is a repeat.
    assert all(told == list(range(1, len(told) + 1)) for told in first_seen(hook.taken).values())
    sink = hook_sink(server)
    assert sink["delivered"] >= 1 and sink["failures"] >= 1
    text = server.run("status").stdout
    assert "delivery  running, pid" in text and "hook: " in text
    page = urllib.request.urlopen(f"http://{environment.LOOPBACK}:{port}/metrics").read().decode()
    found, problems = metrics.read(page)
    assert not problems
    assert found["ponor_delivery_delivered_total"].value(sink="hook") >= 1
    assert found["ponor_delivery_failures_total"].value(sink="hook") >= 1


def test_the_delivering_process_ends_with_the_server(shared):
    make, _, _ = shared
    server = make()
    pid = server.wait_for(lambda: child(server), what="delivering process")
    server.kill()
    end = time.monotonic() + 20
    while alive(pid):
        assert time.monotonic() < end, "the delivering process outlives its server"
        time.sleep(0.1)
    server = make()
    pid = server.wait_for(lambda: child(server), what="delivering process")
    assert server.stop() == 0
    assert not alive(pid)


def test_a_reload_changes_sinks(shared, tmp_path):
    make, _, hook = shared
    server = make()
    first = server.wait_for(lambda: child(server), what="delivering process")
    server.configure({**server.config, "exports": []})
    server.reload()
    server.wait_for(lambda: (pid := child(server)) and pid != first, what="another process")
    assert not any(sink["name"] == "hook" for sink in server.status()["delivery"]["sinks"])
    ask_all(server)
    server.wait_for(lambda: any(sink["delivered"] for sink in server.status()["delivery"]["sinks"]), what="objects")
    assert not hook.taken


def test_taxii_is_polled_by_taxii2_client(shared):
    make, port, _ = shared
    server = make()
    ask_all(server)

    def poll(user, token):
        url = f"http://{environment.LOOPBACK}:{port}/taxii2/"
        return json.loads(receivers.program("taxii", url, user, token))["collections"]

    def mine():
        (infections,) = (content for title, content in poll("isp", TOKEN).items() if "Infections" in title)
        return any(thing["type"] == "sighting" for thing in infections["objects"]) and infections
    infections = server.wait_for(mine, 60, "objects")
    for content in poll("isp", TOKEN).values():
        ids = [thing["id"] for thing in content["objects"]]
        assert ids and len(set(ids)) == len(ids), "paged without repeats"
        assert set(ids) == {entry["id"] for entry in content["manifest"]}
        assert len(content["later"]) == len(content["manifest"]) - len(content["manifest"]) // 2 - 1
    types = {thing["type"] for thing in infections["objects"]}
    assert {"identity", "malware", "indicator", "observed-data", "sighting", "ipv4-addr"} <= types
    (domains,) = (content for title, content in poll("isp", TOKEN).items() if "Names" in title)
    assert "ipv4-addr" not in {thing["type"] for thing in domains["objects"]}
    patterns = {thing["pattern"] for thing in domains["objects"] if thing["type"] == "indicator"}
    assert {f"[domain-name:value = '{name}']" for name in NAMES[:3]} <= patterns

    (other,) = (content for title, content in poll("other", receivers.SECRET).items() if "Infections" in title)
    assert other["objects"] == [], "each sees its own"
    for credentials in ("isp:wrong", "nobody:" + TOKEN):
        done = subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-u", credentials,
                               f"http://{environment.LOOPBACK}:{port}/taxii2/"], capture_output=True, text=True)
        assert done.stdout == "401"
    audit = server.run("privacy", "audit")
    if audit.returncode == 0:
        assert "isp" in audit.stdout and "http" in audit.stdout


def test_reports_are_pulled_as_from_shadowserver(shared):
    make, port, _ = shared
    server = make()
    ask_all(server)
    server.wait_for(lambda: (status := server.status())["delivery"]["sinks"]
                    and all(sink["lag"] == 0 for sink in status["delivery"]["sinks"]) and child(server),
                    60, "collected records")
    server.wait_for(lambda: "127.0.0.1" in server.run("infections", "list").stdout, 60, "evidence")
    assert server.stop() == 0
    done = server.run("deliver", "run", "--once", "--close-days")
    assert done.returncode == 0, done.stderr
    server.start()

    reports = json.loads(post(port, "/api2/reports/list", {"apikey": "isp"}))
    assert {report["type"] for report in reports} == {"event4_sinkhole"}
    (report,) = reports
    today = time.strftime("%Y-%m-%d", time.gmtime())
    assert json.loads(post(port, "/api2/reports/list", {"apikey": "isp", "date": "2020-01-01:2020-01-02"})) == []
    assert json.loads(post(port, "/api2/reports/list", {"apikey": "isp", "date": f"2020-01-01:{today}"})) == reports
    text = urllib.request.urlopen(f"http://{environment.LOOPBACK}:{port}/dl/{report['id']}").read().decode()
    assert text.count('"timestamp"') == 1 and '"127.0.0.1"' in text
    assert post(port, "/api2/reports/download", {"apikey": "isp", "id": report["id"]}).decode() == text
    assert json.loads(post(port, "/api2/reports/list", {"apikey": "other"}, receivers.SECRET)) == []
    for key, name in (("wrong", "isp"), (TOKEN, "other")):
        with pytest.raises(urllib.error.HTTPError) as refused:
            post(port, "/api2/reports/list", {"apikey": name}, key)
        assert refused.value.code == 401
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"http://{environment.LOOPBACK}:{port}/dl/{'0' * 32}")
