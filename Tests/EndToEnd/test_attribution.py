"""Issue 5, Evidence 4: who had an address, from what the real FreeRADIUS, Kea and ISC dhcpd wrote."""

import getpass
import gzip
import json
import re
import shutil
import socket
import stat
import time
from pathlib import Path

import pytest
import yaml

from harness import accounting, environment, feeds, leases
from harness.client import Client
from harness.processes import Daemon, run



class Desk:
    """An operator with a configuration file; runs `ponor attribution`."""

    def __init__(self, folder: Path, sources: list[dict], **options):
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.file = folder / "ponor.yaml"
        self.file.write_text(yaml.safe_dump({"attribution": {"sources": sources, **options}}))

    def run(self, verb: str, *words):
        return run([environment.PONOR, "attribution", verb, *words, "--config", self.file], cwd=self.folder)

    def build(self) -> "Desk":
        done = self.run("build")
        assert done.returncode == 0, done.stderr
        self.built = done
        return self

    def who(self, address: str, at: float, **options) -> dict:
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        done = self.run("lookup", address, "--at", f"{at:.6f}", "--json", *words)
        answer = json.loads(done.stdout)
        assert done.returncode == (0 if answer["state"] == "unique" else 1), done.stderr
        return answer

    def key(self, address: str, at: float, **options) -> str | None:
        return self.who(address, at, **options).get("key")


def tool(name: str) -> None:
    if not shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin"):
        pytest.skip(f"no {name}")


# RADIUS


@pytest.fixture(scope="module", params=["UTC", "America/New_York"])
def radius(request, tmp_path_factory):
    """What a FreeRADIUS wrote of three lines, and the instant it was told of them."""
    tool("freeradius")
    folder = tmp_path_factory.mktemp("radius")
    now = int(time.time())
    with accounting.AccountingServer(folder / "server", request.param) as server:
        def tell(status, line, session, address, **more):
            server.tell(status, User_Name=line, Acct_Session_Id=session, NAS_IP_Address="192.0.2.250",
                        Framed_IP_Address=address, **more)
        tell("Start", "line a", "1", "100.64.0.1", Event_Timestamp=now - 7200)
        tell("Interim-Update", "line a", "1", "100.64.0.1", Acct_Session_Time=600, Event_Timestamp=now - 6600,
             Delegated_IPv6_Prefix="2001:db8:1:200::/56")
        tell("Stop", "line a", "1", "100.64.0.1", Acct_Session_Time=3600, Event_Timestamp=now - 3600,
             Delegated_IPv6_Prefix="2001:db8:1:200::/56")
        tell("Start", "line-b", "2", "100.64.0.1", Acct_Delay_Time=30)
        # Its stop was lost; it was heard of twice, ten minutes apart.
        tell("Start", 'c"\\', "3", "100.64.0.3", Event_Timestamp=now - 9000)
        tell("Interim-Update", 'c"\\', "3", "100.64.0.3", Acct_Session_Time=600, Event_Timestamp=now - 8400)
    return server.folder, now


@pytest.mark.parametrize("format", ["radius-detail", "radacct-sqlite"])
def test_freeradius(radius, format, tmp_path):
    folder, now = radius
    path = folder / ("detail" if format == "radius-detail" else "radius.db")
    desk = Desk(tmp_path, [{"format": format, "path": str(path)}], tolerance="0s").build()
    assert "cannot be read" not in desk.built.stdout + desk.built.stderr
    assert desk.key("100.64.0.1", now - 7201) is None
    assert desk.who("100.64.0.1", now - 7200)["source"] == "radius"
    assert desk.key("100.64.0.1", now - 3601) == "line a"
    assert desk.key("2001:db8:1:2ff::7", now - 5000) == "line a"
    assert desk.key("2001:db8:1:2ff::7", now - 3500) is None
    assert desk.key("100.64.0.1", now - 3500) is None
    assert desk.key("100.64.0.1", now + 60) == "line-b"
    if format == "radius-detail":  # the table has the time it was received, some seconds after `now`
        assert desk.key("100.64.0.1", now - 31) is None
        assert desk.key("100.64.0.1", now - 1) == "line-b"
    # FreeRADIUS writes what is no safe character for SQL with backslashes, and both of these as =XX.
    quoted = 'c"\\' if format == "radius-detail" else "c=5C=22=5C=5C"
    assert desk.key("100.64.0.3", now - 7300) == quoted
    assert desk.key("100.64.0.3", now - 7100) is None, "a session heard of no more ends after two intervals"


