"""Feed files: dated names from data (DESIGN §4), and made-up names for load."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

HEADER = "domain,family,seed,valid_from,valid_to"
FROM, TO = "2020-01-01", "2040-01-01"


def made_up(count: int, tag: str, tld: str = "com") -> list[str]:
    """Distinct DGA-like names; the same for the same arguments."""
    return [f"{_letters(f'{tag}/{number}')}.{tld}" for number in range(count)]


def _letters(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "".join(chr(ord("a") + byte % 26) for byte in digest[:8 + digest[31] % 9])


def row(name: str, family: str = "testfeed", seed: str = "s1", start: str = FROM, end: str = TO) -> str:
    return f"{name},{family},{seed},{start},{end}"


def write(path: Path, rows: Iterable[str]) -> Path:
    """Write a feed with its header line, atomically."""
    temporary = path.with_suffix(".new")
    temporary.write_text("\n".join([HEADER, *rows]) + "\n")
    temporary.rename(path)
    return path


def write_names(path: Path, names: Iterable[str], family: str = "testfeed", seed: str = "s1") -> Path:
    return write(path, (row(name, family, seed) for name in names))
