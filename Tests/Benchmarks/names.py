"""The names all subjects serve, and the files each of them reads them from."""

import hashlib
import random
from pathlib import Path

TLDS = ["com", "net", "org", "info"]
ADDRESS = "192.0.2.53"
TTL = 60
FAMILY, SEED = "benchfeed", "s1"


def listed(count: int) -> list[str]:
    """Distinct DGA-like names of 8 to 20 letters below four TLDs; always the same ones."""
    names: dict[str, None] = {}
    number = 0
    while len(names) < count:
        digest = hashlib.blake2b(number.to_bytes(8, "big"), digest_size=24).digest()
        letters = "".join(chr(97 + byte % 26) for byte in digest[:8 + digest[22] % 13])
        names[f"{letters}.{TLDS[digest[23] % len(TLDS)]}"] = None
        number += 1
    return list(names)


def write_feed(names: list[str], path: Path) -> None:
    """Ponor's domain feed."""
    with path.open("w") as file:
        file.write("domain,family,seed,valid_from,valid_to\n")
        file.writelines(f"{name},{FAMILY},{SEED},2020-01-01,2040-01-01\n" for name in names)


def write_zones(names: list[str], folder: Path) -> dict[str, Path]:
    """NSD's plain zones: one per TLD, an A record for each name."""
    zones = {tld: folder / f"{tld}.zone" for tld in TLDS}
    files = {tld: path.open("w") for tld, path in zones.items()}
    for tld, file in files.items():
        file.write(f"$ORIGIN {tld}.\n$TTL {TTL}\n@ SOA ns.bench-{tld}. h.{tld}. 1 60 60 60 60\n"
                   f"@ NS ns.bench-{tld}.\n")
    for name in names:
        label, _, tld = name.rpartition(".")
        files[tld].write(f"{label} A {ADDRESS}\n")
    for file in files.values():
        file.close()
    return zones


def write_rpz(names: list[str], path: Path) -> None:
    """Unbound's response policy zone."""
    with path.open("w") as file:
        file.write(f"$ORIGIN rpz.bench.\n$TTL {TTL}\n@ SOA ns.rpz.bench. h.rpz.bench. 1 60 60 60 60\n"
                   "@ NS ns.rpz.bench.\n")
        file.writelines(f"{name} A {ADDRESS}\n" for name in names)


def write_queries(names: list[str], path: Path) -> None:
    """dnsperf's input: every name once, in an order no subject's table has."""
    shuffled = names.copy()
    random.Random(2026).shuffle(shuffled)
    path.write_text("".join(f"{name} A\n" for name in shuffled))