# DHCP


def check_leases(desk: Desk, addresses: dict[str, str], source: str, begun: float) -> None:
    """Each address belongs to its key now and not before."""
    for address, key in addresses.items():
        assert desk.key(address, begun - 60) is None
        answer = desk.who(address, time.time())
        assert (answer["state"], answer.get("key"), answer.get("source")) == ("unique", key, source), answer
        assert desk.key(address, begun + 3600) is None, "a lease ends"


def customer_duid(place: leases.Segment) -> str:
    """The DUID dhclient made, as hex pairs."""
    text = (place.folder / "dhclient.leases").read_text()
    return ":".join(f"{int(part, 16):02x}" for part in re.search(r"dhcp6.client-id ([0-9a-f:]+);", text)[1].split(":"))


@pytest.mark.needs_root
@pytest.mark.parametrize("server", ["kea4", "dhcpd4"])
def test_dhcpv4(server, tmp_path):
    for name in ("kea-dhcp4", "dhcpd", "dhclient"):
        tool(name)
    begun = time.time()
    with leases.segment(tmp_path) as place:
        daemon = leases.kea4(place) if server == "kea4" else leases.dhcpd(place, 4)
        try:
            said = place.dhclient("-4", "-1")
            (address,) = re.findall(r"bound to ([0-9.]+)", said) or [said]
        finally:
            daemon.stop()
        path = tmp_path / ("kea4.csv" if server == "kea4" else "dhcpd4.leases")
        source = {"format": server.rstrip("4") if server == "dhcpd4" else server, "path": str(path)}
        desk = Desk(tmp_path / "desk", [source]).build()
        check_leases(desk, {address: leases.MAC}, "kea" if server == "kea4" else "dhcpd", begun)


@pytest.mark.needs_root
@pytest.mark.parametrize("server", ["kea6", "dhcpd6"])
def test_dhcpv6_with_delegated_prefix(server, tmp_path):
    for name in ("kea-dhcp6", "dhcpd", "dhclient"):
        tool(name)
    begun = time.time()
    with leases.segment(tmp_path) as place:
        daemon = leases.kea6(place) if server == "kea6" else leases.dhcpd(place, 6)
        try:
            said = place.dhclient("-6", "-1", "-N", "-P")
        finally:
            daemon.stop()
        address = re.search(r"IAADDR (\S+)", said)[1]
        prefix = re.search(r"IAPREFIX (\S+)/56", said)[1]
        path = tmp_path / ("kea6.csv" if server == "kea6" else "dhcpd6.leases")
        source = {"format": server.rstrip("6") if server == "dhcpd6" else server, "path": str(path)}
        desk = Desk(tmp_path / "desk", [source]).build()
        duid = customer_duid(place)
        inside = prefix.rstrip(":") + ":ab::7" if prefix.count(":") < 5 else prefix + "7"
        check_leases(desk, {address: duid, inside: duid}, "kea" if server == "kea6" else "dhcpd", begun)


