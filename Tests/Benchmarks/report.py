"""The figures of a benchmark as Markdown for docs/performance.md, and as JSON."""

import dataclasses
import json
import os
import platform
import shlex
import statistics
from pathlib import Path

from harness.processes import run
from measure import Run

Runs = dict[int, dict[str, list[Run]]]


def ratios(runs: Runs) -> dict[int, dict[str, float]]:
    """load → peer → median over rounds of (Ponor's CPU per query / the peer's in the same round)."""
    found: dict[int, dict[str, float]] = {}
    for load, by_subject in runs.items():
        ours = by_subject.get("Ponor")
        found[load] = {peer: statistics.median(mine.microseconds / its.microseconds
                                               for mine, its in zip(ours, theirs))
                       for peer, theirs in by_subject.items() if peer != "Ponor"} if ours else {}
    return found


def text(arguments: list[str], runs: Runs, memory: dict[str, float], judged: list, hits: dict) -> str:
    """The report."""
    lines = ["", f"Machine: {machine()}.", f"Command: `{shlex.join(arguments)}`.", "", table(runs),
             promises(judged)]
    lines += ["", "Memory (PSS) per name: "
              + ", ".join(f"{subject} {size:.0f} B" for subject, size in memory.items()) + "."]
    if hits:
        lines += ["", "Ponor's status at the end: `" + json.dumps(hits.get("hits", hits)) + "`."]
    return "\n".join(lines)


def table(runs: Runs) -> str:
    """CPU, rate and latency of each subject at each load."""
    lines = ["| offered/s | server | µs CPU per answer: median (min … max) | µs scoring | answers/s | lost | latency ms |",
             "|---|---|---|---|---|---|---|"]
    for load, by_subject in runs.items():
        for subject, rounds in by_subject.items():
            cost = [one.microseconds for one in rounds]
            lines.append(
                f"| {f'{load:,}' if load else 'saturated'} | {subject} | {statistics.median(cost):.2f} "
                f"({min(cost):.2f} … {max(cost):.2f}) "
                f"| {statistics.median(one.scoring_microseconds for one in rounds):.2f} "
                f"| {statistics.median(one.rate for one in rounds):,.0f} "
                f"| {sum(one.lost for one in rounds)} "
                f"| {statistics.median(one.latency_ms for one in rounds):.2f} |")
    return "\n".join(lines)


def promises(judged: list) -> str:
    """What was promised, what was measured."""
    lines = ["", "| promise | measured | allowed | |", "|---|---|---|---|"]
    lines += [f"| {what} | {measured:.3f} | ≤ {allowed:g} | {'kept' if measured <= allowed else '**missed**'} |"
              for what, measured, allowed in judged]
    return "\n".join(lines)


def processor() -> str:
    """Processor, cores, kernel and how busy they were."""
    model = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), "unknown processor")
    return (f"{model}, {os.cpu_count()} cores, Linux {platform.release()}, "
            f"load {os.getloadavg()[0]:.1f} at the end")


def machine() -> str:
    """The processor and the versions of the peers."""
    tools = [run(command).stdout or run(command).stderr for command in
             (["/usr/sbin/nsd", "-v"], ["/usr/sbin/unbound", "-V"], ["dnsperf", "-h"])]
    versions = [next((word for word in tool.split() if word[0].isdigit()), "?") for tool in tools[:2]]
    return f"{processor()}; NSD {versions[0]}, Unbound {versions[1]}"


def series_as_json(series: dict[str, Runs], judged: list) -> str:
    """All series of a benchmark, for later comparison."""
    plain = {title: {str(load): {subject: [dataclasses.asdict(one) | {"microseconds": one.microseconds}
                                           for one in rounds] for subject, rounds in by_subject.items()}
                     for load, by_subject in runs.items()} for title, runs in series.items()}
    return json.dumps({"machine": processor(), "series": plain, "judged": judged}, indent=1)


def as_json(runs: Runs, memory: dict[str, float], judged: list, hits: dict) -> str:
    """Everything, for later comparison."""
    plain = {str(load): {subject: [dataclasses.asdict(one) | {"microseconds": one.microseconds} for one in rounds]
                         for subject, rounds in by_subject.items()} for load, by_subject in runs.items()}
    return json.dumps({"machine": machine(), "runs": plain, "memory": memory, "judged": judged,
                       "status": hits}, indent=1)
