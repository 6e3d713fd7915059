"""The three servers under comparison, each with one thread, pinned to one core."""

import random
import time
from pathlib import Path

import names as data
from harness import environment, peers
from harness.client import Client, addresses, query
from harness.ponor import Ponor
from harness.processes import Daemon


class Subject:
    """A running server: its port, its process and a check that it sinkholes."""

    def __init__(self, label: str, port: int, daemon: Daemon):
        self.label, self.port, self.daemon = label, port, daemon
        self.client = Client(port, timeout=2)

    @property
    def pid(self) -> int:
        return self.daemon.pid

    def check(self, listed: list[str], chance: random.Random, count: int = 100) -> None:
        """Answers are what the list says, for random names."""
        for name in chance.sample(listed, count):
            assert addresses(self.client.ask(name)) == [data.ADDRESS], f"{self.label}: {name}"

    def stop(self) -> None:
        self.daemon.stop()


def start_nsd(folder: Path, listed: list[str], prefix: list[str]) -> Subject:
    port = environment.free_port()
    folder.mkdir()
    daemon = peers.nsd(folder, [environment.LOOPBACK], data.write_zones(listed, folder), port=port,
                       prefix=prefix)
    peers.started(daemon, Client(port), listed[0], "A", seconds=180)
    return Subject("NSD", port, daemon)


def start_unbound(folder: Path, listed: list[str], prefix: list[str]) -> Subject:
    port = environment.free_port()
    folder.mkdir()
    zone = folder / "rpz.zone"
    data.write_rpz(listed, zone)
    daemon = peers.unbound(
        folder, environment.LOOPBACK, port=port, prefix=prefix,
        server=['module-config: "respip validator iterator"', "so-rcvbuf: 4m", "so-sndbuf: 4m"],
        clauses=["rpz:", '  name: "rpz.bench"', f'  zonefile: "{zone}"', "  rpz-log: no"])
    peers.started(daemon, Client(port), listed[0], "A", seconds=180)
    return Subject("Unbound", port, daemon)


class PonorSubject(Subject):
    """Ponor with the names as a feed and hit logging on."""

    def __init__(self, folder: Path, listed: list[str], prefix: list[str]):
        folder.mkdir()
        feed = folder / "feed.csv"
        data.write_feed(listed, feed)
        self.ponor = Ponor(folder / "ponor", {
            "feeds": [{"path": str(feed)}], "resolution": {"mode": "none"},
            "hits": {"enabled": True, "ring_size": "64MiB"}, "index": {"check_interval": "1d"}}, prefix=prefix)
        self.ponor.start()
        self.ponor.wait_sinkholed(listed[-1], 300)
        super().__init__("Ponor", self.ponor.port, self.ponor.daemon)

    def index_bytes(self) -> int:
        """Size of the newest index generation."""
        return max((file.stat().st_mtime, file.stat().st_size) for file in self.ponor.data_dir.rglob("*")
                   if file.is_file() and "index" in str(file.relative_to(self.ponor.data_dir)).lower()
                   and file.stat().st_size > 1_000_000)[1]

    def seconds_to_first_answer(self, name: str) -> float:
        """Stop, start with the index present, and time until the first sinkhole answer."""
        assert self.ponor.stop() == 0
        begin = time.monotonic()
        self.ponor.spawn()
        self.daemon = self.ponor.daemon
        message = query(name)
        while True:
            answer = self.client.udp(message, 0.02)
            if answer is not None and addresses(answer) == [data.ADDRESS]:
                return time.monotonic() - begin
            assert self.daemon.running, self.daemon.tail()
            time.sleep(0.001)

    def stop(self) -> None:
        self.ponor.stop()
