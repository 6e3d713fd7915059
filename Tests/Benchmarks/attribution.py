#!/usr/bin/env python3
"""Ten million intervals: time and memory of building the subscriber index, time of a look-up.

usage: Tests/Benchmarks/attribution.py [--intervals N] [--folder DIR] [--json FILE]

The population: 40 % leases of IPv4 addresses (four for each), 10 % delegated IPv6 prefixes, 50 % port blocks of
translators, of which one address has a fifth. Every line has a key of its own; blocks are chained to the lease of
the inside address. Needs about 2 GB of disk.
"""

import argparse
import csv
import json
import os
import re
import resource
import subprocess
import tempfile
import time
from pathlib import Path

PONOR = Path(os.environ.get("PONOR_BIN") or Path(__file__).resolve().parents[2] / ".build/release/ponor")
EPOCH = 1_795_392_000  # 2026-11-23T00:00:00Z


def address(number: int) -> str:
    return f"{number >> 24 & 255}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def write_lines(path: Path, leases: int, prefixes: int) -> None:
    """Four leases of six hours for each address, each of another line; one prefix for each line."""
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["subscriber_key", "ip_or_prefix", "valid_from_utc", "valid_to_utc"])
        for number in range(leases // 4):
            where = address((100 << 24 | 64 << 16) + number)
            for part in range(4):
                start = EPOCH + part * 21_600 + number % 3_600
                rows.writerow([f"line-{number * 4 + part:08d}", where, start, start + 21_000])
        for number in range(prefixes):
            rows.writerow([f"line-{number:08d}", f"2001:db8:{number >> 8:x}:{(number & 255) << 8:x}::/56", EPOCH, ""])


def write_blocks(path: Path, blocks: int, insides: int) -> None:
    """Blocks of 64 ports; the first outside address has a fifth of them, over the whole time."""
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["time", "event", "inner", "outer", "port_start", "port_end"])
        per_address = 1_008  # (65,536 - 1,024) / 64
        for number in range(blocks):
            outer = 0 if number % 5 == 0 else 1 + number % 997
            turn = number // 5 if outer == 0 else number // 997
            port = 1_024 + turn % per_address * 64
            start = EPOCH + turn // per_address * 60 + turn % per_address / 100
            inner = address((100 << 24 | 64 << 16) + number % max(1, insides))
            rows.writerow([f"{start:.2f}", "alloc", inner, address((203 << 24 | 113 << 8) + outer), port, port + 63])


def measured(command: list) -> tuple[float, int, str]:
    """Seconds, peak resident mebibytes and output of a command."""
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, output
    return time.monotonic() - begun, usage.ru_maxrss >> 10, output


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--intervals", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        count = options.intervals
        write_lines(folder / "lines.csv", count * 4 // 10, count // 10)
        write_blocks(folder / "blocks.csv", count // 2, count // 10)
        (folder / "ponor.yaml").write_text(
            "attribution:\n  keep: 366d\n  sources:\n    - { format: intervals, path: lines.csv }\n"
            "    - { format: port-blocks, path: blocks.csv }\n")
        config = ["--config", folder / "ponor.yaml"]
        seconds, memory, output = measured([PONOR, "attribution", "build", *config])
        print(output, end="")
        status = json.loads(subprocess.check_output([PONOR, "attribution", "status", "--json", *config]))
        _, lookup_memory, speed = measured([PONOR, "attribution", "speed", *config])
        print(speed, end="")
        numbers = [int(number) for number in re.findall(r"(\d+) ns", speed)]
        result = {"intervals": status["intervals"], "octets": status["octets"],
                  "octets_per_interval": round(status["octets"] / max(1, status["intervals"]), 1),
                  "build_seconds": round(seconds, 1), "build_peak_mib": memory, "lookup_mib": lookup_memory,
                  **dict(zip(("median_ns", "p99_ns", "p9999_ns", "longest_ns"), numbers))}
        print(json.dumps(result, indent=1))
        if options.json:
            options.json.write_text(json.dumps(result))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
