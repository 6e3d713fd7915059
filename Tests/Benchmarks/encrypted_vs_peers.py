#!/usr/bin/python3
"""DNS over TLS and HTTPS: queries a second and server CPU per query, beside Unbound and dnsdist.

Every query is a cache hit on a kept connection. Each server has one thread's worth of one core
(taskset), dnsperf has the other core; all have the same P-256 certificate and speak TLS 1.3 with
whatever cipher both sides like best. Rounds are interleaved, as in sinkhole_vs_peers.py.
"""

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "EndToEnd"))

import report
from harness import encrypted, environment, peers
from harness.client import Client, query
from harness.ponor import Ponor
from harness.processes import Daemon, run
from measure import Run, dnsperf

MODES = {"dot": ["-m", "dot"],
         "doh GET": ["-m", "doh", "-O", "doh-method=GET", "-O", f"doh-uri=https://{encrypted.NAME}/dns-query"],
         "doh POST": ["-m", "doh", "-O", "doh-method=POST", "-O", f"doh-uri=https://{encrypted.NAME}/dns-query"]}


class Subject:
    """A running server with a port for each transport."""

    def __init__(self, label: str, folder: Path):
        self.label, self.folder = label, folder
        folder.mkdir()
        self.port, self.dot, self.doh = (environment.free_port() for _ in range(3))
        self.daemon: Daemon | None = None

    def port_for(self, mode: str) -> int:
        return self.dot if mode == "dot" else self.doh


def start_ponor(folder: Path, pair: encrypted.Pair, upstream: int, prefix: list[str]) -> Subject:
    subject = Subject("Ponor", folder)
    ponor = Ponor(folder / "run", {
        "server": {"listen": [f"127.0.0.1:{subject.port}"], "workers": 1, "tls_listen": [f"127.0.0.1:{subject.dot}"],
                   "https_listen": [f"127.0.0.1:{subject.doh}"], "tcp": {"pipeline": 500},
                   "tls": {"certificate": str(pair.certificate), "key": str(pair.key)}},
        "resolution": {"mode": "forward", "upstreams": [f"127.0.0.1:{upstream}"], "dnssec": False,
                       "allow_loopback": True}}, port=subject.port, prefix=prefix)
    ponor.start()
    subject.daemon = ponor.daemon
    return subject


FORWARDING = ["do-not-query-localhost: no", 'module-config: "iterator"']


def forwarding(upstream: int) -> list[str]:
    return ["forward-zone:", '  name: "."', f"  forward-addr: 127.0.0.1@{upstream}"]


def start_unbound(folder: Path, pair: encrypted.Pair, upstream: int, prefix: list[str]) -> Subject:
    subject = Subject("Unbound", folder)
    subject.daemon = peers.unbound(
        folder / "run", environment.LOOPBACK, port=subject.port, prefix=prefix,
        server=[f"interface: 127.0.0.1@{subject.dot}", f"interface: 127.0.0.1@{subject.doh}",
                f"tls-port: {subject.dot}", f"https-port: {subject.doh}",
                f'tls-service-key: "{pair.key}"', f'tls-service-pem: "{pair.certificate}"',
                *FORWARDING, "incoming-num-tcp: 100", "tcp-idle-timeout: 30000", "http-max-streams: 500"],
        clauses=forwarding(upstream))
    return peers_started(subject)


def start_dnsdist(folder: Path, pair: encrypted.Pair, upstream: int, prefix: list[str]) -> Subject:
    subject = Subject("dnsdist", folder)
    config = folder / "dnsdist.conf"
    config.write_text(
        f'setLocal("127.0.0.1:{subject.port}")\n'
        f'addTLSLocal("127.0.0.1:{subject.dot}", "{pair.certificate}", "{pair.key}", {{maxInFlight=500}})\n'
        f'addDOHLocal("127.0.0.1:{subject.doh}", "{pair.certificate}", "{pair.key}", "/dns-query")\n'
        f'newServer({{address="127.0.0.1:{upstream}", checkInterval=60}})\n'
        "setMaxTCPClientThreads(1)\nsetMaxTCPQueriesPerConnection(0)\n"
        'getPool(""):setCache(newPacketCache(100000))\n')
    subject.daemon = Daemon("dnsdist", [*prefix, "/usr/bin/dnsdist", "--supervised", "--disable-syslog", "-C", config],
                            folder / "dnsdist.log")
    return peers_started(subject)


