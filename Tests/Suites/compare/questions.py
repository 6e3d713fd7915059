"""Questions about the lab's zones: what exists, what nearly exists, and what does not, in all forms."""

import random
from dataclasses import dataclass

from harness.lab_zones import LEAVES, TLDS

TYPES = ["A", "AAAA", "NS", "SOA", "MX", "TXT", "CNAME", "DNAME", "DS", "DNSKEY", "NSEC", "NSEC3PARAM", "PTR",
         "SRV", "CAA", "HTTPS", "SVCB", "TLSA", "NAPTR", "TYPE65280"]
COMMON = ["A", "AAAA", "HTTPS", "MX", "TXT", "NS"]
LABELS = ["www", "@", "alias", "far", "chain", "hop.chain", "short", "x.wild", "a.b.wild", "wild", "ent", "a.ent",
          "b.ent", "tobroken", "tolisted", "vialisted", "dnametree", "www.dnametree", "x.dnametree", "big", "fine",
          "nowhere", "deep.nowhere", "ns", "latelisted", "loop", "_dmarc", "WWW", "wWw.", "xn--bcher-kva"]
OUTSIDE = ["com", "net", "org", ".", "nowhere", "invalidtld", "a.invalidtld", "roots", "ns1.roots", "ns.com",
           "unregistered.com", "www.unregistered.net", "x.y.z.unregistered.org"]
# Names that need a server which never answers take seconds each; they are asked in test_recursion.
SKIPPED = {"dead.com", "lame.com", "witness.org"}


@dataclass(frozen=True)
class Question:
    """One question in one form."""

    name: str
    qtype: str
    edns: bool
    do: bool
    cd: bool
    ad: bool
    rd: bool


def generate(count: int, seed: int) -> list[Question]:
    """`count` questions, the same ones for the same seed."""
    chance = random.Random(seed)
    zones = [zone for zone in LEAVES if zone not in SKIPPED]
    return [_one(chance, zones) for _ in range(count)]


def _one(chance: random.Random, zones: list[str]) -> Question:
    name = chance.choice(OUTSIDE) if chance.random() < 0.1 else _name(chance, zones)
    edns = chance.random() < 0.85
    return Question(name, chance.choice(COMMON if chance.random() < 0.6 else TYPES), edns,
                    do=edns and chance.random() < 0.5, cd=chance.random() < 0.2, ad=chance.random() < 0.3,
                    rd=True)


def _name(chance: random.Random, zones: list[str]) -> str:
    zone = chance.choice([*zones, "good.com", "nsec3.org", "unsigned.com"])
    label = chance.choice(LABELS).rstrip(".")
    if label == "@":
        return zone
    if label == "nowhere" and chance.random() < 0.5:
        label = f"no{chance.randrange(10_000)}"
    return f"{label}.{zone}"


assert set(TLDS) <= set(OUTSIDE)
