"""Issue 5, Evidence 4: who had an address, from what the real FreeRADIUS, Kea and ISC dhcpd wrote."""

import gzip
import json
import re
import shutil
import stat
import time
from pathlib import Path

import pytest
import yaml

from harness import accounting, environment, leases
from harness.processes import run



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
