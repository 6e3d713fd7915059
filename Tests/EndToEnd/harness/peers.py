"""Configuration and life of the peers: NSD and Unbound from Debian's packages."""

import sys
from collections.abc import Sequence
from pathlib import Path

from .client import Client, query
from .processes import Daemon


def nsd(folder: Path, addresses: Sequence[str], zones: dict[str, Path], *, port: int = 53,
        prefix: Sequence[str] = ()) -> Daemon:
    """A Daemon for NSD that serves zones (origin → file) on addresses; not started yet."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["server:", "  server-count: 1", '  username: ""', '  chroot: ""', '  database: ""',
             f"  port: {port}", "  rrl-ratelimit: 0", "  rrl-whitelist-ratelimit: 0",
             "  hide-version: no", "  minimal-responses: yes", "  do-ip6: no",
             f'  zonesdir: "{folder}"', f'  pidfile: "{folder}/nsd.pid"',
             f'  xfrdfile: "{folder}/xfrd.state"', f'  zonelistfile: "{folder}/zone.list"',
             *[f"  ip-address: {address}" for address in addresses],
             "remote-control:", "  control-enable: no"]
    for origin, file in zones.items():
        lines += ["zone:", f'  name: "{origin}"', f'  zonefile: "{file}"']
    config = folder / "nsd.conf"
    config.write_text("\n".join(lines) + "\n")
    return Daemon("nsd", [*prefix, "/usr/sbin/nsd", "-d", "-c", config], folder / "nsd.log")


def unbound(folder: Path, address: str, *, port: int = 53, server: Sequence[str] = (),
            clauses: Sequence[str] = (), prefix: Sequence[str] = ()) -> Daemon:
    """A Daemon for Unbound with extra `server:` lines and clauses; not started yet."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["server:", f"  interface: {address}@{port}", "  access-control: 0.0.0.0/0 allow",
             "  do-ip6: no", '  username: ""', '  chroot: ""', f'  directory: "{folder}"',
             '  pidfile: ""', "  use-syslog: no", "  num-threads: 1", "  do-daemonize: no",
             *[f"  {line}" for line in server],
             "remote-control:", "  control-enable: no", *clauses]
    config = folder / "unbound.conf"
    config.write_text("\n".join(lines) + "\n")
    return Daemon("unbound", [*prefix, "/usr/sbin/unbound", "-d", "-p", "-c", config],
                  folder / "unbound.log")


def authority(folder: Path, address: str, zone: str, *, port: int = 53,
              prefix: Sequence[str] = ()) -> Daemon:
    """A Daemon for the scriptable authority; it writes each question to questions.log."""
    folder.mkdir(parents=True, exist_ok=True)
    script = Path(__file__).with_name("authority.py")
    return Daemon("authority", [*prefix, sys.executable, script, address, str(port), zone,
                                folder / "questions.log"], folder / "authority.log")


def started(daemon: Daemon, client: Client, name: str = ".", qtype: str = "SOA",
            seconds: float = 20) -> Daemon:
    """Start a peer and wait until it answers."""
    daemon.start()
    daemon.wait_until(lambda: client.udp(query(name, qtype), 0.3) is not None, seconds, "answer")
    return daemon


def scripted(folder: Path, script: Path, *, prefix: Sequence[str] = ()) -> Daemon:
    """A Daemon for the scripted authorities; it writes each question to questions.log."""
    folder.mkdir(parents=True, exist_ok=True)
    program = Path(__file__).with_name("scripted.py")
    return Daemon("scripted", [*prefix, sys.executable, program, script, folder / "questions.log"],
                  folder / "scripted.log")