@pytest.mark.needs_root
def test_dhcpd_release_ends_a_lease(tmp_path):
    for name in ("dhcpd", "dhclient"):
        tool(name)
    with leases.segment(tmp_path) as place:
        daemon = leases.dhcpd(place, 4)
        try:
            said = place.dhclient("-4", "-1")
            (address,) = re.findall(r"bound to ([0-9.]+)", said) or [said]
            time.sleep(2)
            place.configure(address)  # a release is sent from the address
            place.dhclient("-4", "-r")
            daemon.wait_until(lambda: "DHCPRELEASE" in daemon.log.read_text(), 10, "release")
        finally:
            daemon.stop()
        desk = Desk(tmp_path / "desk", [{"format": "dhcpd", "path": str(tmp_path / "dhcpd4.leases")}],
                    tolerance="0s").build()
        now = time.time()
        assert desk.key(address, now + 5) is None
        starts = re.search(r"starts \d ([0-9/]+ [0-9:]+);", (tmp_path / "dhcpd4.leases").read_text())[1]
        begun = time.mktime(time.strptime(starts + " UTC", "%Y/%m/%d %H:%M:%S %Z")) - time.timezone
        assert desk.key(address, begun) == leases.MAC


# The command


INTERVALS = """\
subscriber_key,ip_or_prefix,port_start,port_end,proto,valid_from_utc,valid_to_utc,source
line1,100.64.0.1,,,,2026-11-23T12:00:00Z,,x
line2,100.64.0.2,,,,2026-11-23T12:00:00Z,,x
oops,100.64.0.300,,,,,,x
"""
BLOCKS = """\
time,event,inner,outer,port_start,port_end
2026-11-23T12:30:00Z,alloc,100.64.0.1,192.0.2.1,1024,2047
2026-11-23T12:30:00Z,alloc,100.64.0.2,192.0.2.1,2048,3071
"""


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "intervals.csv").write_text(INTERVALS)
    with gzip.open(tmp_path / "blocks.csv.gz", "wt") as file:
        file.write(BLOCKS)
    return Desk(tmp_path, [{"format": "intervals", "path": "intervals.csv"},
                           {"format": "port-blocks", "path": "blocks.*"}])


def test_the_commands(desk, tmp_path):
    assert desk.run("lookup", "192.0.2.1").stderr.count("ponor attribution build") <= 1
    desk.build()
    assert "3 rows, 2 intervals, 1 rows cannot be read" in desk.built.stdout
    assert "intervals.csv:4: ip_or_prefix '100.64.0.300' is none" in desk.built.stderr
    index = tmp_path / "attribution/subscribers.index"
    assert stat.S_IMODE(index.stat().st_mode) == 0o600
    status = json.loads(desk.run("status", "--json").stdout)
    assert status["intervals"] == 4 and [source["join"] for source in status["sources"]] == ["intervals", "cgnat"]
    done = desk.run("lookup", "192.0.2.1", "--port", "2048", "--at", "2026-11-23T12:40:00Z", "--reason", "case 7")
    assert (done.returncode, done.stdout) == (0, "unique line2 (intervals) inside 100.64.0.2\n")
    assert desk.run("lookup", "192.0.2.1", "--at", "2026-11-23T12:40:00Z").stdout == "ambiguous\n"
    assert desk.run("lookup", "nonsense").returncode == 2
    audit = [json.loads(line) for line in (tmp_path / "attribution/audit.log").read_text().splitlines()]
    assert [(line["reason"], line["result"]) for line in audit] == [("case 7", "unique"), ("", "ambiguous")]
    assert "line2" not in (tmp_path / "attribution/audit.log").read_text()
    assert stat.S_IMODE((tmp_path / "attribution/audit.log").stat().st_mode) == 0o600


def test_no_record_no_answer(desk, tmp_path):
    desk.build()
    (tmp_path / "attribution/audit.log").mkdir()
    done = desk.run("lookup", "100.64.0.1", "--at", "2026-11-23T12:40:00Z")
    assert done.returncode == 1 and done.stdout == "" and "no answer without a record" in done.stderr


def test_a_missing_source_keeps_the_old_index(desk, tmp_path):
    desk.build()
    (tmp_path / "intervals.csv").unlink()
    done = desk.run("build")
    assert done.returncode == 1 and "intervals.csv" in done.stderr
    assert desk.key("100.64.0.1", 1795437000) == "line1"


