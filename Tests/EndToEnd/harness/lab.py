"""A small real Internet in a network namespace: root, TLDs, signed and broken zones, by NSD.

    10.53.0.1   root                          10.53.0.5   scriptable authority (witness.org)
    10.53.0.2   com, net, org                 10.53.0.6   nobody (dead.com)
    10.53.0.3   the leaf zones                10.53.0.10  Unbound, the reference resolver
    10.53.0.11, .12  for Ponor                10.53.0.20  a client outside of access lists

`python3 -m harness.lab` builds it, asks Unbound for one name of each kind and prints the answers.
"""

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from . import netns, peers, signing
from .client import Client, query
from .lab_zones import LEAVES, ROOT, TLDS, Leaf, text
from .processes import Daemon

ROOT_SERVER, TLD_SERVER, LEAF_SERVER = "10.53.0.1", "10.53.0.2", "10.53.0.3"
WITNESS, NOBODY = "10.53.0.5", "10.53.0.6"
UNBOUND, PONOR, SECOND, STRANGER = "10.53.0.10", "10.53.0.11", "10.53.0.12", "10.53.0.20"
ADDRESSES = [ROOT_SERVER, TLD_SERVER, LEAF_SERVER, WITNESS, NOBODY, UNBOUND, PONOR, SECOND, STRANGER]


class Lab:
    """The servers of the lab; a context manager that starts and stops them."""

    def __init__(self, folder: Path, namespace: str):
        self.folder, self.namespace = folder, namespace
        self.prefix = netns.inside(namespace)
        self.witness_log = folder / "witness" / "questions.log"
        self.hints = folder / "root.hints"
        self.trust_anchors: list[str] = []
        self._ds: dict[str, list[str]] = {}
        self._stack = ExitStack()

    def __enter__(self) -> "Lab":
        for address in ADDRESSES:
            netns.add_address(self.namespace, address)
        self._write_zones()
        with self._stack as stack, netns.entered(self.namespace):
            self._start_authorities()
            self._start(peers.unbound(
                self.folder / "unbound", UNBOUND, prefix=self.prefix,
                server=[f'root-hints: "{self.hints}"', "ede: yes", "val-log-level: 2",
                        *[f'trust-anchor: "{anchor}"' for anchor in self.trust_anchors]]), UNBOUND)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_) -> None:
        self._stack.close()

    def _start(self, daemon: Daemon, address: str, name: str = ".") -> None:
        self._stack.callback(daemon.stop)
        peers.started(daemon, Client(53, address), name)

    def _start_authorities(self) -> None:
        for number, (address, zones) in enumerate(self.zones.items()):
            server = peers.nsd(self.folder / f"nsd{number}", [address], zones, prefix=self.prefix)
            self._start(server, address, next(iter(zones)))
        witness = peers.authority(self.folder / "witness", WITNESS, "witness.org", prefix=self.prefix)
        self._start(witness, WITNESS, "witness.org")

    # Zones

    def _write_zones(self) -> None:
        """Sign bottom-up: each parent publishes the DS records of its children."""
        work = self.folder / "zones"
        work.mkdir()
        leaves = {origin: self._leaf(work, origin, leaf) for origin, leaf in LEAVES.items()}
        tlds = {}
        for tld in TLDS:
            delegations = [line for origin, leaf in LEAVES.items() if origin.endswith(f".{tld}")
                           for line in leaf.delegation(origin, self._ds.get(origin, []))]
            tlds[tld] = self._signed(work, tld, text(tld, TLDS[tld], delegations), Leaf("", ds=True))
        delegations = [line for tld in TLDS for line in
                       [f"{tld}. NS ns.{tld}.", f"ns.{tld}. A {TLD_SERVER}", *self._ds[tld]]]
        root = self._signed(work, ".", text(".", ROOT, delegations), Leaf("", ds=True))
        self.trust_anchors = [" ".join(line.split(";")[0].split()) for line in self._ds["."]]
        self.zones = {ROOT_SERVER: {".": root}, TLD_SERVER: tlds,
                      LEAF_SERVER: {origin: file for origin, file in leaves.items() if file}}
        self.hints.write_text(f". 3600000 NS ns1.roots.\nns1.roots. 3600000 A {ROOT_SERVER}\n")

    def _leaf(self, work: Path, origin: str, leaf: Leaf) -> Path | None:
        if leaf.records is None:
            return None
        return self._signed(work, origin, text(origin, leaf.records, []), leaf)

    def _signed(self, work: Path, origin: str, content: str, leaf: Leaf) -> Path:
        """Write a zone file, signed and broken as asked; remember the DS records to publish."""
        folder = work / (origin.strip(".") or "root")
        folder.mkdir()
        file = folder / "zone"
        file.write_text(content)
        if not leaf.signed:
            return file
        zone = signing.sign(origin, file, nsec3=leaf.nsec3, expired=leaf.expired, iterations=leaf.iterations)
        self._ds[origin] = [leaf.alter_ds(line) for line in zone.ds] if leaf.ds else []
        for was, becomes in leaf.falsified:
            signing.falsify(zone, was, becomes)
        for owner, covered in leaf.unsigned_sets:
            signing.strip_signatures(zone, owner, covered)
        return file if leaf.serve_unsigned else zone.file

    def asked(self) -> list[str]:
        """The questions that have reached the witness authority, as "name. TYPE"."""
        return self.witness_log.read_text().splitlines()


def main() -> None:
    """Build the lab and show what the reference resolver makes of it."""
    folder = Path(tempfile.mkdtemp(prefix="ponor-lab-"))
    try:
        with netns.namespace() as name, Lab(folder, name), netns.entered(name):
            client = Client(53, UNBOUND, timeout=8)
            for owner, qtype in [("www.good.com", "A"), ("www.broken.com", "A"), ("www.expired.com", "A"),
                                 ("www.island.com", "A"), ("www.wrongds.com", "A"),
                                 ("www.unsigned.com", "A"), ("www.stripped.com", "A"),
                                 ("www.naked.com", "A"), ("x.wild.good.com", "A"),
                                 ("nowhere.good.com", "A"), ("www.good.com", "MX"),
                                 ("www.nsec3.org", "A"), ("nowhere.nsec3.org", "A"),
                                 ("big.good.com", "TXT"), ("www.lame.com", "A"), ("www.dead.com", "A"),
                                 ("chain.good.com", "A"), ("chain.unsigned.com", "A"),
                                 ("a.witness.org", "A"), ("nowhere.invalidtld", "A")]:
                answer = client.udp(query(owner, qtype, do=True))
                print(f"== {owner} {qtype}\n{answer.to_text() if answer else 'NO ANSWER'}\n")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
