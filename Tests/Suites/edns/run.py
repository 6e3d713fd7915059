#!/usr/bin/python3
"""EDNS and header compliance, judged by genreport (the tool behind DNS Flag Day's checks).

Give it the path of a built `genreport` (ISC's DNS-Compliance-Testing); it is not part of Ponor.
Checked are a sinkholed name, as if it were a delegated zone, and recursion for a signed zone of the
laboratory. Full marks means that every test says ok. Needs root and the packages of the end-to-end suite.
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "EndToEnd"))

from harness import lab, netns
from harness.client import Client
from harness.ponor import Ponor, cli
from harness.processes import run

# "yes" only adds that the zone is signed, "cookie" that a cookie came back.
FINE = {"ok", "ok,yes", "ok,cookie"}
SINKHOLE = ["-f", "-c"]
RECURSION = ["-R", "-f", "-c"]


def marks(genreport: Path, prefix: list[str], zone: str, address: str, arguments: list[str]) -> dict[str, str]:
    """test → result."""
    done = run(
        [*prefix, "sh", "-c", f'echo "$1 ns $2" | exec "$0" {" ".join(arguments)} -o', genreport, zone, address], 120)
    words = done.stdout.split()
    assert any("=" in word for word in words), f"genreport said: {done.stdout} {done.stderr}"
    return dict(word.split("=", 1) for word in words if "=" in word)


def show(title: str, results: dict[str, str]) -> bool:
    bad = {test: result for test, result in results.items() if result not in FINE}
    print(f"{title}: {len(results) - len(bad)} of {len(results)} ok" + "".join(
        f"\n  {test}={result}" for test, result in bad.items()))
    return not bad


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("genreport", type=Path)
    genreport = parser.parse_args().genreport.resolve()
    listed = cli("models", "generate", "newgoz", "--count", "1").stdout.strip()
    with tempfile.TemporaryDirectory(prefix="ponor-edns-") as name, netns.namespace() as namespace:
        folder = Path(name)
        (folder / "lab").mkdir()
        with lab.Lab(folder / "lab", namespace) as internet, netns.entered(namespace):
            ponor = Ponor(folder / "ponor", {
                "models": {"families": ["newgoz"]},
                "resolution": {"mode": "recursive", "root_hints": str(internet.hints),
                               "trust_anchors": internet.trust_anchors},
                "access": {"recursion": ["10.53.0.0/16"]}},
                address=lab.PONOR, port=53, prefix=internet.prefix, client=Client(53, lab.PONOR))
            ponor.start()
            ponor.wait_sinkholed(listed)
            try:
                fine = show(f"sinkholed zone {listed}", marks(genreport, internet.prefix, listed, lab.PONOR, SINKHOLE))
                fine &= show(f"types, {listed}", marks(genreport, internet.prefix, listed, lab.PONOR, ["-t"]))
                fine &= show("recursion, good.com", marks(genreport, internet.prefix, "good.com", lab.PONOR, RECURSION))
                show("the same of Unbound", marks(genreport, internet.prefix, "good.com", lab.UNBOUND, RECURSION))
            finally:
                ponor.stop()
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