# Which lines hits were: `ponor attribution serve` beside a server


NAMES = feeds.made_up(8, "attribution")
TOLERANCE = 0.1


class Joined:
    """A server that asks, and somebody who answers from an index of his own."""

    def __init__(self, start, folder: Path, **attribution):
        self.folder = folder
        self.socket = folder / "lines.sock"
        feed = feeds.write_names(folder / "feed.csv", NAMES)
        (folder / "lines.csv").write_text(
            "subscriber_key,ip_or_prefix,valid_from_utc,valid_to_utc\n"
            "LINE-1,127.9.8.7,,\nLINE-1,127.9.8.8,,\nLINE-2,127.9.8.9,,\nLINE-3,127.9.8.9,,\n")
        self.server = start({
            "feeds": [{"path": str(feed)}],
            "attribution": {
                "socket": str(self.socket), "index": str(folder / "desk" / "lines.index"), "delay": "0s",
                "tolerance": f"{int(TOLERANCE * 1000)}ms", "audit": str(folder / "desk" / "audit.log"),
                "sources": [{"format": "intervals", "path": str(folder / "lines.csv")}], **attribution}})
        self.desk = None
        self.server.wait_sinkholed(f"ready.{NAMES[-1]}")

    def build(self) -> None:
        done = self.server.run("attribution", "build")
        assert done.returncode == 0, done.stderr

    def serve(self) -> "Joined":
        self.desk = Daemon("attribution", [environment.PONOR, "attribution", "serve", "--config", self.server.config_file],
                           self.folder / "desk.log")
        self.desk.start()
        self.desk.wait_until(self.socket.exists, 20, "socket")
        return self

    def end(self) -> None:
        if self.desk:
            assert self.desk.stop() == 0, self.desk.tail()
            assert not self.socket.exists()

    def walk(self, client: str) -> None:
        asker = Client(self.server.port, source=client)
        for name in NAMES[:5]:
            assert asker.ask(name, tcp=True)

    def evidence(self) -> dict:
        return self.server.status()["evidence"]

    def suspects(self) -> set[str]:
        """Those that were concluded on; the harness itself asked too."""
        listed = self.server.json_lines("infections", "list")
        return {one["suspect"] for one in listed if one.get("suspect") and one["client"] != "127.0.0.1"}

    def audit(self) -> list[dict]:
        file = self.folder / "desk" / "audit.log"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


@pytest.fixture
def joined(start, tmp_path):
    made = []

    def make(**attribution):
        made.append(Joined(start, tmp_path, **attribution))
        return made[-1]

    yield make
    for one in made:
        one.end()


def test_hits_are_scored_for_their_line_once_the_index_knows_of_them(joined):
    one = joined(wait="1h")
    one.build()
    one.serve()
    for client in ("127.9.8.7", "127.9.8.8", "127.9.8.9"):
        one.walk(client)
    # The index is of before the lookups: whoever has the address now may be another.
    one.server.wait_for(lambda: one.server.status()["hits"]["stored"] >= 15, 20, "stored hits")
    assert one.suspects() == set()
    time.sleep(2 * TOLERANCE)
    one.build()
    one.server.wait_for(lambda: one.evidence()["pending"] == 0, 30, "scores")
    assert one.suspects() == {"line:LINE-1", "address:127.9.8.9"}, "two lines may have had the last"
    counts = one.evidence()["attributed"]
    assert counts["unique"] == 10 and counts["ambiguous"] == 5
    done = one.server.run("export", "json", "--with-subscriber", "--gate", "recorded")
    lines = {record["client"]["address"]: record.get("subscriber") for record in map(json.loads, done.stdout.splitlines())}
    assert lines["127.9.8.7"] == {"state": "unique", "key": "LINE-1", "source": "intervals"}
    assert lines["127.9.8.9"]["state"] == "ambiguous" and "key" not in lines["127.9.8.9"]


