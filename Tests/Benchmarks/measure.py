"""CPU time of a server with all its threads and children, and one dnsperf run against it."""

import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.processes import run_checked

SCORING = "ponor-evidence"  # the thread that draws conclusions from hits
TICKS = os.sysconf("SC_CLK_TCK")
QUIET_SECONDS = 0.002     # less CPU than this in a pause: what the load started has ended
PAUSE = 0.25
PATIENCE = 30


def family(pid: int) -> set[int]:
    """A process and its descendants."""
    members = {pid}
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            members |= family(int(child))
    return members


def cpu_seconds(pid: int, thread: str | None = None) -> float:
    """User and system time of a server, or of its thread of that name: nanoseconds of schedstat, else the ticks of stat."""
    total = 0.0
    for member in family(pid):
        statistics = [file for file in Path(f"/proc/{member}/task").glob("*/schedstat")
                      if thread is None or (file.parent / "comm").read_text().strip() == thread]
        if statistics or thread:
            total += sum(int(file.read_text().split()[0]) for file in statistics) / 1e9
        else:
            fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) / TICKS
    return total


def resident_bytes(pid: int) -> int:
    """Proportional memory of a server with its children."""
    total = 0
    for member in family(pid):
        rollup = Path(f"/proc/{member}/smaps_rollup").read_text()
        total += int(re.search(r"^Pss:\s+(\d+)", rollup, re.M).group(1)) * 1024
    return total


@dataclass(frozen=True)
class Run:
    """One dnsperf run: what was answered and what it cost the server."""

    answered: int
    lost: int
    rate: float
    cpu: float
    latency_ms: float
    scoring: float = 0.0

    @property
    def microseconds(self) -> float:
        """CPU microseconds per answered query, without scoring: that is no part of an answer, and peers have none."""
        return (self.cpu - self.scoring) / self.answered * 1e6

    @property
    def scoring_microseconds(self) -> float:
        """CPU microseconds per answered query that went into scoring what was asked."""
        return self.scoring / self.answered * 1e6


def dnsperf(port: int, pid: int, queries: Path, *, seconds: float, rate: int | None, core: int,
            edns: bool, address: str = "127.0.0.1", prefix: Sequence[str] = (), once: bool = False,
            mode: Sequence[str] = (), clients: int = 20) -> Run:
    """Offer load (`rate` None: as much as goes through) and charge all CPU it causes, also afterwards.

    The queries are repeated for `seconds`, or sent `once`; `mode` are further options of dnsperf.
    """
    length = ["-n", "1"] if once else ["-l", str(seconds)]
    command = [*prefix, "taskset", "-c", str(core), "dnsperf", "-s", address, "-p", str(port), "-d", str(queries),
               *length, "-c", str(clients), "-T", "1", "-t", "5" if once else "2", "-b", "4096", *mode,
               *(["-e"] if edns else []),
               *(["-Q", str(rate), "-q", "1000"] if rate else ["-q", "500"])]
    settle(pid)
    before, scored = cpu_seconds(pid), cpu_seconds(pid, SCORING)
    output = run_checked(command, seconds=seconds + 120)
    settle(pid)
    cpu, scoring = cpu_seconds(pid) - before, cpu_seconds(pid, SCORING) - scored
    codes = re.search(r"Response codes:\s+(.*)", output).group(1)
    assert codes.startswith("NOERROR") and "," not in codes, f"not only NOERROR: {codes}"
    return Run(answered=_number(output, r"Queries completed:\s+(\d+)"),
               lost=_number(output, r"Queries lost:\s+(\d+)"),
               rate=float(re.search(r"Queries per second:\s+([\d.]+)", output).group(1)),
               latency_ms=float(re.search(r"Average Latency \(s\):\s+([\d.]+)", output).group(1)) * 1e3,
               cpu=cpu, scoring=scoring)


def settle(pid: int) -> None:
    """Wait until the server has come to rest, so that deferred work (writing hits) is charged too."""
    deadline, quiet = time.monotonic() + PATIENCE, 0
    last = cpu_seconds(pid)
    while quiet < 2 and time.monotonic() < deadline:
        time.sleep(PAUSE)
        now = cpu_seconds(pid)
        quiet = quiet + 1 if now - last < QUIET_SECONDS else 0
        last = now


def _number(text: str, pattern: str) -> int:
    return int(re.search(pattern, text).group(1))
