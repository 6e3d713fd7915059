#!/usr/bin/python3
"""Compare Ponor's answers with those of Unbound, BIND and PowerDNS, field by field.

In the manner of CZ.NIC's respdiff: the same questions to all, over a small signed Internet
(Tests/EndToEnd/harness/lab.py); where the others agree among themselves and Ponor does not, the
disagreement must be explained by a rule of explained.py. Needs root and the Debian packages nsd,
unbound, bind9, pdns-recursor, ldnsutils, python3-dnspython.
"""

import argparse
import collections
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "EndToEnd")]

import explained
import fields
import questions
from harness import lab, netns, peers, resolvers
from harness.client import Client, query
from harness.ponor import Ponor

ADDRESSES = {"Ponor": lab.PONOR, "Unbound": lab.UNBOUND, "BIND": "10.53.0.31", "PowerDNS": "10.53.0.32"}


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--show", type=int, default=3, help="examples of each disagreement")
    return parser.parse_args()


def start_resolvers(folder: Path, internet: lab.Lab) -> list:
    """Ponor and the peers that the lab does not start itself."""
    for address in (ADDRESSES["BIND"], ADDRESSES["PowerDNS"]):
        netns.add_address(internet.namespace, address)
    running = []
    with netns.entered(internet.namespace):
        for label, make in (("BIND", resolvers.bind), ("PowerDNS", resolvers.powerdns)):
            daemon = make(folder / label, ADDRESSES[label], internet)
            running.append(peers.started(daemon, Client(53, ADDRESSES[label]), "com"))
        ponor = Ponor(folder / "ponor", {
            "resolution": {"mode": "recursive", "root_hints": str(internet.hints),
                           "trust_anchors": internet.trust_anchors},
            "access": {"recursion": ["10.53.0.0/16"]}},
            address=lab.PONOR, port=53, prefix=internet.prefix, client=Client(53, lab.PONOR))
        ponor.start()
        running.append(ponor)
    return running


def ask_all(asked: list, namespace: str, threads: int) -> list[dict[str, dict]]:
    """For each question the fields of every resolver's answer."""
    home = threading.local()

    def one(question) -> dict[str, dict]:
        if not getattr(home, "inside", False):
            home.inside = netns.entered(namespace)
            home.inside.__enter__()
        message = query(question.name, question.qtype, edns=question.edns, do=question.do, cd=question.cd,
                        ad=question.ad, rd=question.rd)
        return {label: fields.of(_answer(message, address), question) for label, address in ADDRESSES.items()}

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, asked, chunksize=64))


def _answer(message, address: str):
    client = Client(53, address, timeout=5)
    answer = client.udp(message)
    if answer is None:
        answer = client.udp(message)
    return client.tcp(message) if answer is not None and answer.flags & 0x0200 else answer


def judge(asked: list, answers: list[dict[str, dict]]) -> tuple[collections.Counter, dict, dict]:
    """Counts by kind, explained and unexplained disagreements with their examples."""
    counts: collections.Counter = collections.Counter()
    reasons: dict[str, list] = collections.defaultdict(list)
    unexplained: dict[str, list] = collections.defaultdict(list)
    for question, by_resolver in zip(asked, answers):
        others = [value for label, value in by_resolver.items() if label != "Ponor"]
        odd = [fields.difference(by_resolver["Ponor"], other) for other in others]
        if not any(odd):
            counts["all agree"] += 1
        elif any(fields.difference(others[0], other) for other in others[1:]) and not all(odd):
            friends = [label for label in by_resolver if label != "Ponor"
                       and not fields.difference(by_resolver["Ponor"], by_resolver[label])]
            field = next(one for one in odd if one)
            counts[f"the others disagree in \"{field}\", Ponor is with {' and '.join(friends)}"] += 1
        else:
            reason = next((text for text, rule in explained.RULES if rule(question, by_resolver)), None)
            field = next(one for one in odd if one)
            counts["explained" if reason else "NOT explained"] += 1
            (reasons[reason] if reason else unexplained[field]).append((question, by_resolver))
    return counts, reasons, unexplained


def report(counts, reasons, unexplained, show: int) -> None:
    for kind, number in counts.most_common():
        print(f"{number:7,}  {kind}")
    for reason, cases in sorted(reasons.items(), key=lambda one: -len(one[1])):
        print(f"\nexplained, {len(cases)} times: {reason}")
    for field, cases in sorted(unexplained.items(), key=lambda one: -len(one[1])):
        print(f"\nNOT explained, first difference in {field}: {len(cases)}")
        for question, by_resolver in cases[:show]:
            print(f"  {question}")
            for label, value in by_resolver.items():
                print(f"    {label:9} {value}")


def main() -> int:
    chosen = options()
    asked = questions.generate(chosen.count, chosen.seed)
    with tempfile.TemporaryDirectory(prefix="ponor-compare-") as name, netns.namespace() as namespace:
        folder = Path(name)
        (folder / "lab").mkdir()
        with lab.Lab(folder / "lab", namespace) as internet:
            running = start_resolvers(folder, internet)
            try:
                answers = ask_all(asked, namespace, chosen.threads)
            finally:
                for one in reversed(running):
                    one.stop()
    counts, reasons, unexplained = judge(asked, answers)
    report(counts, reasons, unexplained, chosen.show)
    return int(bool(unexplained))


if __name__ == "__main__":
    sys.exit(main())