def peers_started(subject: Subject) -> Subject:
    peers.started(subject.daemon, Client(subject.port), "warm.example", "A")
    return subject


MAKERS = {"ponor": start_ponor, "unbound": start_unbound, "dnsdist": start_dnsdist}


def compare(subjects: list[Subject], queries: Path, chosen: argparse.Namespace) -> dict[str, dict[str, list[Run]]]:
    """mode → subject → runs, one per round."""
    runs = {mode: {subject.label: [] for subject in subjects} for mode in MODES}
    for mode, options in MODES.items():
        for round_number in range(chosen.rounds):
            shift = round_number % len(subjects)
            for subject in subjects[shift:] + subjects[:shift]:
                once = dnsperf(subject.port_for(mode), subject.daemon.pid, queries, seconds=chosen.seconds,
                               rate=chosen.rate, core=chosen.client_core, edns=False, mode=options,
                               clients=chosen.clients)
                runs[mode][subject.label].append(once)
                print(f"  {mode:8} {round_number} {subject.label:8} {once.microseconds:6.2f} µs/query "
                      f"{once.rate:9,.0f}/s  lost {once.lost}  {once.latency_ms:.2f} ms", flush=True)
    return runs


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4, help="length of one dnsperf run")
    parser.add_argument("--rate", type=int, help="offered queries a second; all that goes through without")
    parser.add_argument("--clients", type=int, default=10, help="connections")
    parser.add_argument("--names", type=int, default=100)
    parser.add_argument("--only", default="ponor,unbound,dnsdist")
    parser.add_argument("--server-core", type=int, default=0)
    parser.add_argument("--client-core", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    return parser.parse_args()


def main() -> int:
    chosen = options()
    with tempfile.TemporaryDirectory(prefix="ponor-bench-") as name:
        folder = Path(name)
        pair = encrypted.make_pair(folder / "tls")
        queries = folder / "queries"
        queries.write_text("".join(f"n{number}.example A\n" for number in range(chosen.names)))
        upstream = environment.free_port()
        authority = peers.authority(folder / "upstream", environment.LOOPBACK, ".", port=upstream)
        daemons = [peers.started(authority, Client(upstream))]
        # The authority speaks UDP only; dnsdist asks over TCP what it was asked over TLS.
        behind = environment.free_port()
        resolver = peers.unbound(folder / "resolver", environment.LOOPBACK, port=behind, server=FORWARDING,
                                 clauses=forwarding(upstream))
        daemons.append(peers.started(resolver, Client(behind), "warm.example", "A"))
        try:
            subjects = []
            for which in chosen.only.split(","):
                subjects.append(MAKERS[which](folder / which, pair, behind if which == "dnsdist" else upstream,
                                              ["taskset", "-c", str(chosen.server_core)]))
                daemons.append(subjects[-1].daemon)
                for number in range(chosen.names):  # into the cache
                    assert Client(subjects[-1].port).udp(query(f"n{number}.example", edns=False)) is not None
                    assert Client(subjects[-1].port).tcp(query(f"n{number}.example", edns=False)) is not None
            runs = compare(subjects, queries, chosen)
        finally:
            for daemon in daemons:
                daemon.stop()
    print(f"\nMachine: {report.processor()}; {versions()}.\n\n"
          "| transport | server | µs CPU per answer: median (min … max) | answers/s | lost |\n|---|---|---|---|---|")
    for mode, by_subject in runs.items():
        for label, rounds in by_subject.items():
            cost = [one.microseconds for one in rounds]
            print(f"| {mode} | {label} | {statistics.median(cost):.1f} ({min(cost):.1f} … {max(cost):.1f}) "
                  f"| {statistics.median(one.rate for one in rounds):,.0f} | {sum(one.lost for one in rounds)} |")
    if chosen.json:
        chosen.json.write_text(json.dumps(
            {mode: {label: [vars(one) for one in rounds] for label, rounds in by_subject.items()}
             for mode, by_subject in runs.items()}, indent=1))
    return 0


def versions() -> str:
    """The peers' own words."""
    first = [run(command).stdout.splitlines()[0] for command in (["/usr/sbin/unbound", "-V"], ["dnsdist", "--version"])]
    return ", ".join(line.split(" (")[0] for line in first)


if __name__ == "__main__":
    sys.exit(main())
