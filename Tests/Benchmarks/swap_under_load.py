#!/usr/bin/python3
"""Latency and losses while an index of 5 million names is built and swapped in under load.

Issue 4, "What must be shown": p99 while an index of 5 million names is swapped under 20,000
queries a second, with no query lost. dnsperf asks listed and unlisted names at a steady rate; in the
middle the feed file is replaced, the server builds a new index in a process of its own and swaps it
in. Latencies are taken per second from dnsperf's record of each query.
"""

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "EndToEnd"))

import report
from harness.ponor import Ponor


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--names", type=int, default=5_000_000)
    parser.add_argument("--rate", type=int, default=20_000)
    parser.add_argument("--seconds", type=int, default=40)
    parser.add_argument("--swap-after", type=int, default=8)
    parser.add_argument("--server-core", type=int, default=0)
    parser.add_argument("--client-core", type=int, default=1)
    return parser.parse_args()


def write_feed(path: Path, count: int, tag: str) -> None:
    """A feed of `count` names; another tag gives other names. Renamed into place at once."""
    fresh = path.with_suffix(".new")
    with fresh.open("w") as file:
        file.write("domain,family,seed,valid_from,valid_to\n")
        file.writelines(f"{tag}{number:x}dga{number * 2654435761 % 99991:x}.com,swapfeed,{tag},2020-01-01,2040-01-01\n"
                        for number in range(count))
    fresh.rename(path)


def latencies(output: str) -> list[float]:
    """Seconds each answered query took, in the order of the answers (dnsperf -v: `> CODE name type SECONDS`)."""
    return [float(found) for found in re.findall(r"^> \S+ .* (\d+\.\d+)$", output, re.M)]


def quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def main() -> int:
    chosen = options()
    with tempfile.TemporaryDirectory(prefix="ponor-swap-") as name:
        folder = Path(name)
        feed = folder / "feed.csv"
        print(f"writing {chosen.names:,} names …", flush=True)
        write_feed(feed, chosen.names, "a")
        # Only the answering threads are pinned to the server's core: the build may have any.
        ponor = Ponor(folder / "ponor", {
            "feeds": [{"path": str(feed)}], "index": {"check_interval": "1s"}, "hits": {"ring_size": "256MiB"}})
        ponor.start(300)
        ponor.wait_sinkholed("a0dga0.com", 300)
        queries = folder / "queries.txt"
        asked = [f"a{number:x}dga{number * 2654435761 % 99991:x}.com" for number in range(0, chosen.names, 50)]
        queries.write_text("".join(f"{one} A\n" for one in asked))
        output = folder / "dnsperf.txt"
        with output.open("w") as sink:
            load = subprocess.Popen(
                ["taskset", "-c", str(chosen.client_core), "dnsperf", "-s", "127.0.0.1", "-p", str(ponor.port),
                 "-d", str(queries), "-l", str(chosen.seconds), "-c", "20", "-T", "1", "-Q", str(chosen.rate),
                 "-q", "2000", "-t", "5", "-b", "4096", "-v"], stdout=sink, stderr=subprocess.STDOUT)
            time.sleep(chosen.swap_after)
            before = ponor.status()["index"]["generation"]
            begin = time.monotonic()
            write_feed(feed, chosen.names, "b")
            written = time.monotonic()
            ponor.wait_for(lambda: ponor.status()["index"]["generation"] != before, 300, "new index")
            swapped = time.monotonic()
            load.wait(chosen.seconds + 60)
        text = output.read_text()
        status = ponor.status()
        ponor.stop()
    taken = latencies(text)
    lost = int(re.search(r"Queries lost:\s+(\d+)", text).group(1))
    per_second = chosen.rate
    first = chosen.swap_after * per_second
    last = int(first + (swapped - begin) * per_second)
    parts = {"before the swap": taken[:first], "build and swap": taken[first:last], "after": taken[last:]}
    print(f"\nMachine: {report.processor()}. {chosen.names:,} names, {chosen.rate:,} queries/s; the new index was "
          f"in force {swapped - written:.1f} s after the feed had changed.\n")
    print("| part | answers | median ms | p99 ms | p99.9 ms | max ms |\n|---|---|---|---|---|---|")
    for title, values in parts.items():
        if values:
            print(f"| {title} | {len(values):,} | {statistics.median(values) * 1e3:.2f} | {quantile(values, 0.99) * 1e3:.2f} "
                  f"| {quantile(values, 0.999) * 1e3:.2f} | {max(values) * 1e3:.2f} |")
    print(f"\nQueries lost: {lost}; answered {len(taken):,}. Hits: {status['hits']}.")
    return int(lost > 0)


if __name__ == "__main__":
    sys.exit(main())
