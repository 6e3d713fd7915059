"""A small Internet for the resolver benchmarks: a root, one TLD and its zones, served by one NSD.

    10.54.0.1  root     10.54.0.2  bench.     10.54.0.3  the zones below bench.
    10.54.0.10 … the resolvers under comparison, all in one network namespace

Half of the zones are unsigned and answer any name (a wildcard), so that every query can be a new
one; the others are signed with names that exist, because wildcards of signed zones would be
answered out of cached proofs (RFC 8198).
"""

from pathlib import Path

from harness import netns, peers, signing
from harness.client import Client

ROOT, TLD, LEAVES = "10.54.0.1", "10.54.0.2", "10.54.0.3"
RESOLVERS = [f"10.54.0.{number}" for number in range(10, 20)]
PLAIN_ZONES, SIGNED_ZONES = 200, 20
SOA = "SOA ns.bench. hostmaster.bench. 1 3600 600 86400 60"


class Hierarchy:
    """The authoritative side; `start` and `stop` run it."""

    def __init__(self, folder: Path, namespace: str, *, signed_names: int):
        self.folder, self.prefix = folder, netns.inside(namespace)
        self.signed_names = signed_names
        self.hints = folder / "root.hints"
        folder.mkdir()
        for address in [ROOT, TLD, LEAVES, *RESOLVERS]:
            netns.add_address(namespace, address)
        self._write()

    def _write(self) -> None:
        zones = self.folder / "zones"
        zones.mkdir()
        plain = {f"p{number}.bench": self._zone(f"p{number}.bench", ["* 3600 A 192.0.2.1"])
                 for number in range(PLAIN_ZONES)}
        each = self.signed_names // SIGNED_ZONES
        signed, ds = {}, []
        for number in range(SIGNED_ZONES):
            origin = f"s{number}.bench"
            zone = signing.sign(origin, self._zone(
                origin, [f"n{name} 3600 A 192.0.2.1" for name in range(each)]))
            signed[origin] = zone.file
            ds += zone.ds
        delegations = [f"{origin}. NS ns.{origin}.\nns.{origin}. A {LEAVES}" for origin in [*plain, *signed]]
        tld = signing.sign("bench", self._zone("bench", [*delegations, *ds], TLD))
        root = signing.sign(".", self._zone("", [f"bench. NS ns.bench.\nns.bench. A {TLD}", *tld.ds], ROOT))
        self.trust_anchors = [" ".join(line.split(";")[0].split()) for line in root.ds]
        self.zones = {ROOT: {".": root.file}, TLD: {"bench": tld.file}, LEAVES: plain | signed}
        self.hints.write_text(f". 3600000 NS ns.\nns. 3600000 A {ROOT}\n")

    def _zone(self, origin: str, records: list[str], address: str = LEAVES) -> Path:
        folder = self.folder / "zones" / (origin or "root")
        folder.mkdir()
        file = folder / "zone"
        server = f"ns.{origin}." if origin else "ns."
        file.write_text("\n".join([f"$ORIGIN {origin}.", "$TTL 3600", f"@ {SOA}", f"@ NS {server}",
                                   f"{server} A {address}", *records]) + "\n")
        return file

    def start(self, core: int) -> list:
        """Start one NSD per address on its core."""
        daemons = []
        for number, (address, zones) in enumerate(self.zones.items()):
            daemon = peers.nsd(self.folder / f"nsd{number}", [address], zones,
                               prefix=[*self.prefix, "taskset", "-c", str(core)])
            peers.started(daemon, Client(53, address), next(iter(zones)), seconds=60)
            daemons.append(daemon)
        return daemons

    def new_names(self, start: int, count: int) -> list[str]:
        """Names nobody has asked for yet, when each round takes another range."""
        return [f"q{start + number}.p{number % PLAIN_ZONES}.bench" for number in range(count)]

    def new_signed_names(self, start: int, count: int) -> list[str]:
        """As `new_names`, in signed zones; they exist up to `signed_names`."""
        numbers = range(start, start + count)
        assert numbers.stop <= self.signed_names, "not enough signed names"
        return [f"n{number // SIGNED_ZONES}.s{number % SIGNED_ZONES}.bench" for number in numbers]