def test_each_request_is_on_record_with_who_asked_and_no_key(joined):
    one = joined(wait="1h").serve()
    one.walk("127.9.8.7")
    time.sleep(2 * TOLERANCE)
    one.build()
    one.server.wait_for(lambda: one.evidence()["pending"] == 0, 30, "scores")
    rows = [row for row in one.audit() if row["reason"] == "scoring of hits"]
    assert rows and sum(row["unique"] for row in rows) >= 5
    assert all(row["user"] == getpass.getuser() and row["questions"] > 0 for row in rows)
    assert "LINE-1" not in (one.folder / "desk" / "audit.log").read_text()
    assert stat.S_IMODE(one.socket.stat().st_mode) == 0o660


def test_without_an_answer_dns_goes_on_and_hits_wait(joined):
    one = joined(wait="1h")
    one.walk("127.9.8.7")
    problem = one.server.wait_for(lambda: one.evidence().get("attribution_problem"), 20, "a problem")
    assert "ponor attribution serve" in problem
    text = one.server.run("status").stdout
    assert "not attributing" in text
    assert one.server.sinkholes(NAMES[0]) and one.suspects() == set()
    one.build()
    one.serve()
    one.server.wait_for(lambda: one.evidence()["pending"] == 0, 30, "scores")
    assert one.suspects() == {"line:LINE-1"}
    assert not one.evidence().get("attribution_problem")


def test_after_the_wait_hits_are_scored_for_their_address(joined):
    one = joined(wait="1s")
    one.walk("127.9.8.7")
    one.server.wait_for(lambda: one.suspects() == {"address:127.9.8.7"}, 30, "scores without lines")
    assert one.evidence()["attributed"]["unknown"] >= 5


def test_a_rebuild_asks_again(joined):
    one = joined(wait="1h").serve()
    one.walk("127.9.8.7")
    time.sleep(2 * TOLERANCE)
    one.build()
    one.server.wait_for(lambda: one.evidence()["pending"] == 0, 30, "scores")

    def concluded() -> list[dict]:
        """But for the score, which is of the instant of asking."""
        listed = one.server.json_lines("infections", "list")
        return [{key: row.get(key) for key in ("client", "suspect", "case", "id", "hits", "gate")} for row in listed]

    before = concluded()
    done = one.server.run("evidence", "rebuild")
    assert done.returncode == 0, done.stderr
    assert concluded() == before


def test_no_record_no_answers(joined):
    one = joined(wait="1h")
    (one.folder / "desk").mkdir(exist_ok=True)
    (one.folder / "desk" / "audit.log").mkdir()
    one.build()
    one.serve()
    one.walk("127.9.8.7")
    one.server.wait_for(lambda: "no answer without a record" in one.evidence().get("attribution_problem", ""), 20,
                        "the reason")
    assert one.suspects() == set()


def test_serve_says_what_is_missing(tmp_path):
    (tmp_path / "ponor.yaml").write_text("{}")
    done = run([environment.PONOR, "attribution", "serve", "--config", tmp_path / "ponor.yaml"])
    assert done.returncode != 0 and "attribution.socket" in done.stderr and len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("body", [b"x\n", b"192.0.2.1 1 17\n", b"\xff\xfe\n", b"192.0.2.1 1 17 0"])
def test_bad_questions_get_one_clear_line(joined, body):
    one = joined(wait="1h")
    one.build()
    one.serve()
    with socket.socket(socket.AF_UNIX) as plug:
        plug.settimeout(10)
        plug.connect(str(one.socket))
        plug.sendall(b"POST /subscribers HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                     b"Content-Length: %d\r\n\r\n" % len(body) + body)
        answer = b""
        while chunk := plug.recv(4096):
            answer += chunk
    assert answer.startswith(b"HTTP/1.1 400") and answer.endswith(b"line 1: want address, port, protocol and microseconds\n") \
        or b"it has no end" in answer
