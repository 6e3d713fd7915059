#!/usr/bin/python3
"""CPU per query of answers out of the cache and of recursion: Ponor beside other resolvers.

Issue 4, "What must be shown": cache hits need at most 0.8 of the best peer's CPU per query,
recursion misses at most 1.05 of Unbound's. `make bench-resolver` runs this; it needs root, for a
network namespace that holds a signed root, a TLD and 220 zones (see hierarchy.py).

Each resolver has one worker thread and one core; dnsperf and the authoritative servers have the
other core. Rounds are interleaved; ratios are taken within a round and their median is judged.
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "EndToEnd"))

import report
from harness import netns
from hierarchy import Hierarchy, RESOLVERS
from measure import Run, dnsperf
from peer_resolvers import STARTERS, Resolver

HITS_MAXIMUM, MISSES_MAXIMUM = 0.8, 1.05
WARM_NAMES = 10_000


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4, help="length of one run of cache hits")
    parser.add_argument("--loads", default="20000,40000,0", help="offered cache hits a second; 0 saturates")
    parser.add_argument("--misses", type=int, default=8_000, help="new names a round, unsigned zones")
    parser.add_argument("--signed-misses", type=int, default=3_000, help="new names a round, signed zones")
    parser.add_argument("--miss-rate", type=int, default=2_000, help="offered misses a second")
    parser.add_argument("--only", default="ponor,unbound,bind,powerdns,knot")
    parser.add_argument("--series", default="hits,misses,signed")
    parser.add_argument("--server-core", type=int, default=0)
    parser.add_argument("--client-core", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    return parser.parse_args()


class Bench:
    """The running resolvers and the ways to load them."""

    def __init__(self, folder: Path, net: Hierarchy, resolvers: list[Resolver], chosen: argparse.Namespace):
        self.folder, self.net, self.resolvers, self.chosen = folder, net, resolvers, chosen

    def load(self, resolver: Resolver, queries: Path, rate: int | None, seconds: float = 0) -> Run:
        """Offer queries for some seconds, or each once when `seconds` is 0."""
        return dnsperf(53, resolver.pid, queries, seconds=seconds, rate=rate, core=self.chosen.client_core,
                       edns=True, address=resolver.address, prefix=self.net.prefix, once=not seconds)

    def write(self, names: list[str]) -> Path:
        file = self.folder / "queries.txt"
        file.write_text("".join(f"{name} A\n" for name in names))
        return file

    def rotated(self, round_number: int) -> list[Resolver]:
        shift = round_number % len(self.resolvers)
        return self.resolvers[shift:] + self.resolvers[:shift]

    def hits(self) -> dict[int, dict[str, list[Run]]]:
        """The same names over and over, at several loads."""
        queries = self.write(self.net.new_names(10_000_000, WARM_NAMES))
        for resolver in self.resolvers:
            self.load(resolver, queries, 2_000)
            self.load(resolver, queries, 2_000)
        runs: dict[int, dict[str, list[Run]]] = {}
        for load in map(int, self.chosen.loads.split(",")):
            for number in range(self.chosen.rounds):
                for resolver in self.rotated(number):
                    self.note(runs, load, resolver,
                              self.load(resolver, queries, load or None, self.chosen.seconds))
        return runs

    def misses(self, names, count: int, first: int) -> dict[int, dict[str, list[Run]]]:
        """Names nobody has asked for; all resolvers get the same ones in a round."""
        runs: dict[int, dict[str, list[Run]]] = {}
        for number in range(self.chosen.rounds):
            queries = self.write(names(first + number * count, count))
            for resolver in self.rotated(number):
                self.note(runs, self.chosen.miss_rate, resolver,
                          self.load(resolver, queries, self.chosen.miss_rate))
        return runs

    @staticmethod
    def note(runs, load: int, resolver: Resolver, run: Run) -> None:
        runs.setdefault(load, {}).setdefault(resolver.label, []).append(run)
        print(f"  {load or 'full':>6} {resolver.label:14} {run.microseconds:7.2f} µs/query "
              f"{run.rate:9,.0f}/s  lost {run.lost}", flush=True)


def judge(series: dict) -> list[tuple[str, float, float]]:
    """(what, measured, allowed) for each promise of the issue."""
    found = []
    for load, peers in report.ratios(series.get("hits", {})).items():
        best = max(peers.items(), key=lambda one: one[1], default=None)
        if best:
            found.append((f"cache hit, Ponor / best peer ({best[0]}), load {load or 'full'}", best[1], HITS_MAXIMUM))
    for name in ("misses", "signed"):
        for peers in report.ratios(series.get(name, {})).values():
            if "Unbound" in peers:
                found.append((f"recursion ({name}), Ponor / Unbound", peers["Unbound"], MISSES_MAXIMUM))
    return found


def measure(folder: Path, namespace: str, chosen: argparse.Namespace) -> dict:
    net = Hierarchy(folder / "net", namespace, signed_names=20_000)
    running = []
    with netns.entered(namespace):
        try:
            running += net.start(chosen.client_core)
            resolvers = []
            for which, address in zip(chosen.only.split(","), RESOLVERS):
                print(f"starting {which} …", flush=True)
                resolvers.append(STARTERS[which](folder / which, address, net,
                                                 ["taskset", "-c", str(chosen.server_core)]))
                running.append(resolvers[-1])
            bench = Bench(folder, net, resolvers, chosen)
            # Signed names are counted out: a warm-up of the delegations, then one range a round.
            for resolver in resolvers:
                bench.load(resolver, bench.write(net.new_names(0, 400)), 500)
                bench.load(resolver, bench.write(net.new_signed_names(0, 100)), 200)
            todo = {"hits": bench.hits,
                    "misses": lambda: bench.misses(net.new_names, chosen.misses, 1_000_000),
                    "signed": lambda: bench.misses(net.new_signed_names, chosen.signed_misses, 100)}
            return {name: todo[name]() for name in chosen.series.split(",")}
        finally:
            for one in reversed(running):
                one.stop()


def main() -> int:
    chosen = options()
    with tempfile.TemporaryDirectory(prefix="ponor-bench-") as name, netns.namespace() as namespace:
        series = measure(Path(name), namespace, chosen)
    judged = judge(series)
    for title, runs in series.items():
        print(f"\n### {title}")
        print(report.table(runs))
    print(report.promises(judged))
    if chosen.json:
        chosen.json.write_text(report.series_as_json(series, judged))
    return int(any(measured > allowed for _, measured, allowed in judged))


if __name__ == "__main__":
    sys.exit(main())
