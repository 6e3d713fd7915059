"""dnsperf: a stream of queries of known rate, each of which must be answered."""

import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from .environment import LOOPBACK


@dataclass
class Outcome:
    sent: int
    completed: int
    lost: int
    rcodes: str


class Flood:
    """One run of dnsperf in the background."""

    def __init__(self, folder: Path, port: int, names: list[str], *, seconds: int, rate: int,
                 mode: str = "udp", clients: int = 40, address: str = LOOPBACK):
        data = folder / f"questions-{mode}.txt"
        data.write_text("".join(f"{name} A\n" for name in names))
        self.process = subprocess.Popen(
            ["dnsperf", "-s", address, "-p", str(port), "-d", str(data), "-l", str(seconds), "-Q", str(rate),
             "-m", mode, "-c", str(clients), "-T", "1", "-t", "5", "-q", "4000", "-b", "256"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.seconds = seconds
        time.sleep(0.3)  # dnsperf opens its sockets

    def outcome(self) -> Outcome:
        text, _ = self.process.communicate(timeout=self.seconds + 30)
        number = lambda word: int(re.search(rf"Queries {word}:\s+(\d+)", text).group(1))  # noqa: E731
        codes = re.search(r"Response codes:\s+(.*)", text)
        return Outcome(number("sent"), number("completed"), number("lost"), codes.group(1) if codes else text)
