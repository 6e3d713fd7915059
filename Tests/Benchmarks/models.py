#!/usr/bin/python3
"""Models: names a second per variant on one core, and the time an index of 15 days takes on two.

`make bench-models` runs this. Word lists are looked for in $PONOR_WORDLISTS, else in the folder
shared with the tests. With `--reference DIR`, a checkout of the public collection
github.com/baderj/domain_generation_algorithms, CPython runs the scripts there beside ours. They are
foreign code: they are kept from the network, processes and writing files, but this is no sandbox.
"""

import argparse
import json
import os
import platform
import shlex
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "EndToEnd"))

from harness import environment
from harness.ponor import cli, parse_json
from reference import compare, label, mean_ratios, ratio
from report import processor

DATE, BEFORE, AFTER = "2026-11-23", 7, 7


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=1, help="CPU seconds for each variant")
    parser.add_argument("--cores", default="0,1", help="cores the index is built on; the first measures the models")
    parser.add_argument("--wordlists", type=Path,
                        default=Path(os.environ.get("PONOR_WORDLISTS") or environment.WORDLISTS))
    parser.add_argument("--reference", type=Path, metavar="DIR",
                        help="checkout of the public collection of scripts, to be run with CPython")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    return parser.parse_args()


def speeds(chosen: argparse.Namespace) -> list[dict]:
    """One object per variant, the geometric means in the last one."""
    done = cli("models", "speed", "--json", "--seconds", str(chosen.seconds), "--wordlists", chosen.wordlists,
               seconds=3600, prefix=["taskset", "-c", chosen.cores.split(",")[0]])
    print(done.stderr, end="", file=sys.stderr)
    assert done.returncode == 0, done.stderr
    return parse_json(done.stdout)


def index(chosen: argparse.Namespace) -> dict:
    """Build an index of 15 days of all families and seeds."""
    with tempfile.TemporaryDirectory() as folder:
        config, file = Path(folder) / "ponor.yaml", Path(folder) / "index"
        config.write_text(json.dumps({"models": {"wordlists": str(chosen.wordlists.resolve())}}))
        before, start = os.times(), time.monotonic()
        done = cli("index", "build", "--json", "--config", config, "--date", DATE, "--days-before", str(BEFORE),
                   "--days-after", str(AFTER), "--output", file, seconds=3600,
                   prefix=["taskset", "-c", chosen.cores])
        wall, after = time.monotonic() - start, os.times()
        assert done.returncode == 0, done.stderr
        (report,) = parse_json(done.stdout)
        return {"seconds": wall, "cpu_seconds": after.children_user + after.children_system
                - before.children_user - before.children_system,
                "names": report["distinctNames"], "octets": file.stat().st_size, "problems": report["problems"]}


def text(variants: list[dict], means: dict, built: dict, cores: int, problems: list[str]) -> str:
    """The report: the slowest first."""
    ratios = mean_ratios(variants)
    lines = ["", f"Machine: {processor()}; CPython {platform.python_version()}.",
             f"Command: `{shlex.join(sys.argv)}`.", "",
             "| variant | kind | Ponor names/s | CPython names/s | ratio |", "|---|---|---:|---:|---:|"]
    for row in sorted(variants, key=lambda row: row["names_per_second"]):
        theirs = f"{row['reference_names_per_second']:,.0f} | {rounded(ratio(row))}" if ratio(row) else "|"
        lines.append(f"| {label(row)} | {row['kind']} | {row['names_per_second']:,.0f} | {theirs} |")
    for kind in sorted(means.keys() | ratios.keys()):
        ours = f" **{means[kind]:,.0f}**" if kind in means else ""
        theirs = f" **{rounded(ratios[kind])}**" if kind in ratios else ""
        lines.append(f"| **geometric mean, {kind}** | |{ours} | |{theirs} |")
    lines += ["", f"Index of {BEFORE + 1 + AFTER} days around {DATE}, all families and seeds, on {cores} cores: "
              f"{built['seconds']:.2f} s ({built['cpu_seconds']:.2f} s CPU), {built['names']:,} names, "
              f"{built['octets'] / max(built['names'], 1):.2f} octets a name."]
    return "\n".join(lines + [f"* {problem}" for problem in built["problems"] + problems])


def rounded(factor: float) -> str:
    return f"{factor:,.0f}" if factor >= 10 else f"{factor:.1f}"


def main() -> None:
    chosen = options()
    *variants, last = speeds(chosen)
    problems = compare(variants, chosen.reference, chosen.seconds, chosen.cores.split(",")[0],
                       chosen.wordlists) if chosen.reference else []
    built = index(chosen)
    print(text(variants, last["geometric_mean"], built, len(chosen.cores.split(",")), problems))
    if chosen.json:
        chosen.json.write_text(json.dumps({"variants": variants, **last, "mean_ratio": mean_ratios(variants),
                                           "index": built, "problems": problems}, indent=1))


if __name__ == "__main__":
    main()
