"""Compares results with the pinned list: any other result than expected, either way, is a failure."""

import sys


def read(path: str) -> dict[tuple[str, str], tuple[str, str]]:
    """(scenario, minimisation) → (result, reason)."""
    with open(path, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if line.strip() and not line.startswith("#")]
    return {(row[0], row[1]): (row[2], row[3] if len(row) > 3 else "") for row in rows}


expected, got = read(sys.argv[1]), read(sys.argv[2])
wrong = 0
for key, (result, _) in sorted(got.items()):
    pinned, reason = expected.get(key, ("absent", ""))
    if pinned != result:
        wrong += 1
        print(f"{key[0]} qmin={key[1]}: {result}, expected {pinned} {reason}")
print(f"{len(got)} run, {wrong} other than expected")
sys.exit(1 if wrong else 0)
