#!/usr/bin/python3
"""Server CPU per sinkholed query: Ponor beside NSD (plain zone) and Unbound (RPZ).

`make bench` runs this. Issue 2, "What must be shown": with 1,000,000 listed names and hit
logging on, Ponor needs at most NSD's CPU per query and at most 0.75 of Unbound's; the index
takes ≤ 16 bytes a name; the first sinkhole answer comes ≤ 1 s after the start.

Each server has one thread and one core (taskset), dnsperf has the other core. Rounds are
interleaved (A B C, B C A, …) at several offered loads, so that a noisy machine hits all alike;
ratios are taken within a round, and their median is judged. What the hits are worth as evidence is
computed later, on a thread of low priority, and has no counterpart in the peers: it is shown apart.
"""

import argparse
import random
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "EndToEnd"))

import names as data
import report
from harness import environment
from measure import Run, dnsperf, resident_bytes
from subjects import PonorSubject, Subject, start_nsd, start_unbound

MAXIMUM = {"NSD": 1.0, "Unbound": 0.75}
MAXIMUM_BYTES, MAXIMUM_START = 16, 1.0


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--names", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4, help="length of one dnsperf run")
    parser.add_argument("--loads", default="20000,40000,0", help="offered queries a second; 0 saturates")
    parser.add_argument("--only", default="ponor,nsd,unbound")
    parser.add_argument("--edns", action="store_true", help="queries with EDNS (Ponor then adds an EDE)")
    parser.add_argument("--server-core", type=int, default=0)
    parser.add_argument("--client-core", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    return parser.parse_args()


def start(which: str, folder: Path, listed: list[str], core: int) -> Subject:
    """Start one subject on its core."""
    print(f"starting {which} with {len(listed):,} names …", flush=True)
    makers = {"ponor": PonorSubject, "nsd": start_nsd, "unbound": start_unbound}
    return makers[which](folder / which, listed, ["taskset", "-c", str(core)])


def compare(subjects: list[Subject], listed: list[str], queries: Path, chosen: argparse.Namespace
            ) -> dict[int, dict[str, list[Run]]]:
    """load → subject → runs, one per round."""
    chance = random.Random(1)
    loads = [int(load) for load in chosen.loads.split(",")]
    runs = {load: {subject.label: [] for subject in subjects} for load in loads}
    for load in loads:
        for round_number in range(chosen.rounds):
            shift = round_number % len(subjects)
            for subject in subjects[shift:] + subjects[:shift]:
                subject.check(listed, chance)
                run = dnsperf(subject.port, subject.pid, queries, seconds=chosen.seconds, rate=load or None,
                              core=chosen.client_core, edns=chosen.edns)
                runs[load][subject.label].append(run)
                print(f"  {load or 'full':>6} {round_number} {subject.label:8} {run.microseconds:6.2f} µs/query "
                      f"{run.rate:9,.0f}/s  lost {run.lost}", flush=True)
    return runs


def ponor_alone(subject: PonorSubject, listed: list[str]) -> dict[str, float]:
    """Size of the index, and time to the first answer (median of five starts)."""
    starts = [subject.seconds_to_first_answer(name) for name in listed[:5]]
    return {"index bytes per name": subject.index_bytes() / len(listed),
            "seconds to first answer": statistics.median(starts)}


def verdicts(ratios: dict, alone: dict[str, float]) -> list[tuple[str, float, float]]:
    """(what, measured, allowed) for each promise of the issue."""
    found = [(f"CPU per query, Ponor / {peer}, load {load or 'full'}", ratio, MAXIMUM[peer])
             for load, by_peer in ratios.items() for peer, ratio in by_peer.items()]
    if alone:
        found += [("index bytes per name", alone["index bytes per name"], MAXIMUM_BYTES),
                  ("seconds to first answer", alone["seconds to first answer"], MAXIMUM_START)]
    return found


def main() -> int:
    chosen = options()
    with tempfile.TemporaryDirectory(prefix="ponor-bench-") as name:
        folder = Path(name)
        listed = data.listed(chosen.names)
        queries = folder / "queries.txt"
        data.write_queries(listed, queries)
        subjects: list[Subject] = []
        try:
            for which in chosen.only.split(","):
                subjects.append(start(which, folder, listed, chosen.server_core))
            runs = compare(subjects, listed, queries, chosen)
            memory = {subject.label: resident_bytes(subject.pid) / len(listed) for subject in subjects}
            ponor = next((one for one in subjects if isinstance(one, PonorSubject)), None)
            hits = ponor.ponor.status() if ponor else {}
            alone = ponor_alone(ponor, listed) if ponor else {}
        finally:
            for subject in subjects:
                subject.stop()
    ratios = report.ratios(runs)
    judged = verdicts(ratios, alone)
    print(report.text(sys.argv, runs, memory, judged, hits))
    if chosen.json:
        chosen.json.write_text(report.as_json(runs, memory, judged, hits))
    return int(any(measured > allowed for _, measured, allowed in judged))


if __name__ == "__main__":
    if "ponor" in sys.argv or not environment.PONOR.exists():
        print(f"binary: {environment.PONOR}")
    sys.exit(main())
