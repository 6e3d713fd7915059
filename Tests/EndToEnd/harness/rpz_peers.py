"""Resolvers that take their policy from Ponor: each configured as docs/rpz-out.md says.

Ponor is 192.0.2.1, the resolver 192.0.2.2, each in a network namespace of its own; the rest of the
Internet is the scriptable authority on port 5300 of the resolver's loopback.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import environment, peers
from .client import Client
from .netns import entered, inside
from .processes import Daemon, run, run_checked

PONOR, RESOLVER, UPSTREAM_PORT = "192.0.2.1", "192.0.2.2", 5300


def snippet(label: str) -> str:
    """The block of docs/rpz-out.md whose fence has this label."""
    text = (environment.REPOSITORY / "docs/rpz-out.md").read_text()
    return re.search(rf"^```\S+ {re.escape(label)}\n(.*?)^```", text, re.M | re.S).group(1)


@contextmanager
def network() -> Iterator[tuple[str, str]]:
    """Two namespaces and a cable: (Ponor's, the resolver's)."""
    sides = {f"ponor-rpz-{os.getpid()}": PONOR, f"ponor-rpr-{os.getpid()}": RESOLVER}
    left, right = sides
    try:
        for name in sides:
            run_checked(["ip", "netns", "add", name])
            run_checked([*inside(name), "ip", "link", "set", "lo", "up"])
        run_checked(["ip", "-n", left, "link", "add", "cable", "type", "veth", "peer", "name", "cable",
                     "netns", right])
        for name, address in sides.items():
            run_checked(["ip", "-n", name, "address", "add", f"{address}/24", "dev", "cable"])
            run_checked(["ip", "-n", name, "link", "set", "cable", "up"])
        with entered(right):
            yield left, right
    finally:
        for name in sides:
            run(["ip", "netns", "del", name])


class Peer:
    """A resolver with its helpers; all of them run in the namespace of the calling thread."""

    zone = "ponor.rpz"

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(parents=True)
        self.client = Client(53, RESOLVER)
        self.daemons: list[Daemon] = []

    def start(self) -> "Peer":
        self.prepare()
        peers.started(self.daemons[-1], self.client, "version.bind", "TXT")
        return self

    def stop(self) -> None:
        for daemon in reversed(self.daemons):
            daemon.stop()

    def run(self, name: str, *command: str | Path) -> None:
        self.daemons.append(Daemon(name, command, self.folder / f"{name}.log"))

    @property
    def log(self) -> str:
        return "".join(daemon.log.read_text(errors="replace") for daemon in self.daemons if daemon.log.exists())

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text)
        return path

    def prepare(self) -> None:
        raise NotImplementedError

    def logged(self, pattern: str) -> bool:
        return re.search(pattern, self.log) is not None


class Bind(Peer):
    told = r"received notify for zone 'ponor\.rpz'"
    increment = r"got incremental response"
    # Both SOA records twice, then what went and what came.
    count = r"Transfer completed: \d+ messages, 176 records"

    def prepare(self) -> None:
        config = self.write("named.conf", f"""
            options {{ directory "{self.folder}"; pid-file none; session-keyfile none; recursion yes;
              allow-query {{ any; }}; listen-on {{ {RESOLVER}; 127.0.0.1; }}; listen-on-v6 {{ none; }};
              dnssec-validation no; forward only; forwarders {{ 127.0.0.1 port {UPSTREAM_PORT}; }};
              {snippet("named.options")} }};
            controls {{ }};
            {snippet("named.conf")}""")
        self.run("named", "/usr/sbin/named", "-g", "-d", "3", "-n", "1", "-c", config)


class Unbound(Peer):
    zone = "unbound.rpz"
    told = r"received NOTIFY serial"
    increment = r"last IXFR packet"
    count = increment  # it logs none

    def prepare(self) -> None:
        config = self.write("unbound.conf", f"""
server:
    interface: {RESOLVER}
    access-control: 0.0.0.0/0 allow
    do-ip6: no
    username: ""
    chroot: ""
    directory: "{self.folder}"
    pidfile: ""
    use-syslog: no
    logfile: ""
    num-threads: 1
    do-daemonize: no
    do-not-query-localhost: no
    verbosity: 4
forward-zone:
    name: "."
    forward-addr: 127.0.0.1@{UPSTREAM_PORT}
remote-control:
    control-enable: no
{snippet("unbound.conf")}""")
        self.run("unbound", "/usr/sbin/unbound", "-d", "-p", "-c", config)


class Recursor(Peer):
    told = ""  # it takes no NOTIFY for policy zones
    increment = r"Processing deltas"
    count = r'RPZ mutations.*additions="160".*removals="12"'

    def prepare(self) -> None:
        lua = self.write("recursor.lua", snippet("recursor.lua").replace("tsigname", "refresh = 1, tsigname", 1))
        self.write("recursor.conf", "")
        self.run("recursor", "/usr/sbin/pdns_recursor", f"--config-dir={self.folder}", "--daemon=no",
                 f"--local-address={RESOLVER}", f"--socket-dir={self.folder}", "--threads=1", "--loglevel=6",
                 "--disable-syslog=yes", "--dnssec=off", "--dont-query=", "--allow-from=0.0.0.0/0",
                 "--setuid=", "--setgid=", "--write-pid=no",
                 f"--forward-zones-recurse=.=127.0.0.1:{UPSTREAM_PORT}", f"--lua-config-file={lua}")


class KnotResolver(Peer):
    told = r"\[ponor\.rpz\.\] notify, incoming"
    increment = r"IXFR, incoming.*finished"
    count = increment  # it logs none

    def prepare(self) -> None:
        knot = self.write("knot.conf", snippet("knot.conf") + f"""
database:
    storage: {self.folder}
template:
  - id: default
    storage: {self.folder}
log:
  - target: stderr
    any: info
""".replace("server:", ""))
        text = knot.read_text().replace("server:\n", f"server:\n    rundir: {self.folder}\n    udp-workers: 1\n"
                                        "    tcp-workers: 1\n    background-workers: 1\n", 1)
        knot.write_text(text)
        self.run("knotd", "/usr/sbin/knotd", "-c", knot)
        self.daemons[0].start()
        zone = self.folder / "ponor.rpz.zone"
        self.daemons[0].wait_until(zone.exists, 20, "zone file")
        config = self.write("kresd.conf", f"""
net.listen('{RESOLVER}', 53)
log_level('info')
trust_anchors.remove('.')
modules.load('policy')
{snippet("kresd.conf")}
policy.add(policy.all(policy.FORWARD('127.0.0.1@{UPSTREAM_PORT}')))
""")
        self.run("kresd", "/usr/sbin/kresd", "-n", "-c", config, self.folder)
