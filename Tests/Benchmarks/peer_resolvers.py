"""The resolvers under comparison: Debian's packages and Ponor, one thread each, on one core."""

from pathlib import Path

from harness import peers, resolvers
from harness.resolvers import CACHE_MEGABYTES
from harness.client import Client
from harness.ponor import Ponor
from harness.processes import Daemon
from hierarchy import Hierarchy
from subjects import Subject


class Resolver(Subject):
    """A running resolver at an address of its own, port 53."""

    def __init__(self, label: str, address: str, daemon: Daemon):
        super().__init__(label, 53, daemon)
        self.address = address
        self.client = Client(53, address, timeout=5)


def start_ponor(folder: Path, address: str, net: Hierarchy, pin: list[str]) -> Resolver:
    ponor = Ponor(folder, {
        "resolution": {"mode": "recursive", "root_hints": str(net.hints), "trust_anchors": net.trust_anchors,
                       "threads": 1},
        "cache": {"memory": f"{CACHE_MEGABYTES}MiB"}, "access": {"recursion": ["10.54.0.0/16"]},
        "models": {"families": "all"}},
        address=address, port=53, prefix=[*net.prefix, *pin], client=Client(53, address))
    ponor.start(120)
    return Resolver("Ponor", address, ponor.daemon)


def start_unbound(folder: Path, address: str, net: Hierarchy, pin: list[str]) -> Resolver:
    anchors = [f'trust-anchor: "{anchor}"' for anchor in net.trust_anchors]
    daemon = peers.unbound(folder, address, prefix=[*net.prefix, *pin], server=[
        f'root-hints: "{net.hints}"', *anchors, "so-rcvbuf: 4m", "so-sndbuf: 4m", "outgoing-range: 4096",
        "num-queries-per-thread: 2048", f"msg-cache-size: {CACHE_MEGABYTES // 2}m",
        f"rrset-cache-size: {CACHE_MEGABYTES}m", "qname-minimisation: yes", "aggressive-nsec: yes",
        "minimal-responses: yes"])
    return Resolver("Unbound", address, peers.started(daemon, Client(53, address), "bench"))


def _peer(label: str, make):
    """A starter for one of the resolvers of the test harness."""
    def start(folder: Path, address: str, net: Hierarchy, pin: list[str]) -> Resolver:
        daemon = make(folder, address, net, pin)
        return Resolver(label, address, peers.started(daemon, Client(53, address), "bench"))
    return start


STARTERS = {"ponor": start_ponor, "unbound": start_unbound, "bind": _peer("BIND", resolvers.bind),
            "powerdns": _peer("PowerDNS", resolvers.powerdns),
            "knot": _peer("Knot Resolver", resolvers.knot_resolver)}
