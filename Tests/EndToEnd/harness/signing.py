"""DNSSEC for the lab's zones with ldns-keygen and ldns-signzone, and ways to break it."""

import time
from dataclasses import dataclass
from pathlib import Path

from .processes import run_checked

ALGORITHM = "ECDSAP256SHA256"
DAY = 86_400


@dataclass
class SignedZone:
    """A signed zone file and the DS records its parent should publish."""

    file: Path
    ds: list[str]


def sign(origin: str, file: Path, *, nsec3: bool = False, expired: bool = False,
         iterations: int = 0) -> SignedZone:
    """Sign a zone file with a fresh KSK and ZSK."""
    folder = file.parent
    keys = []
    for flags in (["-k"], []):
        base = run_checked(["ldns-keygen", *flags, "-a", ALGORITHM, origin], cwd=folder).strip()
        keys.append(base)
    ds = (folder / f"{keys[0]}.ds").read_text().splitlines()
    end = time.time() + (-2 * DAY if expired else 30 * DAY)
    dates = ["-i", _stamp(end - 31 * DAY), "-e", _stamp(end)]
    options = ["-n", "-t", str(iterations)] if nsec3 else []
    signed = folder / f"{file.name}.signed"
    run_checked(["ldns-signzone", *dates, *options, "-o", origin, "-f", signed, file, *keys], cwd=folder)
    return SignedZone(signed, [line for line in ds if line.strip()])


def _stamp(seconds: float) -> str:
    return time.strftime("%Y%m%d%H%M%S", time.gmtime(seconds))


def falsify(zone: SignedZone, was: str, becomes: str) -> None:
    """Change record data after signing, so that its signature is wrong."""
    text = zone.file.read_text()
    assert was in text, f"{was!r} not in {zone.file}"
    zone.file.write_text(text.replace(was, becomes))


def strip_signatures(zone: SignedZone, owner: str, covered: str) -> None:
    """Remove the RRSIGs of one RRset."""
    kept = [line for line in zone.file.read_text().splitlines()
            if not (line.startswith(owner) and f"RRSIG\t{covered} " in line)]
    zone.file.write_text("\n".join(kept) + "\n")
