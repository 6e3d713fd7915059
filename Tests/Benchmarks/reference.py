"""What CPython makes of the public collection's scripts, beside what Ponor makes of the same lists."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

from harness.ponor import cli
from harness.processes import run
from reference_scripts import SCRIPTS

CHILD = Path(__file__).resolve().parent / "reference_child.py"
DATE = "2026-11-23"       # as in reference_child.py
PATIENCE = 20             # wall-clock seconds for one script, besides three times its CPU seconds


def label(row: dict) -> str:
    """family/variant, or the family alone."""
    return f"{row['family']}/{row['variant']}" if row["variant"] else row["family"]


def compare(variants: list[dict], collection: Path, seconds: float, core: str, wordlists: Path) -> list[str]:
    """Adds `reference_names_per_second` to each variant that has a script; returns what went wrong."""
    problems = []
    for row in variants:
        if label(row) not in SCRIPTS:
            continue
        try:
            made = measured(label(row), collection, seconds, core)
        except (RuntimeError, subprocess.TimeoutExpired) as problem:
            problems.append(f"{label(row)}: {problem}")
            continue
        row["reference_names_per_second"] = made["names"] / made["seconds"]
        if sorted(made["first"]) != sorted(ours(row, wordlists)):
            problems.append(f"{label(row)}: the script's first list is another than Ponor's")
    return problems


def measured(variant: str, collection: Path, seconds: float, core: str) -> dict:
    """Names, CPU seconds and first list of one script, run by the Python that runs this."""
    done = run(["taskset", "-c", core, sys.executable, "-I", "-B", CHILD, collection, variant, seconds],
               seconds=3 * seconds + PATIENCE, env={**os.environ, "TZ": "UTC"})
    if done.returncode != 0:
        raise RuntimeError((done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1])
    return json.loads(done.stdout)


def ours(row: dict, wordlists: Path) -> list[str]:
    """Ponor's list of the same seed and day."""
    done = cli("models", "generate", label(row), "--seed", row["seed"], "--date", DATE, "--wordlists", wordlists)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def ratio(row: dict) -> float | None:
    """Ponor's speed over CPython's."""
    theirs = row.get("reference_names_per_second")
    return row["names_per_second"] / theirs if theirs else None


def mean_ratios(variants: list[dict]) -> dict[str, float]:
    """Geometric mean of the ratios, per kind and over all."""
    found = {}
    for kind in ["all", *sorted({row["kind"] for row in variants})]:
        logs = [math.log(value) for row in variants if kind in ("all", row["kind"]) and (value := ratio(row))]
        if logs:
            found[kind] = math.exp(sum(logs) / len(logs))
    return found
