"""Kea and ISC dhcpd with dhclient as their customer, in two network namespaces joined by a cable."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import netns
from .processes import Daemon, run, run_checked

MAC = "02:00:5e:10:00:51"


class Segment:
    """A server's end `lan` (192.0.2.1/24, 2001:db8:5::1/64) and a customer's end `eth0`."""

    def __init__(self, server: str, customer: str, folder: Path):
        self.server, self.customer, self.folder = server, customer, folder

    def dhclient(self, *options: str) -> str:
        """Run dhclient in the foreground; its script does nothing, so no interface is changed."""
        leases = self.folder / "dhclient.leases"
        done = run([*netns.inside(self.customer), "dhclient", *options, "-sf", "/bin/true", "-lf", leases,
                    "-pf", self.folder / "dhclient.pid", "-v", "eth0"], seconds=60)
        return done.stdout + done.stderr

    def configure(self, address: str) -> None:
        """Give the customer's end an IPv4 address, as dhclient's script would."""
        run_checked([*netns.inside(self.customer), "ip", "address", "add", f"{address}/24", "dev", "eth0"])


@contextmanager
def segment(folder: Path) -> Iterator[Segment]:
    with netns.namespace() as server, netns.namespace() as customer:
        inside = netns.inside(server)
        run_checked([*inside, "ip", "link", "add", "lan", "type", "veth", "peer", "name", "eth0", "netns", customer])
        # Link-local addresses by hand: those the kernel makes cannot be used until they were tried for a second.
        run_checked([*inside, "ip", "link", "set", "lan", "addrgenmode", "none"])
        for address in ("192.0.2.1/24", "2001:db8:5::1/64", "fe80::1/64"):
            run_checked([*inside, "ip", "address", "add", address, "dev", "lan", "nodad"])
        run_checked([*inside, "ip", "link", "set", "lan", "up"])
        run_checked([*netns.inside(customer), "ip", "link", "set", "eth0", "address", MAC])
        run_checked([*netns.inside(customer), "ip", "link", "set", "eth0", "addrgenmode", "none"])
        run_checked([*netns.inside(customer), "ip", "link", "set", "eth0", "up"])
        run_checked([*netns.inside(customer), "ip", "address", "add", "fe80::51/64", "dev", "eth0", "nodad"])
        yield Segment(server, customer, folder)


def _lease_database(folder: Path, name: str) -> dict:
    return {"type": "memfile", "persist": True, "name": str(folder / name), "lfc-interval": 0}


def kea4(place: Segment) -> Daemon:
    """Kea's DHCPv4 server; leases are in `kea4.csv`."""
    return _kea(place, "kea-dhcp4", {"Dhcp4": {
        "interfaces-config": {"interfaces": ["lan"], "dhcp-socket-type": "raw"},
        "lease-database": _lease_database(place.folder, "kea4.csv"), "valid-lifetime": 600,
        "subnet4": [{"subnet": "192.0.2.0/24", "interface": "lan",
                     "pools": [{"pool": "192.0.2.10 - 192.0.2.20"}]}]}})


def kea6(place: Segment) -> Daemon:
    """Kea's DHCPv6 server, which delegates prefixes too; leases are in `kea6.csv`."""
    return _kea(place, "kea-dhcp6", {"Dhcp6": {
        "interfaces-config": {"interfaces": ["lan"]},
        "lease-database": _lease_database(place.folder, "kea6.csv"), "valid-lifetime": 600,
        "preferred-lifetime": 300,
        "server-id": {"type": "EN", "enterprise-id": 2495, "identifier": "0123456789", "persist": False},
        "subnet6": [{"subnet": "2001:db8:5::/64", "interface": "lan",
                     "pools": [{"pool": "2001:db8:5::100 - 2001:db8:5::1ff"}],
                     "pd-pools": [{"prefix": "2001:db8:100::", "prefix-len": 40, "delegated-len": 56}]}]}})


def _kea(place: Segment, program: str, configuration: dict) -> Daemon:
    file = place.folder / f"{program}.json"
    file.write_text(json.dumps(configuration))
    log = place.folder / f"{program}.log"
    # Kea locks and writes its pid below /run/kea unless told otherwise.
    folders = {"KEA_PIDFILE_DIR": str(place.folder), "KEA_LOCKFILE_DIR": str(place.folder)}
    daemon = Daemon(program, [*netns.inside(place.server), program, "-d", "-c", file], log, folders)
    daemon.start()
    daemon.wait_until(lambda: "_STARTED" in log.read_text(), 20, "start")
    return daemon


DHCPD4 = """\
default-lease-time 600;
authoritative;
subnet 192.0.2.0 netmask 255.255.255.0 { range 192.0.2.10 192.0.2.20; }
"""
DHCPD6 = """\
default-lease-time 600;
subnet6 2001:db8:5::/64 {
  range6 2001:db8:5::100 2001:db8:5::1ff;
  prefix6 2001:db8:100:: 2001:db8:1ff:: /56;
}
"""


def dhcpd(place: Segment, version: int) -> Daemon:
    """ISC dhcpd; leases are in `dhcpd4.leases` or `dhcpd6.leases`."""
    name = f"dhcpd{version}"
    file, leases, log = (place.folder / f"{name}.{end}" for end in ("conf", "leases", "log"))
    file.write_text(DHCPD4 if version == 4 else DHCPD6)
    leases.touch()
    os.chmod(place.folder, 0o755)
    daemon = Daemon(name, [*netns.inside(place.server), "dhcpd", f"-{version}", "-d", "-cf", file, "-lf", leases,
                           "-pf", place.folder / f"{name}.pid", "--no-pid", "lan"], log)
    daemon.start()
    daemon.wait_until(lambda: "Listening on" in log.read_text() and "Sending on" in log.read_text(), 20, "start")
    return daemon
