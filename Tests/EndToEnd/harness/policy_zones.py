"""Response policy zones and resolvers that use them: the material of test_rpz.py.

The rules are of the kinds that BIND's `rpz` system test and Unbound's `rpz_*` scenarios use; the
zones are our own.
"""

from collections.abc import Sequence
from pathlib import Path

from . import lab
from .processes import Daemon

HEAD = """$TTL 300
@ SOA ns.rpz.invalid. hostmaster.rpz.invalid. {serial} 3600 600 86400 60
@ NS ns.rpz.invalid.
"""

# Plain names, every action, wildcards, aliases, the client's address.
FIRST = """
nxdomain.policy.net CNAME .
nodata.policy.net CNAME *.
pass.policy.net CNAME rpz-passthru.
oldpass.policy.net CNAME oldpass.policy.net.
drop.policy.net CNAME rpz-drop.
tcp.policy.net CNAME rpz-tcp-only.
data.policy.net A 192.0.2.10
data.policy.net A 192.0.2.11
data.policy.net AAAA 2001:db8:ffff::10
data.policy.net TXT "local data"
data.policy.net MX 10 mail.policy.net.
alias.policy.net CNAME www.unsigned.com.
aliasnone.policy.net CNAME nowhere.unsigned.com.
wildalias.policy.net CNAME *.garden.policy.net.
*.wild.policy.net CNAME .
exact.wild.policy.net CNAME rpz-passthru.
*.inner.wild.policy.net CNAME *.
a.b.wild.policy.net A 192.0.2.12
*.wilddata.policy.net A 192.0.2.13
chaintarget.policy.net CNAME .
chainpass.policy.net CNAME rpz-passthru.
chaindata.policy.net A 192.0.2.14
nowhere.policy.net A 192.0.2.15
WWW.Good.com A 192.0.2.16
32.40.0.53.10.rpz-client-ip CNAME *.
24.0.9.0.53.rpz-client-ip CNAME .
"""

# What an answer holds and where it comes from.
SECOND = """
28.16.100.51.198.rpz-ip A 192.0.2.20
32.21.100.51.198.rpz-ip CNAME rpz-passthru.
32.22.100.51.198.rpz-ip CNAME .
48.zz.22.db8.2001.rpz-ip CNAME *.
128.23.zz.22.db8.2001.rpz-ip CNAME .
ns.servers.net.rpz-nsdname CNAME .
*.wildns.net.rpz-nsdname CNAME *.
32.5.0.53.10.rpz-nsip A 192.0.2.21
nxdomain.policy.net A 192.0.2.22
second.policy.net A 192.0.2.23
"""

# Comes last: names that others have decided, and one of its own.
THIRD = """
pass.policy.net A 192.0.2.30
nodata.policy.net A 192.0.2.31
third.policy.net A 192.0.2.32
ip24.policy.net CNAME rpz-passthru.
unrelated.policy.net CNAME .
missing.policy.net A 192.0.2.33
"""

ZONES = {"one.rpz": FIRST, "two.rpz": SECOND, "three.rpz": THIRD}

QTYPES = ["A", "AAAA", "TXT", "MX", "CNAME"]
NAMES = ["nxdomain", "nodata", "pass", "oldpass", "data", "DATA", "alias", "aliasnone", "wildalias", "wild", "x.wild",
         "x.y.wild", "exact.wild", "x.exact.wild", "inner.wild", "x.inner.wild", "a.b.wild", "b.wild",
         "c.b.wild", "wilddata", "x.wilddata", "chaintarget", "chain", "chain2", "chainp", "chaind",
         "nowhere", "missing", "second", "third", "unrelated", "plain", "ip24", "ip32pass", "ip32",
         "iptwo", "ipsix", "ipsixexact", "toip", "hints", "below.nxdomain", "passchain", "absent"]
QUESTIONS = ([(f"{name}.policy.net", qtype) for name in NAMES for qtype in QTYPES]
             + [(name, qtype) for name in ("www.good.com", "short.good.com", "www.unsigned.com",
                                           "a.witness.org", "www.island.com", "www.served.net",
                                           "www.served2.net", "served2.net", "both.served.net")
                for qtype in ("A", "TXT")])


def write(folder: Path, zones: dict[str, str] = ZONES, serial: int = 1) -> dict[str, Path]:
    """The zones as master files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rules in zones.items():
        (folder / name).write_text(HEAD.format(serial=serial) + rules)
    return {name: folder / name for name in zones}


def bind(folder: Path, address: str, files: dict[str, Path], prefix: Sequence[str]) -> Daemon:
    """BIND with the policy zones in order; DNSSEC does not keep it from rewriting."""
    folder.mkdir(parents=True, exist_ok=True)
    policies = " ".join(f'zone "{name}" max-policy-ttl 86400;' for name in files)
    zones = "\n".join(f'zone "{name}" {{ type primary; file "{file}"; }};' for name, file in files.items())
    (folder / "named.conf").write_text(f"""
options {{
  directory "{folder}"; pid-file none; session-keyfile none; managed-keys-directory "{folder}";
  listen-on port 53 {{ {address}; }}; listen-on-v6 {{ none; }};
  recursion yes; allow-query {{ any; }}; allow-recursion {{ any; }};
  dnssec-validation no; minimal-responses yes; query-source address {address};
  response-policy {{ {policies} }} qname-wait-recurse no break-dnssec yes nsip-wait-recurse yes
    nsdname-wait-recurse yes min-ns-dots 1;
}};
controls {{ }};
zone "." {{ type hint; file "{lab_hints(folder)}"; }};
{zones}
""")
    return Daemon("named", [*prefix, "/usr/sbin/named", "-g", "-n", "1", "-c", folder / "named.conf"],
                  folder / "named.log")


def lab_hints(folder: Path) -> Path:
    file = folder / "hints"
    file.write_text(f". 3600000 NS ns1.roots.\nns1.roots. 3600000 A {lab.ROOT_SERVER}\n")
    return file


def unbound_options(files: dict[str, Path]) -> tuple[list[str], list[str]]:
    """Server lines and clauses that make Unbound use the zones."""
    server = ['module-config: "respip iterator"', "trust-anchor-signaling: no"]
    clauses = []
    for name, file in files.items():
        clauses += ["rpz:", f'  name: "{name}."', f'  zonefile: "{file}"']
    return server, clauses

# Answers of ours that differ, each with the reason. We keep the order that all three document: zones in
# their order, then client-ip, qname, ip, nsdname, nsip.
EARLY_NS = "judges rules about servers before the answer is there, so that they overtake rpz-ip rules"
OTHER_THAN_BIND = {
    "ip24.policy.net": "PASSTHRU for the name in a later zone ends evaluation before the answer is there",
    "both.served.net": EARLY_NS,
}
NO_CHAIN = "1.17 does not judge the targets of CNAMEs"
NO_ENT = "a wildcard takes names that exist in the zone only because others stand below them"
EARLY_NAMES = "judges names by all zones before it looks at any answer"
OTHER_THAN_UNBOUND = {
    **{f"{name}.policy.net": NO_CHAIN for name in ("chain", "chain2", "chaind", "chainp", "passchain")},
    **{f"{name}.policy.net": NO_ENT for name in ("b.wild", "inner.wild")},
    **{f"{name}.policy.net": EARLY_NAMES for name in ("ip24", "toip")},
    "oldpass.policy.net": "does not know the old form of PASSTHRU",
    "wildalias.policy.net": "does not expand *.garden for questions of type CNAME",
    "both.served.net": EARLY_NS,
}
