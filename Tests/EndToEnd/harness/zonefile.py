"""A generated master file with every shape of answer, and questions that reach all of them."""

import random
from dataclasses import dataclass

ORIGIN = "zonetest.net"
QTYPES = ["A", "AAAA", "MX", "TXT", "NS", "SOA", "CNAME", "DS", "SRV", "ANY", "HTTPS", "TYPE65280"]

_FIXED = f"""
$ORIGIN {ORIGIN}.
$TTL 3600
@ SOA ns1 hostmaster 2026112301 7200 900 1209600 300
@ NS ns1
@ NS ns2.elsewhere.example.
@ MX 10 mail
@ MX 20 mail.elsewhere.example.
@ TXT "v=spf1 -all"
@ A 192.0.2.10
ns1 A 192.0.2.11
ns1 AAAA 2001:db8::11
mail A 192.0.2.12
_sip._tcp SRV 0 5 5060 mail
web HTTPS 1 . alpn=h2
*.wild A 192.0.2.20
*.wild TXT "wildcard"
exact.wild A 192.0.2.21
*.wildalias CNAME mail
*.wildfar CNAME www.elsewhere.example.
under.sub.wild MX 5 mail
*.deep.ent.tree A 192.0.2.22
alias CNAME mail
chain1 CNAME chain2
chain2 CNAME chain3
chain3 CNAME mail
aliaswild CNAME x.wild
aliasnone CNAME missing
aliasent CNAME ent.tree
aliascut CNAME www.cut
aliasfar CNAME www.elsewhere.example.
loop1 CNAME loop2
loop2 CNAME loop1
cut NS ns.cut
cut NS ns.glueless.example.
ns.cut A 192.0.2.30
ns.cut AAAA 2001:db8::30
hidden.cut A 192.0.2.31
signedcut NS ns.signedcut
signedcut DS 12345 13 2 {"ab" * 32}
ns.signedcut A 192.0.2.32
deepcut.in.ent NS ns1
tree.dn DNAME other.tree
mail.other.tree A 192.0.2.40
tree.far DNAME elsewhere.example.
caa CAA 0 issue "ca.example"
weird\\.dot A 192.0.2.50
UPPER A 192.0.2.51
"""


@dataclass(frozen=True)
class Zone:
    text: str
    owners: list[str]


def generate(count: int, chance: random.Random) -> Zone:
    """The fixed shapes and `count` random hosts, RRsets of many sizes and delegations."""
    lines, owners = [], []
    for number in range(count):
        owner = f"h{number}" if chance.random() < 0.7 else f"h{number}.d{number % 17}.e{number % 5}"
        owners.append(owner)
        kind = chance.random()
        if kind < 0.5:
            lines += [f"{owner} A 192.0.2.{chance.randrange(256)}"]
        elif kind < 0.6:
            lines += [f"{owner} AAAA 2001:db8::{part:x}" for part in range(chance.randint(1, 40))]
        elif kind < 0.7:
            lines += [f'{owner} TXT "{part:03d}{"t" * chance.randint(1, 200)}"'
                      for part in range(chance.randint(1, 12))]
        elif kind < 0.8:
            lines += [f"{owner} MX {part} h{chance.randrange(count)}" for part in range(chance.randint(1, 5))]
        elif kind < 0.9:
            lines += [f"{owner} CNAME h{chance.randrange(count)}"]
        else:
            lines += [f"{owner} NS ns.{owner}", f"ns.{owner} A 192.0.2.{chance.randrange(256)}"]
    return Zone(_FIXED + "\n".join(lines) + "\n", owners)


SPECIAL = ["", "ns1", "mail", "wild", "x.wild", "a.b.wild", "exact.wild", "below.exact.wild", "sub.wild",
           "x.sub.wild", "under.sub.wild", "x.wildalias", "x.wildfar", "ent.tree", "tree", "deep.ent.tree",
           "x.deep.ent.tree", "alias", "chain1", "aliaswild", "aliasnone", "aliasent", "aliascut",
           "aliasfar", "loop1", "cut", "www.cut", "ns.cut", "hidden.cut", "signedcut", "x.signedcut",
           "in.ent", "ent", "deepcut.in.ent", "x.deepcut.in.ent", "tree.dn", "mail.tree.dn",
           "none.tree.dn", "tree.far", "x.tree.far", "caa", "_sip._tcp", "_tcp", "web", "missing",
           "x.missing", "*.wild", "*", "x.alias", "upper", "UPPER", "x.*.wild", "d1.e1", "e1"]


def questions(zone: Zone, count: int, chance: random.Random) -> list[tuple[str, str]]:
    """All special names with all types, then `count` random ones."""
    asked = [(owner, qtype) for owner in SPECIAL for qtype in QTYPES]
    for _ in range(count):
        owner = chance.choice(zone.owners)
        change = chance.random()
        if change < 0.2:
            owner = f"x{chance.randrange(9)}.{owner}"
        elif change < 0.3:
            owner = owner[:-1] + "q"
        elif change < 0.4:
            owner = owner.upper()
        asked.append((owner, chance.choice(QTYPES)))
    return [(f"{owner}.{ORIGIN}." if owner else f"{ORIGIN}.", qtype) for owner, qtype in asked]
