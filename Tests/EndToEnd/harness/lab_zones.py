"""What stands in the lab's zones. `None` records mean: delegated, but nobody serves it."""

from dataclasses import dataclass, field

from .policy_records import LAB_RECORDS

LEAF = "10.53.0.3"
SOA = "SOA ns hostmaster 2026112301 3600 600 86400 30"


@dataclass
class Leaf:
    """One leaf zone: its records, how it is signed and what is wrong with it."""

    records: str | None
    signed: bool = True
    ds: bool = True                   # the parent publishes its DS
    nsec3: bool = False
    iterations: int = 0               # of NSEC3, beyond the first
    expired: bool = False
    server: str = LEAF
    nameserver: str = ""              # a name server elsewhere, without glue
    wrong_ds: bool = False
    serve_unsigned: bool = False      # DS in the parent, but the served file has no signatures
    falsified: list[tuple[str, str]] = field(default_factory=list)
    unsigned_sets: list[tuple[str, str]] = field(default_factory=list)

    def delegation(self, origin: str, ds: list[str]) -> list[str]:
        if self.nameserver:
            return [f"{origin}. NS {self.nameserver}", *ds]
        return [f"{origin}. NS ns.{origin}.", f"ns.{origin}. A {self.server}", *ds]

    def alter_ds(self, line: str) -> str:
        """The DS line, or one with another digest."""
        if not self.wrong_ds:
            return line
        head, _, digest = line.split(";")[0].rstrip().rpartition(" " if " " in line else "\t")
        return f"{head} {digest[::-1]}"


def text(origin: str, records: str, more: list[str]) -> str:
    """A whole zone file."""
    dotted = origin if origin.endswith(".") else f"{origin}."
    return f"$ORIGIN {dotted}\n$TTL 300\n{records.strip()}\n" + "\n".join(more) + "\n"


ROOT = f"""
@ SOA ns1.roots. hostmaster.roots. 1 3600 600 86400 30
@ NS ns1.roots.
ns1.roots. A 10.53.0.1
"""

_TLD = f"@ {SOA}\n@ NS ns\nns A 10.53.0.2\n"
TLDS = {"com": _TLD, "net": _TLD, "org": _TLD}

_PLAIN = f"@ {SOA}\n@ NS ns\nns A {LEAF}\n@ A 198.51.100.1\nwww A 198.51.100.2\n"
_BIG = "\n".join(f'big TXT "{number:03d} {"x" * 200}"' for number in range(12))

LEAVES: dict[str, Leaf] = {
    "good.com": Leaf(_PLAIN + f"""
www AAAA 2001:db8:1::2
short 2 A 198.51.100.3
*.wild A 198.51.100.4
a.ent A 198.51.100.5
alias CNAME www
far CNAME www.unsigned.com.
chain CNAME hop.chain
hop.chain CNAME www.nsec3.org.
tobroken CNAME www.broken.com.
tolisted CNAME listedtarget.com.
vialisted CNAME vialisted.middlelisted.net.
dnametree DNAME unsigned.com.
{_BIG}
"""),
    "nsec3.org": Leaf(_PLAIN + "*.wild A 198.51.100.4\n", nsec3=True),
    "iterated.org": Leaf(_PLAIN, nsec3=True, iterations=60),
    "broken.com": Leaf(_PLAIN + "fine A 198.51.100.6\n", falsified=[("198.51.100.2", "203.0.113.66")]),
    "expired.com": Leaf(_PLAIN, expired=True),
    "stripped.com": Leaf(_PLAIN, unsigned_sets=[("www.stripped.com.", "A")]),
    "naked.com": Leaf(_PLAIN, serve_unsigned=True),
    "wrongds.com": Leaf(_PLAIN, wrong_ds=True),
    "island.com": Leaf(_PLAIN, ds=False),
    "unsigned.com": Leaf(_PLAIN + """
alias CNAME www
chain CNAME alias.good.com.
tolisted CNAME listedtarget.com.
latelisted CNAME www.laterlisted.net.
loop CNAME pool
pool CNAME loop
""", signed=False),
    "listedtarget.com": Leaf(_PLAIN, signed=False),
    "middlelisted.net": Leaf(_PLAIN + "vialisted CNAME www.unsigned.com.\n", signed=False),
    "laterlisted.net": Leaf(_PLAIN, signed=False),
    "lame.com": Leaf(None, signed=False),
    "dead.com": Leaf(None, signed=False, server="10.53.0.6"),
    "witness.org": Leaf(None, signed=False, server="10.53.0.5"),
    "policy.net": Leaf(_PLAIN + LAB_RECORDS, signed=False),
    "served.net": Leaf(_PLAIN.replace("NS ns\n", "NS ns.servers.net.\n") + "both A 198.51.100.23\n", signed=False,
                       nameserver="ns.servers.net."),
    "served2.net": Leaf(_PLAIN.replace("NS ns\n", "NS a.wildns.net.\n"), signed=False,
                        nameserver="a.wildns.net."),
    "servers.net": Leaf(_PLAIN, signed=False),
    "wildns.net": Leaf(_PLAIN + f"a A {LEAF}\n", signed=False),
}
