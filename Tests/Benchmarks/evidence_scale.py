#!/usr/bin/env python3
"""Stores, scores and exports a large population: processor time, memory and file growth.

    evidence_scale.py [--clients 100000] [--hits-per-client 50] [--json FILE]

A tenth of a million clients by default; all of it takes ten times as long. Needs the program
`evidence-scale` (swift build -c release --product evidence-scale).
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
TOOL = REPOSITORY / ".build/release/evidence-scale"


def measure(clients: int, hits: int, folder: str) -> list[dict]:
    done = subprocess.run([TOOL, folder, str(clients), str(hits)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr or done.stdout)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def table(stages: list[dict]) -> str:
    lines = [f"{'stage':12} {'CPU s':>8} {'ns/hit':>8} {'peak MiB':>9} {'hits B/hit':>11} {'evidence B/client':>18}"]
    for stage in (one for one in stages if "stage" in one):
        lines.append(f"{stage['stage']:12} {stage['processor_seconds']:8} {stage['nanoseconds_per_hit']:8} "
                     f"{stage['peak_kib'] // 1024:9} {stage['hits_octets'] / stage['hits']:11.0f} "
                     f"{stage['evidence_octets'] / stage['clients']:18.0f}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=100_000)
    parser.add_argument("--hits-per-client", type=int, default=50)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="ponor-scale-")
    try:
        stages = measure(arguments.clients, arguments.hits_per_client, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(table(stages))
    if arguments.json:
        arguments.json.write_text(json.dumps(stages, indent=2) + "\n")


if __name__ == "__main__":
    main()
