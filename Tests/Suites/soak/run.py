#!/usr/bin/python3
"""Half an hour of mixed traffic on all transports, with reloads, certificate changes and index swaps.

Shown: no query is lost over UDP, TCP, DoT and DoH, memory stays flat, every lookup of a listed name is
recorded once. dnsperf offers listed and ordinary names of a local zone over each transport at a steady
rate; every minute the feed changes (a new index is built and swapped in), the configuration is
reloaded and the certificate is replaced. Memory is read every ten seconds; after a quarter of the
time for warming up, its median in the last quarter may exceed that in the second by a tenth.
"""

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "EndToEnd"))

from harness import encrypted, environment, feeds
from harness.ponor import Ponor

GROWTH = 1.1
RATES = {"udp": 2_000, "tcp": 500, "dot": 300, "doh": 200}
ZONE = """$ORIGIN soak.test.
$TTL 60
@ SOA ns hostmaster 1 3600 600 86400 60
@ NS ns
ns A 192.0.2.1
* A 192.0.2.2
"""


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--names", type=int, default=200_000)
    return parser.parse_args()


class Soak:
    """The server, its load and what is measured of it."""

    def __init__(self, folder: Path, chosen: argparse.Namespace):
        self.folder, self.seconds = folder, int(chosen.minutes * 60)
        self.names = feeds.made_up(chosen.names, "soak")
        self.feed = feeds.write(folder / "feed.csv", map(feeds.row, self.names))
        zone = folder / "soak.zone"
        zone.write_text(ZONE)
        self.pair, self.other = (encrypted.make_pair(folder / name) for name in ("one", "two"))
        ports = [environment.free_port() for _ in range(2)]
        self.ports = {"dot": ports[0], "doh": ports[1]}
        self.ponor = Ponor(folder / "ponor", {
            "feeds": [{"path": str(self.feed)}], "zones": [{"name": "soak.test", "file": str(zone)}],
            "server": {"workers": 2, "tls_listen": [f"127.0.0.1:{ports[0]}"],
                       "https_listen": [f"127.0.0.1:{ports[1]}"],
                       "tls": {"certificate": str(self.pair.certificate), "key": str(self.pair.key)}},
            "index": {"check_interval": "2s"}, "hits": {"retention_days": 1}})
        self.ports |= {"udp": self.ponor.port, "tcp": self.ponor.port}
        self.memory: list[int] = []
        self.generations: set[int] = set()

    def load(self, mode: str, rate: int) -> subprocess.Popen:
        """dnsperf over one transport: two listed names, then one of the zone, over and over."""
        queries = self.folder / f"{mode}.txt"
        lines = [f"{name} A\n" if number % 3 else f"n{number}.soak.test A\n"
                 for number, name in enumerate(self.names[:30_000])]
        queries.write_text("".join(lines))
        command = ["dnsperf", "-s", "127.0.0.1", "-p", str(self.ports[mode]), "-d", str(queries), "-m", mode,
                   "-l", str(self.seconds), "-Q", str(rate), "-c", "4", "-q", "500", "-t", "10", "-b", "4096"]
        if mode == "doh":
            command += ["-O", f"doh-uri=https://127.0.0.1:{self.ports['doh']}/dns-query"]
        output = (self.folder / f"{mode}.log").open("w")
        return subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)

    def disturb(self, minute: int) -> None:
        """Another feed, a reload and another certificate."""
        more = feeds.made_up(1_000, f"minute{minute}")
        feeds.write(self.feed, map(feeds.row, [*self.names, *more]))
        self.pair.install(self.other if minute % 2 else encrypted.make_pair(self.folder / "three"))
        self.ponor.reload()

    def look(self) -> None:
        """Anonymous memory: pages of mapped index files belong to the page cache."""
        text = Path(f"/proc/{self.ponor.daemon.pid}/status").read_text()
        self.memory.append(int(re.search(r"RssAnon:\s+(\d+)", text).group(1)))
        self.generations.add(self.ponor.status()["index"]["generation"])

    def run(self) -> bool:
        self.ponor.start(120)
        self.ponor.wait_sinkholed(self.names[-1])
        running = {mode: self.load(mode, rate) for mode, rate in RATES.items()}
        end, minute = time.monotonic() + self.seconds, 0
        began = time.monotonic()
        while time.monotonic() < end:
            time.sleep(10)
            self.look()
            if time.monotonic() - began > (minute + 1) * 60:
                minute += 1
                self.disturb(minute)
        for process in running.values():
            process.wait(60)
        return self.judge()

    def judge(self) -> bool:
        fine, answered = True, 0
        for mode in RATES:
            text = (self.folder / f"{mode}.log").read_text()
            sent, done, lost = (int(re.search(rf"Queries {word}:\s+(\d+)", text).group(1))
                                for word in ("sent", "completed", "lost"))
            codes = re.search(r"Response codes:\s+(.*)", text).group(1)
            print(f"{mode}: {sent:,} sent, {done:,} answered, {lost} lost; {codes}")
            fine &= lost == 0 and codes.startswith("NOERROR") and "," not in codes
            answered += done
        quarter = len(self.memory) // 4
        early = statistics.median(self.memory[quarter:2 * quarter])
        late = statistics.median(self.memory[3 * quarter:])
        print(f"anonymous memory: {early / 1024:.1f} MiB in the second quarter, {late / 1024:.1f} MiB in the last; "
              f"{len(self.generations)} index generations")
        time.sleep(5)
        hits = self.ponor.status()["hits"]
        print(f"hits: {hits}; {answered:,} answers in all")
        fine &= late <= early * GROWTH and hits["dropped"] == 0
        assert self.ponor.stop() == 0
        return fine


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="ponor-soak-") as name:
        fine = Soak(Path(name), options()).run()
    print("kept" if fine else "NOT kept")
    return int(not fine)


if __name__ == "__main__":
    sys.exit(main())
