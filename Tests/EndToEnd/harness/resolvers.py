"""Other resolvers from Debian's packages, set up for a laboratory's root: BIND, PowerDNS, Knot Resolver.

A laboratory is anything with `hints` (a root hints file), `trust_anchors` (DS records of the root as
text) and `prefix` (the command that enters its network namespace). One worker thread each.
"""

from collections.abc import Sequence
from pathlib import Path

from .processes import Daemon

CACHE_MEGABYTES = 128


def bind(folder: Path, address: str, lab, pin: Sequence[str] = (), options: str = "", zones: str = "") -> Daemon:
    """BIND's named; `options` and `zones` are further statements of its configuration."""
    folder.mkdir(parents=True)
    anchors = "\n".join(f'  "{owner}" static-ds {tag} {algorithm} {digest} "{data}";'
                        for owner, tag, algorithm, digest, data in map(_ds, lab.trust_anchors))
    config = folder / "named.conf"
    config.write_text(f"""
options {{
  directory "{folder}"; pid-file none; session-keyfile none; listen-on {{ {address}; }}; listen-on-v6 {{ none; }};
  recursion yes; allow-query {{ any; }}; allow-recursion {{ any; }}; dnssec-validation yes; querylog no;
  max-cache-size {CACHE_MEGABYTES}m; minimal-responses yes; recursive-clients 4000; empty-zones-enable no;
  {options}
}};
controls {{ }};
trust-anchors {{
{anchors}
}};
zone "." {{ type hint; file "{lab.hints}"; }};
{zones}
""")
    return Daemon("named", [*lab.prefix, *pin, "/usr/sbin/named", "-g", "-n", "1", "-U", "1", "-c", config],
                  folder / "named.log")


def powerdns(folder: Path, address: str, lab, pin: Sequence[str] = (), lua: Sequence[str] = ()) -> Daemon:
    """PowerDNS Recursor; `lua` are further lines of its Lua configuration."""
    folder.mkdir(parents=True)
    script = folder / "anchors.lua"
    lines = ["clearTA()"]
    for owner, tag, algorithm, digest, data in map(_ds, lab.trust_anchors):
        lines.append(f'addTA("{owner}", "{tag} {algorithm} {digest} {data}")')
    script.write_text("\n".join([*lines, *lua]) + "\n")
    (folder / "recursor.conf").write_text("\n".join([
        f"local-address={address}", "local-port=53", f"hint-file={lab.hints}", f"lua-config-file={script}",
        "dnssec=validate", "threads=1", "pdns-distributes-queries=no", "reuseport=yes", "dont-query=",
        "allow-from=0.0.0.0/0", f"socket-dir={folder}", "quiet=yes", "loglevel=3", "daemon=no",
        "max-mthreads=4096", "disable-syslog=yes", "write-pid=no", "serve-rfc1918=no",
        f"query-local-address={address}", "max-negative-ttl=60", "security-poll-suffix="]) + "\n")
    return Daemon("pdns_recursor", [*lab.prefix, *pin, "/usr/sbin/pdns_recursor", f"--config-dir={folder}"],
                  folder / "pdns.log")


def knot_resolver(folder: Path, address: str, lab, pin: Sequence[str] = (), lua: Sequence[str] = ()) -> Daemon:
    """Knot Resolver; `lua` are further lines of its configuration."""
    folder.mkdir(parents=True)
    anchors = folder / "root.keys"
    anchors.write_text("".join(f"{anchor}\n" for anchor in lab.trust_anchors))
    config = folder / "kresd.conf"
    config.write_text("\n".join([
        f"net.listen('{address}', 53, {{ kind = 'dns' }})", f"cache.size = {CACHE_MEGABYTES} * MB",
        "modules.unload('ta_signal_query')", "modules.unload('priming')", "modules.unload('detect_time_jump')",
        "modules.load('hints')", "trust_anchors.remove('.')", f"trust_anchors.add_file('{anchors}', true)",
        f"hints.root_file('{lab.hints}')", "log_level('crit')", *lua]) + "\n")
    return Daemon("kresd", [*lab.prefix, *pin, "/usr/sbin/kresd", "-n", "-c", config, folder],
                  folder / "kresd.log")


def _ds(anchor: str) -> list[str]:
    """owner, key tag, algorithm, digest type, digest."""
    words = anchor.split()
    data = words[words.index("DS") + 1:]
    return [words[0], *data[:3], "".join(data[3:])]
