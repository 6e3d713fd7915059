"""Servers that zones are transferred to and from: NSD, Knot DNS and BIND from Debian's packages."""

from dataclasses import dataclass
from pathlib import Path

from . import environment
from .processes import Daemon

LOOPBACK = environment.LOOPBACK


@dataclass
class Key:
    """A TSIG key."""

    name: str
    secret: str
    algorithm: str = "hmac-sha256"


@dataclass
class Peer:
    """A primary or secondary of one zone, with the port of the other side."""

    folder: Path
    zone: str
    port: int
    other: int
    key: Key

    def __post_init__(self):
        self.folder.mkdir(parents=True, exist_ok=True)

    @property
    def file(self) -> Path:
        return self.folder / "zone.db"

    def daemon(self, name: str, command: list, config: str, file: str) -> Daemon:
        path = self.folder / file
        path.write_text(config)
        return Daemon(name, [*command, path], self.folder / f"{name}.log")


def nsd(peer: Peer, primary: bool) -> Daemon:
    """NSD; SIGHUP makes it read a changed zone file."""
    role = ([f"  provide-xfr: {LOOPBACK} {peer.key.name}",
             f"  notify: {LOOPBACK}@{peer.other} {peer.key.name}",
             "  create-ixfr: yes", "  store-ixfr: yes"] if primary else
            [f"  request-xfr: {LOOPBACK}@{peer.other} {peer.key.name}",
             f"  allow-notify: {LOOPBACK} {peer.key.name}"])
    config = "\n".join([
        "server:", "  server-count: 1", '  username: ""', '  chroot: ""', '  database: ""',
        f"  port: {peer.port}", f"  ip-address: {LOOPBACK}", f'  zonesdir: "{peer.folder}"',
        f'  pidfile: "{peer.folder}/nsd.pid"', f'  xfrdfile: "{peer.folder}/xfrd.state"',
        f'  xfrdir: "{peer.folder}"', f'  zonelistfile: "{peer.folder}/zone.list"',
        "  verbosity: 2", "  xfrd-reload-timeout: 0",
        "remote-control:", "  control-enable: no",
        "key:", f'  name: "{peer.key.name}"', f"  algorithm: {peer.key.algorithm}",
        f'  secret: "{peer.key.secret}"',
        "zone:", f'  name: "{peer.zone}"', f'  zonefile: "{peer.file}"', *role, ""])
    return peer.daemon("nsd", ["/usr/sbin/nsd", "-d", "-c"], config, "nsd.conf")


def knot(peer: Peer, primary: bool) -> Daemon:
    """Knot DNS; SIGHUP makes it read a changed zone file and note the difference."""
    (peer.folder / "db").mkdir(exist_ok=True)
    role = (["    notify: ponor", "    acl: transfer", "    zonefile-load: difference",
             "    journal-content: changes", "    zonefile-sync: -1"] if primary else
            ["    master: ponor", "    acl: notify"])
    config = "\n".join([
        "server:", f"  listen: {LOOPBACK}@{peer.port}", f"  rundir: {peer.folder}",
        "  udp-workers: 1", "  tcp-workers: 1", "  background-workers: 1",
        "log:", "  - target: stderr", "    any: debug",
        "database:", f"  storage: {peer.folder}/db", "  journal-db-max-size: 8M",
        "  timer-db-max-size: 1M",
        "key:", f"  - id: {peer.key.name}", f"    algorithm: {peer.key.algorithm}",
        f"    secret: {peer.key.secret}",
        "remote:", "  - id: ponor", f"    address: {LOOPBACK}@{peer.other}", f"    key: {peer.key.name}",
        "acl:", "  - id: transfer", f"    key: {peer.key.name}", "    action: transfer",
        "  - id: notify", f"    key: {peer.key.name}", "    action: notify",
        "zone:", f"  - domain: {peer.zone}", f"    file: {peer.file}", *role, ""])
    return peer.daemon("knotd", ["/usr/sbin/knotd", "-c"], config, "knot.conf")


def bind(peer: Peer, primary: bool) -> Daemon:
    """BIND; SIGHUP makes it read a changed zone file and note the difference."""
    role = (["  type primary;", "  ixfr-from-differences yes;",
             f"  allow-transfer {{ key {peer.key.name}; }};", "  notify explicit;",
             f"  also-notify {{ {LOOPBACK} port {peer.other} key {peer.key.name}; }};"] if primary else
            ["  type secondary;", "  masterfile-format text;",
             f"  primaries {{ {LOOPBACK} port {peer.other} key {peer.key.name}; }};",
             f"  allow-notify {{ key {peer.key.name}; }};", "  notify no;"])
    config = "\n".join([
        f"key {peer.key.name} {{ algorithm {peer.key.algorithm}; secret \"{peer.key.secret}\"; }};",
        "options {", f'  directory "{peer.folder}";', f"  listen-on port {peer.port} {{ {LOOPBACK}; }};",
        "  listen-on-v6 { none; };", "  pid-file none;", "  recursion no;",
        "  session-keyfile none;", "  dnssec-validation no;", "  notify-delay 0;",
        "  serial-query-rate 100;", "  startup-notify-rate 100;", "  notify-rate 100;", "};",
        "controls { };", f'zone "{peer.zone}" {{', f'  file "{peer.file}";', *role, "};", ""])
    return peer.daemon("named", ["/usr/sbin/named", "-g", "-n", "1", "-c"], config, "named.conf")


ALL = {"nsd": nsd, "knot": knot, "bind": bind}
